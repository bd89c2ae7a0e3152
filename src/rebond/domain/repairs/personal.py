"""What a repair holds about the person: the parcel back to them, and words to them."""

from rebond.domain.returns.personal import of_return
from rebond.domain.shoppers.holdings import DataKind, Holding, before

HOLDINGS = [
    Holding(
        "repairs.Repair",
        DataKind.REQUESTS,
        of_return("rma"),
        ("tracking_number", "turned_note"),
        aged=before("rma__closed_at"),
        told=("rma__number", "state", "asked_on", "sent_back_at", "carrier", "guaranteed_until"),
    ),
]
