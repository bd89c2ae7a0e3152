"""Where a person's parcel was, where they hand it in, and the label with their address."""

from rebond.domain.returns.personal import of_return
from rebond.domain.shoppers.holdings import DataKind, Holding, before

HOLDINGS = [
    Holding(
        "shipping.ChosenMethod",
        DataKind.TRACKING,
        of_return("rma"),
        ("point",),
        aged=before("rma__closed_at"),
        told=("rma__number", "method", "chosen_at"),
    ),
    Holding(
        "shipping.ParcelClaim",
        DataKind.TRACKING,
        of_return("parcel__rma"),
        ("note",),
        aged=before("ended_at"),
        told=("parcel__rma__number", "opened_at", "state"),
    ),
    Holding(
        "shipping.Label",
        DataKind.TRACKING,
        of_return("parcel__rma"),
        ("their_reference", "pickup_on", "pickup_from", "pickup_to"),
        aged=before("parcel__rma__closed_at"),
        told=("parcel__rma__number", "carrier", "asked_at"),
        files=("file",),
    ),
    Holding(
        "shipping.Parcel",
        DataKind.TRACKING,
        of_return("rma"),
        ("tracking_number", "tracking_key"),
        aged=before("rma__closed_at"),
        told=("rma__number", "carrier", "state", "announced_at", "received_at"),
    ),
]
