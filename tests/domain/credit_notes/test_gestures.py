"""A gesture takes room of the sale; what comes back afterwards is documented all the same."""

import random
from datetime import date

import pytest
from tests.world import findings, order_of, received_return, small_shop

from rebond.domain.credit_notes.models import CreditNote, CreditNoteLine
from rebond.domain.credit_notes.snapshot import price_of, sources_of, stored_taxes
from rebond.domain.orders.models import Order
from rebond.domain.refunds.actions import pay_by_hand, refund_order
from rebond.domain.refunds.models import Refund, Settlement
from rebond.domain.refunds.wishes import OrderRefund
from rebond.domain.warehouse.actions import inspect_return
from rebond.insights.verification.promises import PROMISES

pytestmark = pytest.mark.django_db


def gesture(order: Order, minor: int, run_jobs) -> None:
    refund_order(order.pk, OrderRefund(amount_minor=minor, reason="Late parcel"), by="staff:Ana")
    pay(run_jobs)


def bring_back(order: Order, pieces: dict[str, int], run_jobs, *, kept_percent: int = 0) -> None:
    rma = received_return(order, pieces)
    inspect_return(rma.pk, findings(rma, kept_percent=kept_percent), by="staff:Karim")
    pay(run_jobs)


def pay(run_jobs) -> None:
    run_jobs()
    for refund in Refund.objects.exclude(state__in=["succeeded", "released"]):
        pay_by_hand(refund.pk, reference="VIR", paid_on=date(2026, 11, 20), by="staff:Ana")
    run_jobs()


def check(order: Order) -> None:
    """Every settlement has its document, and nothing passes the invoice, also not for a rate."""
    order = Order.objects.get(pk=order.pk)
    settled = Settlement.objects.filter(order=order)
    notes = CreditNote.objects.filter(order=order)
    assert sorted(notes.values_list("gross_minor", flat=True)) == sorted(
        settled.values_list("gross_minor", flat=True)
    )
    sold_tax: dict[str, int] = {}
    credited_tax: dict[str, int] = {}
    for source in sources_of(order):
        rows = CreditNoteLine.objects.filter(credit_note__order=order).filter(
            **{"order_line" if hasattr(source, "sku") else "charge": source}
        )
        assert sum(row.gross_minor for row in rows) <= price_of(source)
        for rate, tax in stored_taxes(source).items():
            sold_tax[rate] = sold_tax.get(rate, 0) + tax
        for row in rows:
            for rate, tax in row.taxes.items():
                credited_tax[rate] = credited_tax.get(rate, 0) + tax
    assert all(tax <= sold_tax.get(rate, 0) for rate, tax in credited_tax.items())
    if sum(settled.values_list("gross_minor", flat=True)) == order.total_minor:
        assert credited_tax == {rate: tax for rate, tax in sold_tax.items() if tax}
    assert [breach for promise in PROMISES for breach in promise.breaches()] == []


def test_a_line_that_comes_back_after_a_gesture_has_its_document(run_jobs):
    order = order_of(small_shop())

    gesture(order, 2000, run_jobs)
    bring_back(order, {"LAMP-01": 3}, run_jobs)

    check(order)
    paper = CreditNote.objects.order_by("issued_at").last()
    assert paper.gross_minor == 10000
    kinds = {(item["title"], item["kind"]) for item in paper.content["items"]}
    assert ("Paper lamp", "goods") in kinds
    assert ("Blue mug", "amount") in kinds


def test_the_whole_sale_less_a_gesture_is_the_invoice_to_the_cent(run_jobs):
    order = order_of(small_shop())

    gesture(order, 777, run_jobs)
    bring_back(order, {"LAMP-01": 3, "MUG-07": 2}, run_jobs)
    left = order.total_minor - sum(one.gross_minor for one in Settlement.objects.all())
    if left:
        gesture(order, left, run_jobs)

    check(order)


@pytest.mark.parametrize("seed", range(6))
def test_gestures_and_returns_in_any_order_stay_within_the_invoice(run_jobs, seed):
    luck = random.Random(seed)
    order = order_of(small_shop(), days_since_delivery=20)
    left = {"LAMP-01": 3, "MUG-07": 2}

    for _ in range(5):
        room = order.total_minor - sum(one.gross_minor for one in Settlement.objects.all())
        pieces = {sku: n for sku, most in left.items() for n in [luck.randint(0, most)] if n}
        if pieces and room > 4000 and luck.random() < 0.6:
            bring_back(order, pieces, run_jobs, kept_percent=luck.choice((0, 0, 15)))
            for sku, count in pieces.items():
                left[sku] -= count
        elif room > 100:
            gesture(order, luck.randint(1, room // 2), run_jobs)

    check(order)
