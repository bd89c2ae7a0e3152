"""Refusals about returns."""

from rebond.kernel.errors import Kind, RebondError


class IllegalTransition(RebondError):
    """facts: number, was, asked"""

    code = "illegal_transition"


class QuantityExceedsBought(RebondError):
    """facts: sku, bought, already_returned, asked"""

    code = "quantity_exceeds_bought"


class OrderCancelled(RebondError):
    """facts: number"""

    code = "order_cancelled"


class NothingSelected(RebondError):
    """No line was chosen."""

    code = "nothing_selected"
    kind = Kind.INVALID


class LineNotInOrder(RebondError):
    """facts: line"""

    code = "line_not_in_order"
    kind = Kind.INVALID


class DuplicateLine(RebondError):
    """facts: sku"""

    code = "duplicate_line"
    kind = Kind.INVALID


class UnknownReason(RebondError):
    """facts: reason"""

    code = "unknown_reason"
    kind = Kind.INVALID


class UnknownOutcome(RebondError):
    """facts: outcome"""

    code = "unknown_outcome"
    kind = Kind.INVALID


class TextTooLong(RebondError):
    """facts: field, limit"""

    code = "text_too_long"
    kind = Kind.INVALID


class PhotoUnreadable(RebondError):
    """The file is no picture that we can read."""

    code = "photo_unreadable"
    kind = Kind.INVALID


class PhotoIsHeic(RebondError):
    """A picture in the format of newer telephones, which browsers do not show."""

    code = "photo_is_heic"
    kind = Kind.INVALID


class PhotoIsDocument(RebondError):
    """A PDF, whatever it is called."""

    code = "photo_is_document"
    kind = Kind.INVALID


class PhotoTooLarge(RebondError):
    """facts: limit"""

    code = "photo_too_large"
    kind = Kind.INVALID


class TooManyPhotos(RebondError):
    """facts: limit"""

    code = "too_many_photos"
    kind = Kind.INVALID


class ChangedMeanwhile(RebondError):
    """facts: number"""

    code = "changed_meanwhile"


class ReasonUnreadable(RebondError):
    """facts: field"""

    code = "reason_unreadable"
    kind = Kind.INVALID


class RepairNotPossible(RebondError):
    """``mixed``: beside another wish.

    facts: sku, why (``no_fault``, ``mixed``, ``present``)
    """

    code = "repair_not_possible"
    kind = Kind.INVALID


class DonationNotOffered(RebondError):
    """The policy names no charity for these articles, or other goods are wished for."""

    code = "donation_not_offered"


class ProofNeeded(RebondError):
    """A word or a photo of the receipt is wanted. facts: proof"""

    code = "proof_needed"
    kind = Kind.INVALID


class NotChangeable(RebondError):
    """facts: number, why (``state``, ``sent``, ``money``, ``withdrawal``, ``present``,
    ``donation``, ``repair``, ``exchange``, ``label``, ``unknown_sale``)"""

    code = "not_changeable"


class ChangeDeclined(RebondError):
    """The policy says no to what is wished for now; the return stands as it was.

    facts: number, finding
    """

    code = "change_declined"
