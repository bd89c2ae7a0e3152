"""Guards of which each stands alone: without it, money is lost or a message forgotten."""

import json
import time
from datetime import timedelta

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import F
from tests.integrations.conftest import SECRET
from tests.world import findings, order_of, received_return, small_shop

from rebond.api import hooks
from rebond.domain.gift_cards.actions import issue_card
from rebond.domain.ledger.models import Account, Lot
from rebond.domain.orders.models import Payment
from rebond.domain.refunds import jobs
from rebond.domain.refunds.actions import refund_order
from rebond.domain.refunds.models import Refund
from rebond.domain.refunds.ports import Answer, Outcome
from rebond.domain.refunds.wishes import OrderRefund
from rebond.domain.warehouse.actions import inspect_return
from rebond.integrations.payments.simulator import Simulator
from rebond.kernel.clock import now
from rebond.kernel.money import Money
from rebond.simulator.payments import sign

pytestmark = pytest.mark.django_db
TEN_EUROS = OrderRefund(amount_minor=1000, reason="late")


@pytest.fixture
def order(provider):
    made = order_of(small_shop(), provider="simulator")
    provider.opens(made.payments.get().reference, made.total_minor)
    return made


def test_the_database_refuses_to_hold_more_than_was_captured(order):
    payment = Payment.objects.filter(order=order)

    with pytest.raises(IntegrityError), transaction.atomic():
        payment.update(refund_reserved_minor=F("captured_minor") + 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        payment.update(refund_reserved_minor=-1)

    assert payment.update(refund_reserved_minor=F("captured_minor")) == 1


@pytest.mark.parametrize(
    ("table", "column"), [(Account, "balance_minor"), (Lot, "cash_left_minor")]
)
def test_the_database_refuses_a_balance_below_zero(order, table, column):
    card = issue_card(
        order.shop, Money(1000, "EUR"), is_cash=True, key="1", reason="sold", by="staff:Ana"
    ).card
    rows = {Account: Account.objects.filter(pk=card.account_id), Lot: Lot.objects.all()}[table]

    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(**{column: -1})

    assert rows.update(**{column: 0}) == 1


def test_an_equal_refund_of_the_same_payment_is_not_taken_for_ours(order, provider, run_jobs):
    refund_order(order.pk, TEN_EUROS, by="staff:Ana")
    run_jobs()
    provider.plan("timeout_before", seconds=1)
    lost = refund_order(order.pk, TEN_EUROS, by="staff:Ana").refunds.get()
    run_jobs()

    for _ in range(2):
        Refund.objects.filter(pk=lost.pk).update(next_check_at=now() - timedelta(seconds=1))
        jobs.check_due_refunds()
        run_jobs()

    lost.refresh_from_db()
    assert lost.state == "succeeded"
    booked = [refund["merchant_reference"] for refund in provider.refunds()]
    assert booked.count(str(lost.pk)) == 1
    assert len(booked) == 2


def test_a_refund_that_fails_frees_its_own_part_and_no_more(order, provider, run_jobs):
    refund_order(order.pk, TEN_EUROS, by="staff:Ana")
    run_jobs()
    provider.plan("refuse", code="declined")

    failed = refund_order(order.pk, TEN_EUROS, by="staff:Ana").refunds.get()
    run_jobs()

    failed.refresh_from_db()
    assert failed.state == "failed"
    assert Payment.objects.get(order=order).refund_reserved_minor == 1000


def test_a_refusal_of_money_that_went_is_looked_up_first(order, provider, run_jobs, monkeypatch):
    plain = Simulator.refund

    def denied(self, wish):
        plain(self, wish)
        return Answer(Outcome.REFUSED, code="charge_already_refunded")

    monkeypatch.setattr(Simulator, "refund", denied)

    refund = refund_order(order.pk, TEN_EUROS, by="staff:Ana").refunds.get()
    run_jobs()

    refund.refresh_from_db()
    assert refund.state == "succeeded"
    assert Payment.objects.get(order=order).refund_reserved_minor == 1000


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("fault", ["ok", "timeout_after"])
def test_the_provider_is_called_and_asked_with_no_transaction_open(
    fault, order, provider, run_jobs, monkeypatch
):
    open_while = {"refund": [], "refunds_of": []}
    for name, seen in open_while.items():
        plain = getattr(Simulator, name)

        def watched(self, *args, plain=plain, seen=seen):
            seen.append(connection.in_atomic_block)
            return plain(self, *args)

        monkeypatch.setattr(Simulator, name, watched)
    if fault != "ok":
        provider.plan(fault, seconds=1)
    rma = received_return(order, {"LAMP-01": 1})

    inspect_return(rma.pk, findings(rma), by="staff:Karim")
    run_jobs()
    Refund.objects.exclude(next_check_at=None).update(next_check_at=now() - timedelta(seconds=1))
    jobs.check_due_refunds()
    run_jobs()

    assert Refund.objects.get().state == "succeeded"
    asked = [False] if fault != "ok" else []
    assert open_while == {"refund": [False], "refunds_of": asked}


def test_a_message_that_could_not_be_kept_is_not_acknowledged(order, client, monkeypatch):
    def full(*_):
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(hooks, "keep_hook", full)
    client.raise_request_exception = False
    item = {"id": "sim_re_1", "merchant_reference": "", "amount": 1000, "currency": "EUR"}
    body = json.dumps({"id": "evt_1", "data": item | {"status": "succeeded"}}).encode()

    answer = client.post(
        f"/hooks/payments/{order.shop.slug}/simulator/",
        body,
        content_type="application/json",
        headers={"Simulator-Signature": sign(SECRET, body, int(time.time()))},
    )

    assert answer.status_code == 503
