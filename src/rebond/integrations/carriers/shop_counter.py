"""Brought back to the shop's own counter: no parcel, no number."""

from rebond.domain.shipping.ports import Carrier, SendingAdvice, carriers


@carriers.add
class ShopCounter(Carrier):
    """The shopper hands the goods over in person."""

    key = "shop_counter"
    title = "Brought to the shop"

    def advice(self, tracking_number: str) -> SendingAdvice:
        """Nothing to follow."""
        return SendingAdvice(needs_tracking_number=False, tracking_url="")

    def clean_number(self, text: str) -> str:
        """Always empty: there is no number."""
        if text.strip():
            raise ValueError("no number is needed")
        return ""
