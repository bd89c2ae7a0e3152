"""A real order is refunded in three parts by three ways; one fails, is put right, and all is paper.

The order is one of the imported history, the provider a process of its own, the desk its pages.
"""

import re
from datetime import timedelta

import pytest
from django.test import Client
from facturx import get_facturx_xml_from_pdf
from tests.integrations.conftest import provider  # noqa: F401  (a fixture)
from tests.world import run_jobs, small_shop, staff_of

from rebond.cli.importing import run_import
from rebond.demo.shop import SLICE
from rebond.domain.credit_notes.checks import can_run_schematron, verdict_on
from rebond.domain.credit_notes.files import pdf_of
from rebond.domain.credit_notes.models import CreditNote
from rebond.domain.gift_cards.models import GiftCard
from rebond.domain.ledger.models import Account, CreditTerms
from rebond.domain.orders.models import Order
from rebond.domain.refunds.models import Consent, MoneyTask, Refund
from rebond.domain.refunds.states import RefundState
from rebond.domain.shops.access import Role
from rebond.insights.verification.promises import PROMISES
from rebond.kernel.clock import today
from rebond.outbound.notifications.models import Message

pytestmark = pytest.mark.django_db(transaction=True)
YES = {"yes": "on", "channel": "phone"}


@pytest.fixture
def order(provider, tmp_path) -> Order:  # noqa: F811
    """A real order of three lines or more, paid at the provider."""
    shop = small_shop()
    CreditTerms.objects.create(shop=shop, bonus_percent=10)
    run_import(
        [SLICE],
        shop_slug=shop.slug,
        payment_provider="simulator",
        shift_to=today(shop.time_zone),
        report=tmp_path / "report.csv",
    )
    recent = today(shop.time_zone) - timedelta(days=60)
    found = Order.objects.filter(
        shop=shop, deliveries__delivered_on__gte=recent, payments__provider="simulator"
    )
    order = next(
        one
        for one in found.order_by("-ordered_at")[:200]
        if one.lines.filter(total_minor__gt=300).count() >= 3 and not one.returns.exists()
    )
    payment = order.payments.get()
    provider.opens(payment.reference, payment.captured_minor, payment.currency)
    return order


def refund(client, order, line, **way):
    """Refund one whole line at the desk: look at the sum, then send it."""
    page = f"/desk/{order.shop.slug}/orders/{order.number}/refund/"
    typed = {
        f"line-{line.pk}-quantity": str(line.quantity),
        "reason": "Colis incomplet",
        "tells_shopper": "on",
        "way": "original",
        "token": f"t-{line.pk}",
    } | way
    looked = client.post(page, typed | {"step": "look"})
    shown = re.search(r'name="shown_minor" value="(\d+)"', looked.content.decode()).group(1)
    client.post(page, typed | {"step": "send", "shown_minor": shown})
    return int(shown)


def test_three_parts_three_ways_one_failure_put_right(order, provider):  # noqa: F811
    staff = staff_of(order.shop, Role.AGENT, name="Léa Martin")
    client = Client(headers={"accept-language": "en"})
    client.force_login(staff.user)
    first, second, third = order.lines.filter(total_minor__gt=300).order_by("position")[:3]
    provider.plan("refuse", code="card_expired")

    by_card = refund(client, order, first)
    by_credit = refund(client, order, second, way="store_credit", **YES)
    by_gift_card = refund(client, order, third, way="gift_card", **YES)
    run_jobs()

    failed = Refund.objects.get(settlement__order=order, state=RefundState.FAILED)
    task = MoneyTask.objects.get(shop=order.shop, closed_at=None)
    assert (task.refund_id, task.kind, failed.failure_code) == (failed.pk, "failed", "card_expired")
    assert CreditNote.objects.filter(order=order).count() == 2
    told = Message.objects.get(shop=order.shop, kind="refund_failed")
    assert "/money/" in told.text

    client.post(f"/desk/{order.shop.slug}/money/refunds/{failed.pk}/again/")
    run_jobs()

    assert not MoneyTask.objects.filter(shop=order.shop, closed_at=None).exists()
    (booked,) = provider.refunds()
    assert booked["amount"] == by_card
    credit = Account.objects.get(shop=order.shop, kind="store_credit")
    assert credit.balance_minor == by_credit + by_credit // 10  # 10 % more, as store credit
    assert GiftCard.objects.get(shop=order.shop).account.balance_minor == by_gift_card
    assert Consent.objects.filter(settlement__order=order).count() == 2
    payment = order.payments.get()
    assert payment.refund_reserved_minor == by_card + by_credit + by_gift_card
    _documents_are_sound(order, by_card + by_credit + by_gift_card)
    assert not [breach for promise in PROMISES for breach in promise.breaches()]


def _documents_are_sound(order: Order, total: int) -> None:
    notes = list(CreditNote.objects.filter(order=order).order_by("number"))
    assert sum(note.gross_minor for note in notes) == total
    assert [note.number for note in notes] == [1, 2, 3]
    assert can_run_schematron()
    for note in notes:
        assert note.kind == "credit_note"
        _name, xml = get_facturx_xml_from_pdf(pdf_of(note), check_xsd=True)
        verdict = verdict_on(xml, between_french_businesses=False)
        assert verdict.is_valid, verdict
