"""Documents: kept for ten years (CN-14), whatever a person asks."""

from rebond.domain.shoppers.holdings import DataKind, Holding, of_shopper

HOLDINGS = [
    Holding(
        "credit_notes.CreditNote",
        DataKind.DOCUMENTS,
        of_shopper("order__shopper"),
        ("content",),
        told=("label", "issued_on", "gross_minor", "currency"),
        law_keeps=True,
    ),
]
