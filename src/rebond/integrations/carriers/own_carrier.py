"""The shopper's own choice of carrier: they pay, and may tell us the number.

Tracking is left to the shopper; staff book the parcel in when it arrives.
"""

import re

from rebond.domain.shipping.ports import SendingAdvice, carriers

NUMBER = re.compile(r"[A-Z0-9-]{0,40}")


@carriers.add
class OwnCarrier:
    """No account, no label, no question asked."""

    key = "own_carrier"
    title = "Shopper's own carrier"

    def advice(self, tracking_number: str) -> SendingAdvice:
        """A number is welcome and never required."""
        return SendingAdvice(needs_tracking_number=False, tracking_url="")

    def clean_number(self, text: str) -> str:
        """Letters, digits and hyphens in capitals, blanks and dots left out; may be empty."""
        number = re.sub(r"[\s.]+", "", text).upper()
        if not NUMBER.fullmatch(number):
            raise ValueError("letters, digits and hyphens, at most 40")
        return number
