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
