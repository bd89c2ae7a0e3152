"""The verbs of money. Every payout is: decide, arm, (call), settle.

Source: docs/decisions/0010-refund-protocol.md.
"""

from rebond.domain.refunds.actions.approving import (
    answer_approval,
    answer_limit_change,
    change_limit,
    set_tender_order,
)
from rebond.domain.refunds.actions.deciding import note_blocked, refund_order, settle_return
from rebond.domain.refunds.actions.disputing import note_dispute
from rebond.domain.refunds.actions.hooks import apply_hook, keep_hook
from rebond.domain.refunds.actions.paying import (
    arm_refund,
    begin_check,
    settle_look,
    settle_refund,
)
from rebond.domain.refunds.actions.recovering import (
    end_doubt,
    pay_by_hand,
    refund_again,
    send_another_way,
)

__all__ = [
    "answer_approval",
    "answer_limit_change",
    "apply_hook",
    "arm_refund",
    "begin_check",
    "change_limit",
    "end_doubt",
    "keep_hook",
    "note_blocked",
    "note_dispute",
    "pay_by_hand",
    "refund_again",
    "refund_order",
    "send_another_way",
    "set_tender_order",
    "settle_look",
    "settle_refund",
    "settle_return",
]
