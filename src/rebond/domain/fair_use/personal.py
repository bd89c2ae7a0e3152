"""What a person was restricted for, and what they said to it."""

from django.db.models import Q

from rebond.domain.shoppers.holdings import DataKind, Holding, before, of_shopper

GONE = "–"

HOLDINGS = [
    Holding(
        "fair_use.Appeal",
        DataKind.SIGNALS,
        of_shopper("restriction__shopper"),
        ("text", "answer"),
        aged=lambda moment: Q(restriction__ends_at__lt=moment, made_at__lt=moment),
        told=("made_at", "outcome", "answered_at"),
    ),
    Holding(
        "fair_use.Restriction",
        DataKind.SIGNALS,
        of_shopper("shopper"),
        ("mail_mark", "words", "evidence", "note"),
        aged=before("ends_at"),
        told=("limits", "reason", "made_at", "starts_at", "ends_at", "lifted_at"),
        emptied={"words": GONE, "evidence": [GONE]},
        holds=~Q(words=GONE),
    ),
]
