"""What was noted about a person who came without a receipt."""

from rebond.domain.shoppers.holdings import DataKind, Holding, before, of_shopper

HOLDINGS = [
    Holding(
        "no_receipt.NoReceiptReturn",
        DataKind.REQUESTS,
        of_shopper("shopper"),
        ("said", "note"),
        aged=before("decided_at"),
        told=("number", "sku", "quantity", "amount_minor", "currency", "state", "at"),
    ),
]
