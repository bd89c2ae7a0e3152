"""What a discussion holds about the person: their words, and ours to them."""

from rebond.domain.returns.personal import of_return
from rebond.domain.shoppers.holdings import DataKind, Holding, before

HOLDINGS = [
    Holding(
        "discussions.Discussion",
        DataKind.REQUESTS,
        of_return("rma"),
        ("text", "reply", "tracking_number"),
        aged=before("rma__closed_at"),
        told=("rma__number", "made_at", "text", "clause", "answer_by", "state", "reply"),
    ),
]
