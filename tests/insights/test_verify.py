"""`rebond verify` finds rows that were broken by hand, and names them."""

import argparse
from datetime import date

import pytest
from django.db import connection
from tests.world import findings, order_of, received_return, small_shop

from rebond.cli.commands import verify
from rebond.domain.credit_notes.models import CreditNote
from rebond.domain.orders.models import OrderLine, Payment
from rebond.domain.refunds.actions import pay_by_hand, refund_order
from rebond.domain.refunds.models import ProviderEvent, Refund, Settlement
from rebond.domain.refunds.wishes import OrderRefund
from rebond.domain.returns.models import Return
from rebond.domain.warehouse.actions import inspect_return
from rebond.insights.verification.promises import PROMISES
from rebond.kernel.clock import now
from rebond.kernel.models import Counter, Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def refunded(run_jobs) -> Return:
    rma = received_return(order_of(small_shop()), {"LAMP-01": 1})
    inspect_return(rma.pk, findings(rma), by="staff:Karim")
    run_jobs()
    refund = Refund.objects.get(settlement__rma=rma)
    pay_by_hand(refund.pk, reference="VIR-1", paid_on=date(2026, 11, 20), by="staff:Ana")
    run_jobs()
    return rma


def unguarded(statement: str, *values: object) -> None:
    """Write past every guard, as somebody with the database in hands could."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def broken() -> dict[str, list[str]]:
    found = {promise.number: list(promise.breaches()) for promise in PROMISES}
    return {number: breaches for number, breaches in found.items() if breaches}


def test_a_sound_database_keeps_every_promise(refunded):
    assert broken() == {}


BREACHES = {
    "I1": lambda: Payment.objects.update(refund_reserved_minor=1),
    "I3": lambda: Refund.objects.update(state="unknown", settled_at=None, next_check_at=None),
    "I4": lambda: OrderLine.objects.filter(sku="MUG-07").update(returned_quantity=1),
    "I5": lambda: Settlement.objects.update(gross_minor=1),
    "I6": lambda: Refund.objects.update(currency="USD"),
    "I6b": lambda: Refund.objects.update(provider="store_credit"),
    "I7": lambda: Settlement.objects.update(decided_by=""),
    "I12": lambda: Counter.objects.filter(series__startswith="document:").update(last=7),
    "I16": lambda: ProviderEvent.objects.create(
        shop=Return.objects.get().shop,
        provider="simulator",
        event_id="evt_1",
        body="{}",
        received_at=now(),
        applied_at=now(),
        result="parked",
    ),
    "I18": lambda: Refund.objects.update(settled_at=None),
}


@pytest.mark.parametrize("number", sorted(BREACHES))
def test_a_row_broken_by_hand_is_named(number, refunded):
    BREACHES[number]()

    assert number in broken()


def test_a_goodwill_payment_has_nothing_to_add_up(run_jobs):
    order = order_of(small_shop())

    refund_order(order.pk, OrderRefund(amount_minor=6000, reason="late"), by="staff:Ana")
    run_jobs()

    assert broken() == {}
    Settlement.objects.update(gross_minor=5999)
    assert "I5" in broken()


def test_a_document_that_was_changed_is_named(refunded, without_guards):
    note = CreditNote.objects.get()
    CreditNote.objects.update(content={**note.content, "order_number": "9999"})

    assert note.label in broken()["I13b"][0]


def test_a_missing_document_is_named(refunded, without_guards):
    Settlement.objects.get()
    CreditNote.objects.get().files.all().delete()
    CreditNote.objects.get().lines.all().delete()
    CreditNote.objects.all().delete()

    assert {"I12", "I13"} <= set(broken())


def test_a_missing_event_is_named(refunded, without_guards):
    Event.objects.filter(name="return.requested").delete()

    assert {"I19", "I21"} <= set(broken())


def test_the_command_says_so_and_exits_with_one(refunded, capsys, monkeypatch):
    Payment.objects.update(refund_reserved_minor=1)
    monkeypatch.setattr(verify, "set_up", lambda: None)

    code = verify.run(argparse.Namespace(only=None, most=20, full=True))

    assert code == 1
    printed = capsys.readouterr().out
    assert f"payment {Payment.objects.get().pk}" in printed
    assert "BROKEN I1" in printed
