"""Refusals of returns without a receipt."""

from rebond.kernel.errors import Kind, RebondError


class NoReceiptNotOffered(RebondError):
    """The policy in force has no such rule. facts: none"""

    code = "no_receipt_not_offered"


class ArticleUnknown(RebondError):
    """facts: sku"""

    code = "article_unknown"
    kind = Kind.INVALID


class NoPriceKnown(RebondError):
    """Nothing says what the article is worth. facts: sku, days"""

    code = "no_price_known"


class TooManyWithoutReceipt(RebondError):
    """facts: most, asked"""

    code = "too_many_without_receipt"
    kind = Kind.INVALID


class NoReceiptCapReached(RebondError):
    """facts: asked_minor, left_minor, cap_minor, currency, days"""

    code = "no_receipt_cap_reached"


class CustomerNeeded(RebondError):
    """An address that can be written to. facts: none"""

    code = "customer_needed"
    kind = Kind.INVALID


class NoReceiptDecided(RebondError):
    """facts: number, state"""

    code = "no_receipt_decided"


class ColleagueNeeded(RebondError):
    """facts: number"""

    code = "colleague_needed"


class ReasonToDeclineNeeded(RebondError):
    """facts: none"""

    code = "reason_to_decline_needed"
    kind = Kind.INVALID
