"""The demo's counter: goods that were brought, with an order and without a receipt."""

from __future__ import annotations

from datetime import timedelta

from rebond.domain.no_receipt.actions import (
    Brought,
    file_without_receipt,
    pay_without_receipt,
)
from rebond.domain.no_receipt.errors import NoReceiptNotOffered
from rebond.domain.no_receipt.models import NoReceiptReturn
from rebond.domain.no_receipt.worth import terms_without_receipt
from rebond.domain.orders.models import Order, OrderLine
from rebond.domain.policies.queries import policy_for, policy_in_force
from rebond.domain.returns.models import Return
from rebond.domain.returns.wishes import Wish
from rebond.domain.shops.models import Shop, Staff
from rebond.domain.warehouse.actions import take_at_counter
from rebond.domain.warehouse.grades import Grade
from rebond.kernel.clock import now

NO_RECEIPT = {"id": "without a receipt", "kind": "no_receipt", "cap_minor": 5000}
BY = "staff:Ana Lopes"


def play_counter(shop: Shop, orders: list[Order]) -> None:
    """Somebody stands at the counter with an order, two others without a receipt; once.

    ``orders`` are those that can still come back; one before the last four is taken.
    """
    if len(orders) > 5 and not Return.objects.filter(shop=shop, origin="counter").exists():
        _bring_back(shop, orders[-6])
    if not NoReceiptReturn.objects.filter(shop=shop).exists():
        _without_receipt(shop)


def _bring_back(shop: Shop, order: Order) -> None:
    line = order.lines.filter(total_minor__gt=0).order_by("position").first()
    if line is None:
        return
    take_at_counter(
        order,
        [Wish(line.pk, 1, "changed_mind")],
        policy=policy_for(order, now()),
        asked_at=now(),
        language=shop.language,
        by=BY,
    )


def _without_receipt(shop: Shop) -> None:
    policy = policy_in_force(shop, now())
    try:
        terms_without_receipt(policy)
    except NoReceiptNotOffered:
        return
    sold = OrderLine.objects.filter(
        shop=shop,
        order__ordered_at__gte=now() - timedelta(days=90),
        order__currency=shop.currency,
        total_minor__gte=300,
        total_minor__lte=2000,
    )
    skus = list(sold.order_by("sku").values_list("sku", flat=True).distinct()[:2])
    ana = Staff.objects.get(shop=shop, user__name="Ana Lopes")
    olivia = Staff.objects.get(shop=shop, user__name="Olivia Martin")
    words = ("Cadeau de ma tante, je n’ai pas le ticket.", "Ticket perdu, acheté le mois dernier.")
    people = (("lea.roux@client.example", "Léa Roux"), ("hugo.blanc@client.example", "Hugo Blanc"))
    for sku, said, (email, name) in zip(skus, words, people, strict=False):
        brought = Brought(sku, 1, Grade.A, email, name=name, said=said)
        row = file_without_receipt(shop, brought, policy=policy, at=now(), by=BY, staff=ana)
        if said == words[1]:
            pay_without_receipt(shop, row.pk, staff=olivia, by="staff:Olivia Martin")
