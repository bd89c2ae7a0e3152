"""The legal clock: which duty follows from what, by when, and what it costs to be late."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.world import (
    EMAIL,
    findings,
    order_of,
    received_return,
    requested_return,
    run_jobs,
    small_shop,
    staff_of,
)

from rebond.domain.duties.actions import review_return
from rebond.domain.duties.cost import cost_on, ladder_of
from rebond.domain.duties.jobs import settle_by_law, take_stock, warn
from rebond.domain.duties.kinds import warning_for
from rebond.domain.duties.models import Duty
from rebond.domain.duties.queries import due_by_law, open_duties
from rebond.domain.refunds.actions import settle_return
from rebond.domain.refunds.models import MoneyTask, Settlement
from rebond.domain.returns.models import Photo
from rebond.domain.shipping.actions import announce_parcel, note_hand_in
from rebond.domain.warehouse.actions import inspect_return, receive_return
from rebond.domain.warehouse.errors import EvidenceNeeded
from rebond.domain.warehouse.grades import Grade
from rebond.domain.withdrawals.actions import accept_withdrawal, answer_withdrawal, submit_statement
from rebond.domain.withdrawals.models import WithdrawalCase
from rebond.domain.withdrawals.sealing import Declared
from rebond.domain.withdrawals.states import AnswerReason
from rebond.kernel.clock import local_date, now, today
from rebond.kernel.ids import uuid7
from rebond.outbound.notifications.models import Message

pytestmark = pytest.mark.django_db
PARIS = "Europe/Paris"


def withdrawn(order, **said):
    """A return that came from a withdrawal, as far as the house works it out by itself."""
    told = Declared(
        **({"language": "fr", "name": "C", "contract": order.number, "email": EMAIL} | said)
    )
    statement = submit_statement(order.shop, told, key=uuid7())
    run_jobs()
    return statement.cases.get().rma


def refund_duty(rma) -> Duty:
    return Duty.objects.get(rma=rma, kind="refund")


def test_the_refund_waits_for_goods_or_proof_whichever_first():
    rma = withdrawn(order_of(small_shop()))
    assert refund_duty(rma).is_withheld

    parcel = announce_parcel(
        rma.pk, carrier="own_carrier", carrier_name="", tracking_number="6A1", by="shopper"
    )
    note_hand_in(parcel.pk, at=now(), by="staff:Ana")
    run_jobs()

    duty = refund_duty(rma)
    assert duty.due_on == local_date(rma.requested_at, PARIS) + timedelta(days=14)
    assert duty.proof_on == today(PARIS) and duty.goods_on is None
    assert "FR-WD-11" in duty.rules and "C. conso. L221-24 al. 2" in duty.articles


def test_late_goods_make_the_refund_due_on_their_day():
    rma = withdrawn(order_of(small_shop()))

    with time_machine.travel(now() + timedelta(days=20), tick=True):
        counts = {line.pk: line.quantity for line in rma.lines.all()}
        receive_return(rma.pk, counts, note="", by="staff:Karim")
        run_jobs()
        assert refund_duty(rma).due_on == today(PARIS)


def test_the_clock_runs_from_the_statement_not_from_the_decision():
    order = order_of(small_shop(), number="1001")
    statement = submit_statement(
        order.shop, Declared("fr", "C", "je ne sais plus", EMAIL), key=uuid7()
    )
    run_jobs()
    with time_machine.travel(now() + timedelta(days=9), tick=True):
        case = WithdrawalCase.objects.get()
        assert case.order is None
        from rebond.domain.withdrawals.actions import match_statement  # noqa: PLC0415

        match_statement(statement.pk, "1001", by="staff:Ana")
        pieces = {line.pk: line.quantity for line in order.lines.all()}
        rma = accept_withdrawal(statement.pk, pieces, by="staff:Ana")
        run_jobs()

    assert rma.requested_at == statement.submitted_at
    assert refund_duty(rma).since_on == local_date(statement.submitted_at, PARIS)
    assert Duty.objects.get(statement=statement, kind="answer").done_at is not None


def test_the_acknowledgement_is_a_duty_until_it_has_left(settings, tmp_path):
    order = order_of(small_shop())
    settings.SMTP_URL = "smtp://127.0.0.1:1"
    withdrawn(order)
    duty = Duty.objects.get(kind="acknowledge")
    assert duty.done_at is None
    assert duty.due_at - duty.statement.submitted_at == timedelta(minutes=15)

    with time_machine.travel(now() + timedelta(minutes=16), tick=True):
        warn()
        run_jobs()
        settings.SMTP_URL = f"file://{tmp_path}"
        run_jobs()
        duty.refresh_from_db()

    assert duty.warned_days == 0
    assert Message.objects.filter(kind="duties_warned").count() == 1
    with time_machine.travel(now() + timedelta(hours=2), tick=True):
        run_jobs()
    duty.refresh_from_db()
    assert duty.done_at is not None


def test_the_legal_day_pays_in_full_and_once(run_jobs):
    rma = withdrawn(order_of(small_shop()))
    counts = {line.pk: line.quantity for line in rma.lines.all()}
    receive_return(rma.pk, counts, note="", by="staff:Karim")
    run_jobs()

    with time_machine.travel(now() + timedelta(days=13), tick=True):
        assert due_by_law(rma.shop, now()) == [rma.pk]
        settle_by_law()
        settle_by_law()
        run_jobs()

    settlement = Settlement.objects.get(rma=rma)
    assert settlement.gross_minor == rma.order.total_minor
    assert settlement.decided_by == "law"


def test_loss_of_value_needs_evidence_and_a_person():
    shop = small_shop()
    rma = withdrawn(order_of(shop))
    counts = {line.pk: line.quantity for line in rma.lines.all()}
    receive_return(rma.pk, counts, note="", by="staff:Karim")
    rma.refresh_from_db()
    bare = findings(rma, Grade.C, kept_percent=50)
    with pytest.raises(EvidenceNeeded):
        inspect_return(rma.pk, bare, by="staff:Karim")
    photo = Photo.objects.create(
        shop=shop, rma=rma, file="x", width=1, height=1, sha256="0" * 64, taken_by="warehouse"
    )
    from dataclasses import replace  # noqa: PLC0415

    proven = [replace(one, note="Scratched", photo_id=photo.pk) for one in bare]

    inspect_return(rma.pk, proven, by="staff:Karim")
    run_jobs()

    assert not Settlement.objects.exists()
    assert MoneyTask.objects.get(closed_at=None).facts["code"] == "loss_of_value"
    made = settle_return(rma.pk, by="staff:Ana", staff=staff_of(shop))
    assert made.gross_minor < rma.order.total_minor


def test_without_a_person_nothing_is_kept():
    shop = small_shop()
    rma = withdrawn(order_of(shop))
    counts = {line.pk: line.quantity for line in rma.lines.all()}
    receive_return(rma.pk, counts, note="", by="staff:Karim")

    made = settle_return(rma.pk, by="law")

    assert made.gross_minor == rma.order.total_minor


def test_people_are_warned_seven_three_and_one_day_before_and_after():
    order = order_of(small_shop())
    rma = received_return(order)
    run_jobs()
    due_on = refund_duty(rma).due_on
    told = []

    for left in (8, 7, 6, 3, 2, 1, 0, -1, -2):
        moment = now() + (due_on - timedelta(days=left) - today(PARIS))
        with time_machine.travel(moment, tick=True):
            warn()
            run_jobs()
        told.append(Message.objects.filter(kind="duties_warned").count())

    assert told == [0, 1, 1, 2, 2, 3, 3, 4, 4]
    last = Message.objects.filter(kind="duties_warned").order_by("-id").first()
    assert last.to_address == order.shop.email
    assert rma.number in last.text


@pytest.mark.parametrize(
    ("left", "warning"), [(8, None), (7, 7), (4, 7), (3, 3), (2, 3), (1, 1), (0, 1), (-1, 0)]
)
def test_which_warning_is_due(left, warning):
    assert warning_for(left) == warning


def test_what_each_day_late_costs():
    duty = Duty(
        kind="refund",
        due_on=date(2026, 3, 16),
        jurisdiction="FR",
        currency="EUR",
        sum_minor=9480,
        price_minor=9480,
    )

    def on(days: int) -> int:
        cost = cost_on(duty, date(2026, 3, 16) + timedelta(days=days))
        return cost.minor if cost else 0

    # C. conso. L242-4 on 94.80: 5 %, 10 %, 20 %, 50 %
    assert [on(days) for days in (0, 15, 25, 45, 75)] == [0, 474, 948, 1896, 4740]
    assert [step.percent for step in ladder_of(duty, date(2026, 3, 17))] == [None, 5, 10, 20]
    assert ladder_of(duty, date(2026, 3, 17))[0].until == date(2026, 3, 26)


def test_an_unpublished_rate_is_said_to_be_unknown():
    duty = Duty(kind="refund", due_on=date(2026, 11, 1), jurisdiction="FR", sum_minor=9480)

    cost = cost_on(duty, date(2026, 11, 5))

    assert cost is not None and (cost.minor, cost.percent) == (None, None)


def test_a_defect_is_put_right_within_thirty_days():
    rma = requested_return(order_of(small_shop()), {"MUG-07": 1}, reason="damaged")
    run_jobs()

    duty = Duty.objects.get(rma=rma, kind="conformity")
    assert duty.due_on == local_date(rma.requested_at, PARIS) + timedelta(days=30)
    assert Duty.objects.filter(rma=rma, kind="answer", done_at=None).exists()


@pytest.mark.parametrize(
    ("country", "articles"),
    [("DE", "Dir. 2011/83/EU art. 13(3)"), ("GB", "SI 2013/3134 reg. 34(4)-(6)"), ("JP", None)],
)
def test_the_consumers_country_decides(country, articles):
    order = order_of(small_shop())
    order.country = country
    order.save()
    rma = received_return(order)
    run_jobs()

    duty = Duty.objects.filter(rma=rma, kind="refund").first()
    assert (duty is None) == (articles is None)
    if duty is not None:
        assert articles in duty.articles
        assert ladder_of(duty, today(PARIS)) == []


def test_a_person_says_no_with_words_and_an_article():
    order_of(small_shop(), days_since_delivery=60)
    shop = small_shop("autre")
    statement = submit_statement(
        shop, Declared("de", "Kim", "Bestellung 5", "kim@x.example"), key=uuid7()
    )
    run_jobs()

    answer_withdrawal(statement.pk, AnswerReason.NO_SUCH_ORDER, note="Leider nein.", by="staff:Ana")
    run_jobs()

    letter = Message.objects.get(kind="withdrawal_answered")
    assert "Leider nein." in letter.text and "L221-21" in letter.text
    assert not Duty.objects.filter(kind="answer", done_at=None).exists()


def test_returns_of_before_get_their_duties():
    rma = requested_return(order_of(small_shop()))
    assert not Duty.objects.exists()

    take_stock()
    run_jobs()

    assert refund_duty(rma) is not None


def test_once_more_changes_nothing():
    rma = received_return(order_of(small_shop()))
    run_jobs()
    before = list(Duty.objects.order_by("pk").values())

    review_return(rma.pk)

    assert list(Duty.objects.order_by("pk").values()) == before


@pytest.mark.once
def test_the_board_and_the_clock_read_an_index():
    shop = small_shop()
    received_return(order_of(shop))
    run_jobs()

    with CaptureQueriesContext(
        connection,
    ) as caught:
        due_by_law(shop, now())
        list(open_duties(shop)[:50])
    plans = []
    with connection.cursor() as cursor:
        for query in caught.captured_queries:
            cursor.execute("EXPLAIN QUERY PLAN " + query["sql"])
            plans.append(" ".join(str(row[-1]) for row in cursor.fetchall()))

    assert all("duty_open_by" in plan and "SCAN duties_duty" not in plan for plan in plans), plans
