"""Bank accounts of people, until nobody can contest a transfer any more (GD-12)."""

from django.db.models import Q

from rebond.domain.bank_transfers.models import Transfer
from rebond.domain.shoppers.holdings import DataKind, Holding, before, of_shopper

HOLDINGS = [
    Holding(
        "bank_transfers.BankAccount",
        DataKind.BANK,
        of_shopper("shopper"),
        ("holder", "iban", "bic"),
        aged=lambda moment: (
            Q(given_at__lt=moment)
            & ~Q(pk__in=Transfer.objects.filter(asked_at__gte=moment).values("account"))
        ),
        told=("given_at",),
    ),
    Holding(
        "bank_transfers.TransferFile",
        DataKind.BANK,
        of_shopper("transfers__account__shopper"),
        (),
        aged=before("made_at"),
        files=("file",),
        law_keeps=True,
    ),
]
