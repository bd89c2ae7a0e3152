"""What refunds hold about people beside the amounts: who agreed, what a provider reported."""

from django.db.models import Q

from rebond.domain.orders.models import Payment
from rebond.domain.shoppers.holdings import DataKind, Holding, Subject, before, of_shopper


def _reported(who: Subject) -> Q:
    paid = Payment.objects.filter(shop_id=who.shop_id, order__shopper__in=who.shoppers)
    return Q(payment_reference__in=paid.exclude(reference="").values("reference"))


HOLDINGS = [
    Holding(
        "refunds.ProviderEvent",
        DataKind.BANK,
        _reported,
        ("body", "told"),
        aged=lambda moment: Q(received_at__lt=moment, applied_at__isnull=False),
        told=("provider", "received_at"),
    ),
    Holding(
        "refunds.Consent",
        DataKind.STATEMENTS,
        of_shopper("settlement__order__shopper"),
        ("given_by",),
        aged=before("given_at"),
        told=("way", "money_minor", "offered_minor", "currency", "channel", "given_at"),
    ),
    Holding(
        "refunds.Refund",
        DataKind.DOCUMENTS,
        of_shopper("settlement__order__shopper"),
        (),
        told=("amount_minor", "currency", "state", "started_at", "settled_at"),
        law_keeps=True,
    ),
    Holding(
        "refunds.Settlement",
        DataKind.DOCUMENTS,
        of_shopper("order__shopper"),
        ("reason",),
        told=("order__number", "gross_minor", "currency", "decided_at"),
        law_keeps=True,
    ),
]
