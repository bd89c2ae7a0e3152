"""What a report of missing goods holds about the person: their words, ours, and tracking."""

from rebond.domain.shoppers.holdings import DataKind, Holding, before, of_shopper

HOLDINGS = [
    Holding(
        "non_deliveries.NonDelivery",
        DataKind.REQUESTS,
        of_shopper("order__shopper"),
        ("text", "contest_text"),
        aged=before("changed_at"),
        told=("number", "order__number", "state", "tracking_said", "reported_at", "ended_on"),
    ),
    Holding(
        "non_deliveries.NonDeliveryAnswer",
        DataKind.REQUESTS,
        of_shopper("report__order__shopper"),
        ("words", "evidence", "tracking_number"),
        aged=before("report__changed_at"),
        told=("report__number", "kind", "reason", "article", "at"),
    ),
]
