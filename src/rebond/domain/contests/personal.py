"""What a contested grade holds about the person: their words, and ours to them."""

from rebond.domain.returns.personal import of_return
from rebond.domain.shoppers.holdings import DataKind, Holding, before

HOLDINGS = [
    Holding(
        "contests.Contest",
        DataKind.REQUESTS,
        of_return("rma"),
        ("text", "answer"),
        aged=before("rma__closed_at"),
        told=("rma__number", "made_at", "text", "outcome", "answer", "answered_at"),
    ),
]
