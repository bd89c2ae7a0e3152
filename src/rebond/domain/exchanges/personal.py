"""Who agreed to an exchange."""

from rebond.domain.returns.personal import of_return
from rebond.domain.shoppers.holdings import DataKind, Holding, before

HOLDINGS = [
    Holding(
        "exchanges.Exchange",
        DataKind.STATEMENTS,
        of_return("rma"),
        ("given_by",),
        aged=before("agreed_at"),
        told=("rma__number", "state", "currency", "due_minor", "agreed_at"),
    ),
]
