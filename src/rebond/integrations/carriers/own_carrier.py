"""The shopper's own choice of carrier: they pay, and may tell us the number.

Tracking is left to the shopper; staff book the parcel in when it arrives.
"""

from rebond.domain.shipping.numbers import CLEAN, clean
from rebond.domain.shipping.ports import Carrier, SendingAdvice, carriers


@carriers.add
class OwnCarrier(Carrier):
    """No account, no label, no question asked."""

    key = "own_carrier"
    title = "Shopper's own carrier"

    def advice(self, tracking_number: str) -> SendingAdvice:
        """A number is welcome and never required."""
        return SendingAdvice(needs_tracking_number=False, tracking_url="")

    def clean_number(self, text: str) -> str:
        """Letters, digits and hyphens in capitals, blanks and dots left out; may be empty."""
        number = clean(text)
        if not CLEAN.fullmatch(number):
            raise ValueError("letters, digits and hyphens, at most 40")
        return number
