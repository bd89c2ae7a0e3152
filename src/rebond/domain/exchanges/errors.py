"""Refusals about exchanges."""

from rebond.kernel.errors import Kind, RebondError


class NothingToExchange(RebondError):
    """facts: number"""

    code = "nothing_to_exchange"
    kind = Kind.INVALID


class ExchangeExists(RebondError):
    """facts: number"""

    code = "exchange_exists"


class ExchangeMoved(RebondError):
    """facts: was, asked"""

    code = "exchange_moved"


class NotForExchange(RebondError):
    """facts: sku, why (``price_unknown``, ``not_delivered_here``, ``too_many``)"""

    code = "not_for_exchange"
    kind = Kind.INVALID


class DifferenceOwed(RebondError):
    """facts: number, due_minor, currency"""

    code = "difference_owed"


class NotTheDifference(RebondError):
    """facts: due_minor, given_minor, currency"""

    code = "not_the_difference"
    kind = Kind.INVALID
