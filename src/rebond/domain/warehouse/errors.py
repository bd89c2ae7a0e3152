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
    """Loss of value is claimed from who withdrew, or may withdraw, without words or a photo.

    facts: sku, article
    """

    code = "evidence_needed"
    kind = Kind.INVALID


class ChecklistUnreadable(RebondError):
    """facts: field"""

    code = "checklist_unreadable"
    kind = Kind.INVALID


class ChecklistOpen(RebondError):
    """facts: sku, open"""

    code = "checklist_open"
    kind = Kind.INVALID


class GradeTooGood(RebondError):
    """An answer on the checklist rules the grade out. facts: sku, grade, best"""

    code = "grade_too_good"
    kind = Kind.INVALID


class BelongsToShopper(RebondError):
    """The piece is here to be repaired; only its return decides where it goes. facts: sku"""

    code = "belongs_to_shopper"


class MoreThanRule(RebondError):
    """facts: sku, rule, rule_percent"""

    code = "more_than_rule"
    kind = Kind.INVALID


class UnitMoved(RebondError):
    """facts: sku"""

    code = "unit_moved"


class WrongPlace(RebondError):
    """facts: sku, disposition"""

    code = "wrong_place"
    kind = Kind.INVALID


class DetailMissing(RebondError):
    """facts: none"""

    code = "detail_missing"
    kind = Kind.INVALID


class StockTooLow(RebondError):
    """facts: sku, there, asked"""

    code = "stock_too_low"


class LocationTaken(RebondError):
    """facts: name"""

    code = "location_taken"


class NothingToSend(RebondError):
    """facts: none"""

    code = "nothing_to_send"
    kind = Kind.INVALID


class DestructionBanned(RebondError):
    """facts: none"""

    code = "destruction_banned"
    kind = Kind.INVALID


class ParcelUnmatched(RebondError):
    """facts: asked"""

    code = "parcel_unmatched"
    kind = Kind.INVALID


class ParcelMatched(RebondError):
    """facts: code"""

    code = "parcel_matched"
