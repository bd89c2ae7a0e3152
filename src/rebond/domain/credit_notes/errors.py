"""Refusals about documents."""

from rebond.kernel.errors import Kind, RebondError


class MoneyNotSent(RebondError):
    """facts: settlement"""

    code = "money_not_sent"


class CreditsExceedInvoice(RebondError):
    """facts: order, what (the line; empty for the whole), left_minor, asked_minor, currency"""

    code = "credits_exceed_invoice"


class NothingToCredit(RebondError):
    """facts: order"""

    code = "nothing_to_credit"
    kind = Kind.INVALID


class PiecesExceedInvoice(RebondError):
    """facts: title, left, asked"""

    code = "pieces_exceed_invoice"


class ReasonNeeded(RebondError):
    """no facts"""

    code = "credit_reason_needed"
    kind = Kind.INVALID


class DraftChanged(RebondError):
    """no facts"""

    code = "draft_changed"


class DraftClosed(RebondError):
    """facts: state"""

    code = "draft_closed"


class NotDocumentable(RebondError):
    """facts: settlement"""

    code = "settlement_has_document"


class NotToTransmit(RebondError):
    """facts: label"""

    code = "not_to_transmit"


class AccountUnreadable(RebondError):
    """facts: account"""

    code = "account_unreadable"
    kind = Kind.INVALID
