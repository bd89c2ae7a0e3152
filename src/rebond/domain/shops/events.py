"""What a shop says has happened."""

from dataclasses import dataclass

from rebond.kernel.events import Event


@dataclass(frozen=True)
class ShopOpened(Event):
    """A shop exists in this installation."""

    name = "shop.opened"
    about = "shop_id"

    shop_id: str
    slug: str


@dataclass(frozen=True)
class StaffAdded(Event):
    """Somebody may work in the shop now."""

    name = "staff.added"
    about = "staff_id"

    staff_id: str
    role: str


@dataclass(frozen=True)
class ShopChanged(Event):
    """Something about the shop itself was set anew; ``fields`` names what, with commas."""

    name = "shop.changed"
    about = "shop_id"

    shop_id: str
    fields: str


@dataclass(frozen=True)
class OwnRoleChanged(Event):
    """A role of the shop's own was made, or has other rights (with commas), or is gone: none."""

    name = "own_role.changed"
    about = "own_role_id"

    own_role_id: str
    rights: str


@dataclass(frozen=True)
class StaffChanged(Event):
    """Somebody has another role, or may no longer work in the shop."""

    name = "staff.changed"
    about = "staff_id"

    staff_id: str
    role: str
    is_active: bool


@dataclass(frozen=True)
class PasswordLinkAsked(Event):
    """Somebody needs a link to choose a password: invited (``is_new``), or it was forgotten."""

    name = "password_link.asked"
    about = "staff_id"

    staff_id: str
    is_new: bool
