"""Refunds made elsewhere, and our books beside the providers': at the desk."""

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.world import findings, order_of, received_return

from rebond.domain.credit_notes.models import CreditNote
from rebond.domain.refunds import actions
from rebond.domain.refunds.comparing import Days
from rebond.domain.refunds.models import (
    Discrepancy,
    OutsideRefund,
    PayoutHold,
    ProviderEvent,
    ReconciliationReport,
    Refund,
)
from rebond.domain.refunds.ports import Answer, KnownRefund, Outcome
from rebond.domain.shops.access import Role
from rebond.domain.warehouse.actions import inspect_return
from rebond.kernel.clock import local_date, now
from rebond.kernel.money import Money

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(shop):
    return order_of(shop, provider="stripe")


def listed(order, minor, *, name="re_1", reference="", days_ago=0) -> KnownRefund:
    """A refund as the provider lists it; ``reference`` is ours, if it has one."""
    payment = order.payments.get().reference if order else "pi_of_nobody"
    return KnownRefund(
        name,
        reference or None,
        Money(minor, "EUR"),
        Answer(Outcome.SUCCEEDED, reference=name),
        now() - timedelta(days=days_ago),
        payment,
    )


def found(order, minor=3333, **more) -> OutsideRefund:
    known = listed(order, minor, **more)
    actions.take_listed(order.shop_id, "stripe", [known])
    return OutsideRefund.objects.get(provider_reference=known.reference)


def compare(shop, *known, days=3):
    today = local_date(now(), shop.time_zone)
    actions.take_listed(shop.pk, "stripe", known)
    actions.write_days(shop, "stripe", known, Days(today - timedelta(days=days), today))


def page(row, more=""):
    return f"/desk/galerie/money/outside/{row.pk}/{more}"


def lamp_of(order):
    return f"line-{order.lines.get(sku='LAMP-01').pk}"


def test_the_task_leads_to_a_page_that_has_guessed_the_articles(order, at_desk):
    row = found(order)
    client = at_desk(order.shop, Role.AGENT)

    tasks = client.get("/desk/galerie/money/").content.decode()
    body = client.get(page(row)).content.decode()

    assert page(row) in tasks and "Refunded elsewhere" in tasks
    assert re.search(rf'name="{lamp_of(order)}-quantity" value="1"', body)
    assert "These are worth exactly this amount." in body
    assert "It was for these" in body and "€33.33" in body
    assert "https://dashboard.stripe.com/" in body
    order_page = client.get(f"/desk/galerie/orders/{order.number}/").content.decode()
    assert "Until somebody says what it was for" in order_page and page(row) in order_page


def test_one_click_gives_it_its_place_and_a_second_changes_nothing(order, at_desk, run_jobs):
    row = found(order)
    client = at_desk(order.shop, Role.AGENT)
    wish = {f"{lamp_of(order)}-quantity": "1", "reason": "", "step": "assign"}

    answers = [client.post(page(row), wish) for _ in range(2)]
    run_jobs()

    assert [answer.status_code for answer in answers] == [302, 302]
    refund = Refund.objects.get(is_outside=True)
    assert (refund.state, refund.settlement.decided_by) == ("succeeded", "staff:Ana Lopes")
    assert CreditNote.objects.get().gross_minor == 3333
    body = client.get(page(row)).content.decode()
    assert "It has its place" in body and 'name="step"' not in body


def test_the_sum_follows_what_is_typed(order, at_desk):
    row = found(order, 4000)
    client = at_desk(order.shop, Role.AGENT)

    answer = client.post(page(row, "sum/"), {f"{lamp_of(order)}-quantity": "1", "reason": ""})

    body = answer.content.decode()
    assert "A gesture" in body and "€6.67" in body and "€40.00" in body  # 40.00 less 33.33


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ({"quantity": "x"}, 422),
        ({"quantity": "9"}, 409),
        ({"amount": "1,234"}, 422),
        ({"rma": "00000000-0000-7000-8000-000000000000"}, 422),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_written(order, at_desk, typed, status):
    row = found(order)
    wish = {"reason": "", "step": "assign", "rma": typed.pop("rma", "")}
    wish |= {f"{lamp_of(order)}-{name}": value for name, value in typed.items()}

    answer = at_desk(order.shop, Role.AGENT).post(page(row), wish)

    assert answer.status_code == status
    row.refresh_from_db()
    assert row.state == "waiting"


def test_for_a_return_the_return_is_done(order, at_desk, run_jobs):
    rma = received_return(order, {"LAMP-01": 1})
    row = found(order)
    client = at_desk(order.shop, Role.AGENT)
    assert rma.number in client.get(page(row)).content.decode()

    wish = {f"{lamp_of(order)}-quantity": "1", "rma": rma.pk, "reason": "", "step": "assign"}
    client.post(page(row), wish)

    rma.refresh_from_db()
    assert rma.money_state == "succeeded"


def test_it_is_the_refund_that_waits(order, at_desk, run_jobs, monkeypatch):
    row = found(order)
    rma = received_return(order, {"LAMP-01": 1})
    inspect_return(rma.pk, findings(rma), by="staff:Karim")
    run_jobs()
    waiting = Refund.objects.get(settlement__rma=rma)
    client = at_desk(order.shop, Role.AGENT)
    assert f'value="{waiting.pk}"' in client.get(page(row)).content.decode()

    strange = client.post(page(row, "refund/"), {"refund": uuid4()})
    answer = client.post(page(row, "refund/"), {"refund": waiting.pk})

    waiting.refresh_from_db()
    assert (strange.status_code, answer.status_code) == (404, 302)
    assert (waiting.state, waiting.is_outside) == ("succeeded", True)


def test_it_can_be_left_and_taken_up_again(order, at_desk):
    row = found(order)
    client = at_desk(order.shop, Role.AGENT)

    client.post(page(row, "leaving/"), {"why": "a present"})
    row.refresh_from_db()
    assert (row.state, row.decided_by) == ("left", "staff:Ana Lopes")
    wish = {"reason": "after all", "step": "assign"}
    client.post(page(row), wish)

    row.refresh_from_db()
    assert row.state == "assigned" and row.settlement.lines.count() == 0


def test_who_may_not_refund_sees_the_books_and_not_the_page(order, at_desk):
    row = found(order)
    accountant = at_desk(order.shop, Role.ACCOUNTANT)

    assert accountant.get(page(row)).status_code == 403
    assert accountant.get("/desk/galerie/money/reconciliation/").status_code == 200


# --- our books beside theirs ------------------------------------------------------------------

BOOKS = "/desk/galerie/money/reconciliation/"


def test_a_day_that_differs_stands_out_and_is_explained_with_a_name(order, at_desk):
    compare(order.shop, listed(order, 3333), listed(None, 700, name="re_2"))
    client = at_desk(order.shop, Role.ACCOUNTANT)

    body = client.get(BOOKS).content.decode()
    row = Discrepancy.objects.get(subject="re_2")
    report = f"{BOOKS}{row.report_id}/"
    assert "Only the provider knows it" in body and "2 open" in body and report in body
    assert "-€40.33" in body and 'class="plot-bar plot-bad"' in body
    address = f"/desk/galerie/money/differences/{row.pk}/"
    silent = client.post(address, {"explanation": "  "})
    told = client.post(address, {"explanation": "our other shop"})

    assert (silent.status_code, told.status_code) == (422, 302)
    detail = client.get(report).content.decode()
    assert "our other shop" in detail and "Ana Lopes" in detail
    assert "1 open" in client.get(BOOKS).content.decode()
    assert client.get("/desk/galerie/money/").content.decode().count("Reconciliation") == 1


def test_a_sheet_holds_the_same_sums(order, at_desk):
    compare(order.shop, listed(order, 3333))

    answer = at_desk(order.shop).get(f"{BOOKS}csv/")

    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Day,Provider,Currency")
    assert lines[1].endswith("stripe,EUR,0,0.00,1,33.33,-33.33,1")
    assert len(lines) == 2


def test_months_are_walked_back_and_forth(order, at_desk):
    today = local_date(now(), order.shop.time_zone)
    compare(order.shop, listed(order, 3333, days_ago=40), days=45)
    client = at_desk(order.shop)

    first = client.get(BOOKS).content.decode()
    older = re.search(r'rel="next"[^>]*href="(\?until=[^"]+)"', first)[1]
    second = client.get(BOOKS + older).content.decode()

    assert "-€33.33" not in first
    assert f"until={today - timedelta(days=31)}" in older
    assert "-€33.33" in second and 'rel="prev"' in second
    for wrong in ("x", "0001-01-01", "9999-12-31", "%00"):
        assert client.get(f"{BOOKS}?until={wrong}").status_code == 200


def test_messages_without_effect_are_shown_until_somebody_puts_them_aside(order, at_desk):
    message = ProviderEvent.objects.create(
        shop=order.shop,
        provider="stripe",
        event_id="evt_9",
        body="{}",
        reference="re_9",
        payment_reference="pi_9",
        told={"amount_minor": 900, "currency": "EUR"},
        received_at=now(),
        result="stuck",
    )
    client = at_desk(order.shop, Role.AGENT)
    assert "re_9" in client.get(BOOKS).content.decode()

    answers = [client.post(f"/desk/galerie/money/messages/{message.pk}/") for _ in range(2)]

    message.refresh_from_db()
    assert [answer.status_code for answer in answers] == [302, 409]
    assert (message.result, message.put_aside_by) == ("put_aside", "staff:Ana Lopes")
    assert "re_9" not in client.get(BOOKS).content.decode()


def test_payouts_that_wait_after_a_restore_are_let_go_by_who_may(order, at_desk):
    hold = actions.hold_payouts(
        order.shop, "stripe", since=datetime(2026, 11, 1, tzinfo=UTC), by="system"
    )
    agent, owner = at_desk(order.shop, Role.AGENT), at_desk(order.shop, name="Olga Owner")
    address = f"/desk/galerie/money/holds/{hold.pk}/"
    assert "was restored" in agent.get(BOOKS).content.decode()

    assert agent.post(address, {"reason": "compared"}).status_code == 403
    assert owner.post(address).status_code == 422
    assert PayoutHold.objects.get().lifted_at is None
    assert owner.post(address, {"reason": "compared with today's report"}).status_code == 302

    assert PayoutHold.objects.get().lifted_by == "staff:Olga Owner"
    assert "was restored" not in owner.get(BOOKS).content.decode()


def test_the_books_ask_as_often_for_forty_rows_as_for_two(order, at_desk):
    client = at_desk(order.shop)

    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(BOOKS).status_code == 200
        return len(captured)

    compare(order.shop, *(listed(order, 100 + n, name=f"re_{n}") for n in range(2)), days=20)
    client.get(BOOKS)
    few = asked()
    many = [listed(order, 100 + n, name=f"re_{n}", days_ago=n % 20) for n in range(40)]
    compare(order.shop, *many, days=20)
    for number in range(20):
        ProviderEvent.objects.create(
            shop=order.shop,
            provider="stripe",
            event_id=f"evt_{number}",
            body="{}",
            received_at=now(),
            result="stuck",
        )

    assert asked() == few
    tasks = client.get("/desk/galerie/money/")
    assert tasks.status_code == 200
    assert ReconciliationReport.objects.count() == 21
