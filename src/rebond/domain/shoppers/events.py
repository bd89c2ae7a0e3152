"""What a shopper says has happened."""

from dataclasses import dataclass

from rebond.kernel.events import Event


@dataclass(frozen=True)
class TierChanged(Event):
    """Somebody belongs to another tier of the shop's customers; ``tier`` "" is none."""

    name = "shopper.tier_changed"
    about = "shopper_id"

    shopper_id: str
    tier: str
