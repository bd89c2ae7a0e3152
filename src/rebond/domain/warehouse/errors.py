"""Refusals of the warehouse."""

from rebond.kernel.errors import Kind, RebondError


class NotExpected(RebondError):
    """facts: number, state"""

    code = "not_expected"


class CountImpossible(RebondError):
    """facts: sku, asked, possible"""

    code = "count_impossible"
    kind = Kind.INVALID


class NothingReceived(RebondError):
    """facts: number"""

    code = "nothing_received"


class InspectionIncomplete(RebondError):
    """facts: sku, received, graded"""

    code = "inspection_incomplete"
    kind = Kind.INVALID


class AlreadyInspected(RebondError):
    """facts: number"""

    code = "already_inspected"


class EvidenceNeeded(RebondError):
    """facts: sku"""

    code = "evidence_needed"
    kind = Kind.INVALID
