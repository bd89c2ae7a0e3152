"""Refusals about orders."""

from rebond.kernel.errors import Kind, RebondError


class OrderExists(RebondError):
    """facts: number"""

    code = "order_exists"


class MailboxUnreadable(RebondError):
    """The customer's e-mail address is not one address. facts: number"""

    code = "mailbox_unreadable"
    kind = Kind.INVALID


class OrderDoesNotAddUp(RebondError):
    """facts: number, parts_minor, total_minor"""

    code = "order_does_not_add_up"
    kind = Kind.INVALID
