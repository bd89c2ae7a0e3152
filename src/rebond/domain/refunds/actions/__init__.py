"""The verbs of money. Every payout is: decide, arm, (call), settle.

Source: docs/decisions/0010-refund-protocol.md.
"""

from rebond.domain.refunds.actions.approving import (
    answer_approval,
    answer_limit_change,
    change_limit,
    set_tender_order,
)
from rebond.domain.refunds.actions.comparing import (
    explain,
    hold_payouts,
    release_payouts,
    write_days,
)
from rebond.domain.refunds.actions.deciding import note_blocked, refund_order, settle_return
from rebond.domain.refunds.actions.disputing import note_dispute
from rebond.domain.refunds.actions.hooks import (
    apply_hook,
    claim_messages,
    keep_hook,
    put_message_aside,
    take_fetched,
)
from rebond.domain.refunds.actions.keeping import keep_with_discount
from rebond.domain.refunds.actions.outside import (
    assign_outside,
    leave_outside,
    match_outside,
    take_listed,
)
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
    "assign_outside",
    "begin_check",
    "change_limit",
    "claim_messages",
    "end_doubt",
    "explain",
    "hold_payouts",
    "keep_hook",
    "keep_with_discount",
    "leave_outside",
    "match_outside",
    "note_blocked",
    "note_dispute",
    "pay_by_hand",
    "put_message_aside",
    "refund_again",
    "refund_order",
    "release_payouts",
    "send_another_way",
    "set_tender_order",
    "settle_look",
    "settle_refund",
    "settle_return",
    "take_fetched",
    "take_listed",
    "write_days",
]
