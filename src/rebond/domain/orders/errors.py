"""Refusals about orders."""

from rebond.kernel.errors import Kind, RebondError


class OrderNotFound(RebondError):
    """No order fits what was given; never says which part was wrong."""

    code = "order_not_found"
    kind = Kind.MISSING


class OrderExists(RebondError):
    """facts: number"""

    code = "order_exists"


class OrderDoesNotAddUp(RebondError):
    """facts: number, parts_minor, total_minor"""

    code = "order_does_not_add_up"
    kind = Kind.INVALID
