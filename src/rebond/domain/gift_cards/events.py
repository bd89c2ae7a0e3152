"""What gift cards say has happened."""

from dataclasses import dataclass

from rebond.kernel.events import Event


@dataclass(frozen=True)
class GiftCardIssued(Event):
    """A card exists. ``refund_id`` is the refund that issued it, empty for one by hand."""

    name = "gift_card.issued"
    about = "account_id"

    account_id: str
    card_id: str
    last_four: str
    refund_id: str
    shopper_id: str
