"""What the legal clock says has happened."""

from dataclasses import dataclass

from rebond.kernel.events import Event


@dataclass(frozen=True)
class DutiesWarned(Event):
    """Duties of the shop came close to their day, or passed it: seven, three, one day, over."""

    name = "duties.warned"
    about = "shop_id"

    shop_id: str
    duties: str
    late: int
