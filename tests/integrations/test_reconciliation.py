"""Our books beside the provider's, day by day; and what a restored backup has forgotten."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from tests.world import findings, order_of, received_return, small_shop

from rebond.domain.orders.models import Payment
from rebond.domain.refunds import actions, comparing, fetching, jobs
from rebond.domain.refunds.errors import AlreadyAnswered, ReasonNeeded
from rebond.domain.refunds.models import (
    Discrepancy,
    OutsideRefund,
    PayoutHold,
    ReconciliationReport,
    Refund,
)
from rebond.domain.refunds.wishes import OrderRefund, WantedPieces
from rebond.domain.warehouse.actions import inspect_return
from rebond.insights.verification.promises import PROMISES
from rebond.kernel.clock import local_date, now
from rebond.kernel.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return small_shop()


@pytest.fixture
def sells(shop, provider):
    """Makes orders that were paid at the rehearsal provider."""

    def make(number="1001"):
        order = order_of(shop, number=number, provider="simulator")
        provider.opens(order.payments.get().reference, 13080)
        return order

    return make


def give_back(order, run_jobs, minor=1000) -> Refund:
    """A gesture of so much, paid through the provider."""
    wish = OrderRefund(amount_minor=minor, reason="late")
    refund = actions.refund_order(order.pk, wish, by="staff:Ana").refunds.get()
    run_jobs()
    refund.refresh_from_db()
    return refund


def at_the_desk_of(provider, order, minor) -> dict:
    """Somebody refunds in the provider's own pages."""
    payment = order.payments.get().reference
    wish = {"amount": minor, "currency": "EUR", "merchant_reference": ""}
    return provider._post(f"payments/{payment}/refunds", **wish)


def days(shop, before=1):
    today = local_date(now(), shop.time_zone)
    return comparing.Days(today - timedelta(days=before), today)


def today_of(shop) -> ReconciliationReport:
    return ReconciliationReport.objects.get(day=local_date(now(), shop.time_zone))


def open_differences() -> list[tuple[str, int, int]]:
    rows = Discrepancy.objects.filter(closed_at=None)
    return sorted((row.kind, row.ours_minor, row.theirs_minor) for row in rows)


def broken() -> list[str]:
    return [breach for promise in PROMISES for breach in promise.breaches()]


def test_books_that_agree_are_written_down_as_such(shop, sells, provider, run_jobs):
    give_back(sells(), run_jobs, 1000)
    give_back(sells("1002"), run_jobs, 2500)

    for _ in range(2):
        fetching.compare(shop, "simulator", days(shop))

    report = today_of(shop)
    assert (report.ours_count, report.ours_minor) == (2, 3500)
    assert (report.theirs_count, report.theirs_minor, report.difference_minor) == (2, 3500, 0)
    assert ReconciliationReport.objects.count() == 2  # yesterday, empty, and today
    assert open_differences() == [] and broken() == []


def test_what_we_did_not_ask_for_is_an_open_difference_until_it_has_its_place(
    shop, sells, provider, run_jobs
):
    order = sells()
    give_back(order, run_jobs)
    at_the_desk_of(provider, order, 3333)
    fetching.compare(shop, "simulator", days(shop))
    assert today_of(shop).difference_minor == -3333
    assert open_differences() == [("theirs_only", 0, 3333)]
    assert broken() == []
    lamp = WantedPieces(order.lines.get(sku="LAMP-01").pk, 1)

    actions.assign_outside(
        shop.pk, OutsideRefund.objects.get().pk, OrderRefund((lamp,)), by="staff:Ana"
    )
    assert Discrepancy.objects.get().closed_by == "staff:Ana" and broken() == []
    fetching.compare(shop, "simulator", days(shop))

    report = today_of(shop)
    assert (report.ours_minor, report.theirs_minor) == (4333, 4333)
    assert Discrepancy.objects.get().is_current is False
    assert broken() == []


def test_a_difference_that_was_left_stays_in_the_report_and_is_explained(
    shop, sells, provider, run_jobs
):
    at_the_desk_of(provider, sells(), 3333)
    fetching.compare(shop, "simulator", days(shop))
    outside = OutsideRefund.objects.get()

    actions.leave_outside(shop.pk, outside.pk, why="a present", by="staff:Ana")
    fetching.compare(shop, "simulator", days(shop))

    row = Discrepancy.objects.get()
    assert (row.is_current, row.closed_by, row.explanation) == (True, "staff:Ana", "a present")
    assert today_of(shop).difference_minor == -3333
    assert open_differences() == [] and broken() == []


def test_a_payment_of_nobody_stands_only_here(shop, sells, provider):
    sells()
    provider.opens("pay_elsewhere", 5000)
    wish = {"amount": 5000, "currency": "EUR", "merchant_reference": ""}
    provider._post("payments/pay_elsewhere/refunds", **wish)

    fetching.compare(shop, "simulator", days(shop))

    row = Discrepancy.objects.get()
    assert (row.kind, row.payment_reference, row.outside.payment_id) == (
        "theirs_only",
        "pay_elsewhere",
        None,
    )
    assert not Event.objects.filter(name="refund.found_outside").exists()
    actions.explain(shop.pk, row.pk, explanation="our other shop", by="staff:Ana")
    with pytest.raises(AlreadyAnswered):
        actions.explain(shop.pk, row.pk, explanation="again", by="staff:Ana")
    fetching.compare(shop, "simulator", days(shop))
    assert Discrepancy.objects.get().explanation == "our other shop"
    assert broken() == []


def test_an_explanation_needs_a_word(shop, sells, provider):
    at_the_desk_of(provider, sells(), 3333)
    fetching.compare(shop, "simulator", days(shop))

    with pytest.raises(ReasonNeeded):
        actions.explain(shop.pk, Discrepancy.objects.get().pk, explanation=" ", by="staff:Ana")


def test_what_the_provider_does_not_know_is_told_once_it_must_be_listed(
    shop, sells, provider, run_jobs
):
    refund = give_back(sells(), run_jobs)
    provider.forgets(refund.provider_reference)
    fetching.compare(shop, "simulator", days(shop))
    assert open_differences() == []  # it was sent a moment ago

    with time_machine.travel(now() + timedelta(hours=5), tick=True):
        fetching.compare(shop, "simulator", days(shop))

        assert open_differences() == [("ours_only", 1000, 0)]
        assert broken() == []


def test_a_late_failure_that_nobody_told_us_is_found(shop, sells, provider, run_jobs):
    refund = give_back(sells(), run_jobs)
    provider.sets(refund.provider_reference, "failed")

    fetching.compare(shop, "simulator", days(shop))

    refund.refresh_from_db()
    assert refund.state == "failed_late"
    assert (today_of(shop).ours_minor, today_of(shop).theirs_minor) == (0, 0)
    assert open_differences() == []


def test_another_amount_under_our_reference_is_told_and_never_taken_over(
    shop, sells, provider, run_jobs
):
    refund = give_back(sells(), run_jobs)
    provider.sets(refund.provider_reference, "succeeded", amount=1500)

    fetching.compare(shop, "simulator", days(shop))

    refund.refresh_from_db()
    assert refund.amount_minor == 1000
    assert open_differences() == [("amount", 1000, 1500)]
    assert today_of(shop).difference_minor == -500
    assert broken() == []


def test_a_state_that_differs_is_told(shop, sells, provider, run_jobs):
    refund = give_back(sells(), run_jobs)
    provider.sets(refund.provider_reference, "pending")

    fetching.compare(shop, "simulator", days(shop))

    assert open_differences() == [("state", 1000, 0)]


def test_what_somebody_paid_by_hand_instead_is_none_of_the_providers(
    shop, sells, provider, run_jobs
):
    refund = give_back(sells(), run_jobs)
    Refund.objects.filter(pk=refund.pk).update(
        paid_on=now().date(), handled_by="staff:Ana", provider_reference="VIR-1"
    )
    provider.forgets(refund.provider_reference)

    with time_machine.travel(now() + timedelta(hours=5), tick=True):
        fetching.compare(shop, "simulator", days(shop))

        assert open_differences() == []


def test_a_refund_at_midnight_stands_on_one_day_of_the_shop(shop, sells, provider, run_jobs):
    refund = give_back(sells(), run_jobs)
    day = local_date(now(), "Europe/Paris") - timedelta(days=2)
    midnight = datetime.combine(day, time(), ZoneInfo("Europe/Paris"))  # that day begins in Paris
    provider.sets(refund.provider_reference, "succeeded", made_at=midnight.isoformat())

    fetching.compare(shop, "simulator", days(shop, before=5))

    filled = ReconciliationReport.objects.exclude(theirs_minor=0)
    assert [report.day for report in filled] == [day]
    assert broken() == []


# --- by the clock -----------------------------------------------------------------------------


def test_each_night_the_days_that_are_over_are_compared_and_missed_ones_caught_up(
    shop, sells, provider, run_jobs
):
    give_back(sells(), run_jobs)
    with time_machine.travel("2026-11-25T02:30:00Z", tick=True):  # 3:30 in Paris: too early
        fetching.compare_due()
        run_jobs()
        assert ReconciliationReport.objects.latest("day").day.day == 23

    with time_machine.travel("2026-11-29T08:00:00Z", tick=True):
        fetching.compare_due()
        run_jobs()
        known = set(ReconciliationReport.objects.values_list("day", flat=True))
        assert {f"2026-11-{day}" for day in range(13, 29)} <= {str(day) for day in known}
        before = ReconciliationReport.objects.latest("made_at").made_at
        fetching.compare_due()
        run_jobs()

    assert ReconciliationReport.objects.latest("made_at").made_at == before
    assert broken() == []


def test_a_provider_that_does_not_answer_is_asked_again(shop, sells, provider, run_jobs):
    sells()
    provider.plan("list_500")
    with time_machine.travel("2026-11-25T08:00:00Z", tick=True):
        fetching.compare_due()
        run_jobs()
        assert not ReconciliationReport.objects.filter(was_asked=True).exists()

        fetching.compare_due()
        run_jobs()

        assert not ReconciliationReport.objects.filter(was_asked=False).exists()
        assert broken() == []


def test_of_a_provider_without_a_list_only_our_side_is_written(shop, run_jobs):
    order = order_of(shop, provider="adyen")
    Refund.objects.create(
        shop=shop,
        settlement=actions.refund_order(
            order.pk, OrderRefund(amount_minor=1000, reason="x"), by="staff:Ana"
        ),
        payment=order.payments.get(),
        provider="adyen",
        currency="EUR",
        amount_minor=1000,
        state="succeeded",
        started_at=now() - timedelta(days=1),
        settled_at=now() - timedelta(days=1),
    )

    with time_machine.travel(now() + timedelta(days=1), tick=True):
        fetching.compare_due()
        run_jobs()

        report = ReconciliationReport.objects.exclude(ours_minor=0).get()
        assert (report.was_asked, report.ours_minor, report.theirs_minor) == (False, 1000, None)
        assert comparing.days_due(shop, "adyen", now()) is None


def test_paper_and_our_own_books_are_not_compared(shop):
    order_of(shop)
    Payment.objects.update(provider="store_credit")

    assert comparing.compared_providers(shop) == []


# --- rows broken by hand ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "breach"),
    [
        ("I14", lambda: Discrepancy.objects.all().delete()),
        ("I14", lambda: ReconciliationReport.objects.update(theirs_minor=1)),
        ("I14", lambda: Discrepancy.objects.update(closed_at=now(), closed_by="")),
        ("I14b", lambda: Payment.objects.update(refunded_outside_minor=1)),
        ("I14b", lambda: OutsideRefund.objects.update(state="gone")),
    ],
)
def test_rows_about_elsewhere_that_were_broken_by_hand_are_named(
    number, breach, shop, sells, provider
):
    at_the_desk_of(provider, sells(), 3333)
    fetching.compare(shop, "simulator", days(shop))
    assert broken() == []

    breach()

    found = {promise.number: list(promise.breaches()) for promise in PROMISES}
    assert found[number]


# --- a restored backup ------------------------------------------------------------------------


def restored(shop, *, since) -> None:
    for provider in comparing.used_providers(shop):
        actions.hold_payouts(shop, provider, since=since, by="system")


def the_clock(run_jobs) -> None:
    Refund.objects.exclude(next_check_at=None).update(next_check_at=now() - timedelta(seconds=1))
    jobs.check_due_refunds()
    run_jobs()


def test_while_payouts_are_held_nothing_leaves_and_a_comparison_lets_them_go(
    shop, sells, provider, run_jobs
):
    order = sells()
    restored(shop, since=now() - timedelta(hours=20))
    held = give_back(order, run_jobs)
    the_clock(run_jobs)
    held.refresh_from_db()
    assert held.state == "reserved" and provider.keys() == []

    provider.plan("list_500")
    fetching.compare_shop(str(shop.pk))
    run_jobs()
    assert PayoutHold.objects.get().lifted_at is None
    fetching.compare_shop(str(shop.pk))
    run_jobs()
    the_clock(run_jobs)

    held.refresh_from_db()
    assert PayoutHold.objects.get().lifted_by == "system"
    assert held.state == "succeeded"


def test_a_comparison_that_does_not_reach_back_lets_nothing_go(shop, sells, provider, run_jobs):
    sells()
    restored(shop, since=now() - timedelta(days=20))

    fetching.compare(shop, "simulator", days(shop))

    assert PayoutHold.objects.get().lifted_at is None


def test_a_provider_without_a_list_is_let_go_by_a_person(shop, run_jobs):
    order_of(shop, provider="adyen")
    restored(shop, since=now() - timedelta(hours=2))
    fetching.compare_shop(str(shop.pk))
    run_jobs()
    assert PayoutHold.objects.get().lifted_at is None

    with pytest.raises(ReasonNeeded):
        actions.release_payouts(shop.pk, "adyen", by="staff:Ana")
    assert actions.release_payouts(shop.pk, "adyen", by="staff:Ana", reason="its report of today")

    assert PayoutHold.objects.get().lifted_by == "staff:Ana"
    assert not actions.release_payouts(shop.pk, "adyen", by="staff:Ana", reason="again")


def test_a_return_decided_anew_after_a_restore_is_paid_with_the_money_that_went(
    shop, sells, provider, run_jobs
):
    order = sells()
    payment = order.payments.get().reference
    lost = "01a20000-0000-7000-8000-000000000001"
    wish = {"amount": 3333, "currency": "EUR", "merchant_reference": lost}
    provider._post(f"payments/{payment}/refunds", **wish)  # before the backup was restored
    rma = received_return(order, {"LAMP-01": 1})
    restored(shop, since=now() - timedelta(hours=20))
    inspect_return(rma.pk, findings(rma), by="staff:Karim")
    run_jobs()

    fetching.compare_shop(str(shop.pk))
    run_jobs()
    the_clock(run_jobs)

    refund = Refund.objects.get(settlement__rma=rma)
    assert (refund.state, refund.is_outside) == ("succeeded", True)
    assert len(provider.refunds()) == 1
    assert OutsideRefund.objects.get().state == "assigned"
    assert broken() == []


def test_it_does_not_matter_whether_the_comparison_or_the_decision_comes_first(
    shop, sells, provider, run_jobs
):
    order = sells()
    payment = order.payments.get().reference
    lost = "01a20000-0000-7000-8000-000000000001"
    wish = {"amount": 3333, "currency": "EUR", "merchant_reference": lost}
    provider._post(f"payments/{payment}/refunds", **wish)
    fetching.compare(shop, "simulator", days(shop))
    rma = received_return(order, {"LAMP-01": 1})

    inspect_return(rma.pk, findings(rma), by="staff:Karim")
    run_jobs()
    the_clock(run_jobs)

    assert Refund.objects.get(settlement__rma=rma).state == "succeeded"
    assert len(provider.refunds()) == 1 and broken() == []
