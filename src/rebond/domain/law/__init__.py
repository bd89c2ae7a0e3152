"""The law: what it says of one set of facts, with the article; no database, no clock.

``answer`` takes a case as JSON. The other exports take plain dates and whole minor
units, for rooms of the product that already know which question they ask.
"""

from rebond.domain.law.calendar import (
    FRANCE,
    NO_PROLONGATION,
    WEEKENDS_ONLY,
    Calendar,
    calendar_named,
    closes_at,
    french_holidays,
    local_day,
)
from rebond.domain.law.dated import ParameterUnknown
from rebond.domain.law.engine import answer, covers
from rebond.domain.law.exclusions import ProductFlags, withdrawal_exception
from rebond.domain.law.facts import FactMissing, InvalidFact
from rebond.domain.law.findings import NotCovered
from rebond.domain.law.guarantee import (
    conformity_due_on,
    guarantee_ends_on,
    guarantee_of_replacement_ends_on,
    hidden_defect_limits,
    months_after_repair,
    presumption_ends_on,
)
from rebond.domain.law.labels import control_label
from rebond.domain.law.money import Split, share, spread, vat_inside
from rebond.domain.law.penalties import (
    delivery_due_on,
    late_refund_step,
    late_refund_uplift,
    non_delivery_refund_due_on,
    short_scale_percent,
)
from rebond.domain.law.places import Place, place_named
from rebond.domain.law.topics.b2b_scope import professional_has_right
from rebond.domain.law.topics.commercial_return import kind_of_return
from rebond.domain.law.topics.conflict_of_laws import rule_pack
from rebond.domain.law.topics.credit_note import missing_numbers, unit_credits, vat_by_rate
from rebond.domain.law.topics.retention import keep_until
from rebond.domain.law.topics.vat_mention import codes_to_cite
from rebond.domain.law.withdrawal import (
    Period,
    depreciation_claim,
    loss_of_value_article,
    refund_due_on,
    send_back_by,
    standard_delivery_part,
    withdrawal_last_day,
    withdrawal_period,
    withholding_ends_on,
)

__all__ = [
    "FRANCE",
    "NO_PROLONGATION",
    "WEEKENDS_ONLY",
    "Calendar",
    "FactMissing",
    "InvalidFact",
    "NotCovered",
    "ParameterUnknown",
    "Period",
    "Place",
    "ProductFlags",
    "Split",
    "answer",
    "calendar_named",
    "closes_at",
    "codes_to_cite",
    "conformity_due_on",
    "control_label",
    "covers",
    "delivery_due_on",
    "depreciation_claim",
    "french_holidays",
    "guarantee_ends_on",
    "guarantee_of_replacement_ends_on",
    "hidden_defect_limits",
    "keep_until",
    "kind_of_return",
    "late_refund_step",
    "late_refund_uplift",
    "local_day",
    "loss_of_value_article",
    "missing_numbers",
    "months_after_repair",
    "non_delivery_refund_due_on",
    "place_named",
    "presumption_ends_on",
    "professional_has_right",
    "refund_due_on",
    "rule_pack",
    "send_back_by",
    "share",
    "short_scale_percent",
    "spread",
    "standard_delivery_part",
    "unit_credits",
    "vat_by_rate",
    "vat_inside",
    "withdrawal_exception",
    "withdrawal_last_day",
    "withdrawal_period",
    "withholding_ends_on",
]
