"""What may be restricted, why, and how an appeal may end.  (pure)"""

from enum import StrEnum


class Limit(StrEnum):
    """One thing that a shop gives beyond the law and may withhold."""

    REVIEW_ALWAYS = "review_always"
    AFTER_INSPECTION = "after_inspection"
    NO_KEEP_IT = "no_keep_it"
    NO_CREDIT_BONUS = "no_credit_bonus"


class RestrictionReason(StrEnum):
    """Why a person decided on a restriction."""

    WORN_GOODS = "worn_goods"
    EMPTY_PARCELS = "empty_parcels"
    OTHER_ARTICLES = "other_articles"
    NOT_RECEIVED_CLAIMS = "not_received_claims"
    DISPUTES_AFTER_REFUND = "disputes_after_refund"
    BONUS_CYCLES = "bonus_cycles"
    SHARED_ACCOUNTS = "shared_accounts"


class AppealOutcome(StrEnum):
    """What a person decided about an appeal."""

    LIFTED = "lifted"
    KEPT = "kept"


USUAL_MONTHS = 12
MOST_MONTHS = 36
USUAL_NOTICE_DAYS = 3
ANSWERED_WITHIN_DAYS = 14
"""Our own promise, well within the month of GDPR art. 12(3)."""
