"""What a carrier must do for us."""

from dataclasses import dataclass
from typing import Protocol

from rebond.kernel.plugs import Socket


@dataclass(frozen=True)
class SendingAdvice:
    """What a shopper needs in order to send the parcel.

    ``tracking_url`` is empty where the carrier has no page for a number.
    """

    needs_tracking_number: bool
    tracking_url: str


class Carrier(Protocol):
    """A way in which a parcel comes back."""

    key: str
    title: str

    def advice(self, tracking_number: str) -> SendingAdvice:
        """How the shopper sends the parcel, and where they can follow it."""
        ...

    def clean_number(self, text: str) -> str:
        """The tracking number in ``text`` as the carrier writes it; raises ``ValueError``."""
        ...


carriers: Socket[Carrier] = Socket("carriers")
