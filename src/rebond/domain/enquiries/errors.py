"""Refusals about enquiries."""

from rebond.kernel.errors import Kind, RebondError


class SenderUnreadable(RebondError):
    """An enquiry without an e-mail address that can be written to."""

    code = "sender_unreadable"
    kind = Kind.INVALID


class TooManyEnquiries(RebondError):
    """facts: limit"""

    code = "too_many_enquiries"


class LooksLikeSpam(RebondError):
    """facts: limit; more addresses of pages in the text than ``limit``"""

    code = "looks_like_spam"
    kind = Kind.INVALID


class EnquiryOver(RebondError):
    """facts: number, return_number; it became a return, where the conversation goes on"""

    code = "enquiry_over"
