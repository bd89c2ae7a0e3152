"""Refusals about goods that never arrived."""

from rebond.kernel.errors import Kind, RebondError


class NothingMissing(RebondError):
    """Not a single piece was named."""

    code = "nothing_missing"
    kind = Kind.INVALID


class PiecesNotMissing(RebondError):
    """facts: sku, asked, possible; the others are reported, returned or refunded already"""

    code = "pieces_not_missing"


class NonDeliveryNotPossible(RebondError):
    """facts: number, why (``cancelled``)"""

    code = "non_delivery_not_possible"


class ExpectedDayUnreadable(RebondError):
    """facts: earliest_on, latest_on; the day on which the goods were, or are, expected"""

    code = "expected_day_unreadable"
    kind = Kind.INVALID


class NonDeliveryClosed(RebondError):
    """facts: number"""

    code = "non_delivery_closed"


class ContractEnded(RebondError):
    """The customer has ended the contract: what is left is the refund. facts: number"""

    code = "contract_ended"


class TerminationTooEarly(RebondError):
    """facts: number, from_on; the first day on which the customer may end the contract alone"""

    code = "termination_too_early"


class RefusalUnfounded(RebondError):
    """facts: missing (``person``, ``words``, ``evidence``)"""

    code = "refusal_unfounded"
    kind = Kind.INVALID


class RefusalNotContestable(RebondError):
    """facts: number, why (``not_refused``, ``again``, ``words``)"""

    code = "refusal_not_contestable"


class SumHasChanged(RebondError):
    """facts: shown_minor, total_minor, currency"""

    code = "sum_has_changed"
