"""The tables of money on its way back."""

from rebond.domain.refunds.models.approval import Approval, LimitChange, MoneyLimit
from rebond.domain.refunds.models.comparison import (
    Differs,
    Discrepancy,
    PayoutHold,
    ReconciliationReport,
)
from rebond.domain.refunds.models.consent import Consent
from rebond.domain.refunds.models.dispute import Dispute
from rebond.domain.refunds.models.message import ProviderEvent, Result
from rebond.domain.refunds.models.outside import FoundBy, OutsideRefund, OutsideState
from rebond.domain.refunds.models.refund import Attempt, Refund
from rebond.domain.refunds.models.settlement import (
    Settlement,
    SettlementCharge,
    SettlementLine,
)
from rebond.domain.refunds.models.task import MoneyTask, TaskKind

__all__ = [
    "Approval",
    "Attempt",
    "Consent",
    "Differs",
    "Discrepancy",
    "Dispute",
    "FoundBy",
    "LimitChange",
    "MoneyLimit",
    "MoneyTask",
    "OutsideRefund",
    "OutsideState",
    "PayoutHold",
    "ProviderEvent",
    "ReconciliationReport",
    "Refund",
    "Result",
    "Settlement",
    "SettlementCharge",
    "SettlementLine",
    "TaskKind",
]
