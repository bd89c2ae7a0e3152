"""The tables of money on its way back."""

from rebond.domain.refunds.models.approval import Approval, LimitChange, MoneyLimit
from rebond.domain.refunds.models.consent import Consent
from rebond.domain.refunds.models.dispute import Dispute
from rebond.domain.refunds.models.refund import Attempt, ProviderEvent, Refund
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
    "Dispute",
    "LimitChange",
    "MoneyLimit",
    "MoneyTask",
    "ProviderEvent",
    "Refund",
    "Settlement",
    "SettlementCharge",
    "SettlementLine",
    "TaskKind",
]
