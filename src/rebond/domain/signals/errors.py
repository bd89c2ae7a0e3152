"""What this room refuses."""

from rebond.kernel.errors import Kind, RebondError


class CategoryNeeded(RebondError):
    """A confirmed abuse needs its category, anything else has none."""

    code = "category_needed"
    kind = Kind.INVALID


class BoundsUnreadable(RebondError):
    """A number is out of its range, or the levels are in the wrong order. facts: problem"""

    code = "bounds_unreadable"
    kind = Kind.INVALID
