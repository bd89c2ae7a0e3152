"""Refusals about shops and the people in them."""

from rebond.kernel.errors import Kind, RebondError


class LastOwner(RebondError):
    """facts: name"""

    code = "last_owner"


class OwnersAtDesk(RebondError):
    """A machine makes nobody an owner, and leaves those who are as they are."""

    code = "owners_at_desk"
    kind = Kind.FORBIDDEN


class RoleUnreadable(RebondError):
    """A role needs a name that no other has, and a right."""

    code = "role_unreadable"
    kind = Kind.INVALID


class RoleInUse(RebondError):
    """facts: title"""

    code = "role_in_use"


class ShopUnreadable(RebondError):
    """facts: field"""

    code = "shop_unreadable"
    kind = Kind.INVALID


class AlreadyBegun(RebondError):
    """Somebody has an account here already: the first start is over."""

    code = "already_begun"
    kind = Kind.FORBIDDEN


class OriginUnreadable(RebondError):
    """facts: origin, limit; an address that cannot be allowed, or more than ``limit`` of them"""

    code = "origin_unreadable"
    kind = Kind.INVALID
