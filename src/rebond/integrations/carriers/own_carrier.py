"""The shopper's own choice of carrier: they pay, and may tell us the number.

Tracking is left to the shopper; staff book the parcel in when it arrives.
"""

from rebond.domain.shipping.ports import Carrier, SendingAdvice, carriers


@carriers.add
class OwnCarrier(Carrier):
    """No account, no label, no question asked."""

    key = "own_carrier"
    title = "Shopper's own carrier"

    def advice(self, tracking_number: str) -> SendingAdvice:
        """A number is welcome and never required."""
        return SendingAdvice(needs_tracking_number=False, tracking_url="")
