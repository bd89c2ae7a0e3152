"""What was noted about a person's goods."""

from rebond.domain.returns.personal import of_return
from rebond.domain.shoppers.holdings import DataKind, Holding, before

HOLDINGS = [
    Holding(
        "warehouse.Inspection",
        DataKind.PHOTOS,
        of_return("line__rma"),
        ("photo",),
        aged=before("line__rma__closed_at"),
    ),
    Holding(
        "warehouse.Inspection",
        DataKind.REQUESTS,
        of_return("line__rma"),
        ("note",),
        aged=before("line__rma__closed_at"),
        told=("line__rma__number", "line__sku", "grade", "at"),
    ),
    Holding(
        "warehouse.Receipt",
        DataKind.REQUESTS,
        of_return("rma"),
        ("note",),
        aged=before("rma__closed_at"),
        told=("rma__number", "at"),
    ),
]
