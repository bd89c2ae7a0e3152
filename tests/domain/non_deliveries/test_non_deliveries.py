"""Goods that never arrived: reported, looked for, paid back once, or refused with proof."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, connections, transaction
from tests.world import (
    BOWL,
    EMAIL,
    LAMP,
    MUG,
    order_of,
    received_return,
    requested_return,
    run_jobs,
    small_shop,
    staff_of,
)

from rebond.domain.credit_notes.models import CreditNote
from rebond.domain.duties.cost import cost_on, ladder_of
from rebond.domain.duties.kinds import DutyKind
from rebond.domain.duties.models import Duty
from rebond.domain.non_deliveries.actions import (
    ADDITIONAL_DAYS,
    Told,
    announce_day,
    contest_refusal,
    end_contract,
    note_arrived,
    refund_missing,
    refuse_report,
    report_missing,
    send_again,
)
from rebond.domain.non_deliveries.errors import (
    ContractEnded,
    ExpectedDayUnreadable,
    NonDeliveryClosed,
    NonDeliveryNotPossible,
    NothingMissing,
    PiecesNotMissing,
    RefusalNotContestable,
    RefusalUnfounded,
    SumHasChanged,
    TerminationTooEarly,
)
from rebond.domain.non_deliveries.models import NonDelivery, NonDeliveryAnswer
from rebond.domain.non_deliveries.states import (
    EndGround,
    Evidence,
    RefusalReason,
    ReportState,
    Tracking,
)
from rebond.domain.orders.models import Order, OrderLine, OrderState
from rebond.domain.orders.new import NewLine
from rebond.domain.privacy.queries import open_matters
from rebond.domain.refunds.actions import (
    answer_approval,
    change_limit,
    pay_by_hand,
    refund_order,
)
from rebond.domain.refunds.errors import QuoteRefused
from rebond.domain.refunds.limits import LimitKind, Spender
from rebond.domain.refunds.models import Approval, Refund, Settlement
from rebond.domain.refunds.wishes import OrderRefund, WantedPieces
from rebond.domain.returns.errors import QuantityExceedsBought
from rebond.domain.returns.models import Return
from rebond.domain.shoppers.holdings import subject_of
from rebond.domain.shops.access import Role
from rebond.domain.signals.detectors.not_received import DETECTOR
from rebond.domain.signals.gathering import gather
from rebond.insights.verification.missing import missing_pieces
from rebond.insights.verification.promises import quantity_cap
from rebond.kernel.clock import now, today
from rebond.outbound.notifications.models import Message

pytestmark = pytest.mark.django_db(transaction=True)


def lines(order):
    return {line.sku: line for line in order.lines.order_by("position")}


def reported(order, tracking=Tracking.DELIVERED, *, expected_on=None, **wanted):
    """A report of pieces by stock code with ``_`` for ``-``; all of the order where none is."""
    asked = {sku.replace("_", "-"): n for sku, n in wanted.items()}
    pieces = {
        line.pk: asked.get(sku, 0) if asked else line.quantity for sku, line in lines(order).items()
    }
    told = Told(pieces, tracking, expected_on, text="Rien dans la boîte.", language="fr")
    return report_missing(order.pk, told, by="shopper")


def refunded(report, who=None, pieces=None, **more):
    return refund_missing(report.pk, pieces, by="staff:Ana", who=who, **more)


def refused(report, staff, reason=RefusalReason.HANDED_OVER, *, words="Le voisin a signé.", **more):
    proof = {"evidence_kind": Evidence.SIGNATURE, "evidence": "M. Petit, 12 h 04"} | more
    return refuse_report(report.pk, reason, words, staff=staff, by="staff:Ana", **proof)


def long_ago(report, days=ADDITIONAL_DAYS + 1):
    """As if the report had been made so many days before."""
    NonDelivery.objects.filter(pk=report.pk).update(deliver_by=report.deliver_by - timedelta(days))


def paid_by_hand():
    """The shop's person pays what this shop pays by hand."""
    run_jobs()
    refund = Refund.objects.get()
    pay_by_hand(refund.pk, reference="SEPA 7", paid_on=today("Europe/Paris"), by="staff:Ana")
    run_jobs()


def all_is_well():
    return [*missing_pieces(), *quantity_cap()] == []


@pytest.fixture
def order():
    return order_of(small_shop())


def test_what_tracking_calls_delivered_can_be_reported_and_is_no_longer_returnable(order):
    report = reported(order, LAMP_01=2)

    lamp = lines(order)["LAMP-01"]
    assert (lamp.missing_quantity, lamp.delivered_quantity, lamp.returned_quantity) == (2, 1, 0)
    assert report.state == ReportState.OPEN
    assert report.deliver_by == today("Europe/Paris") + timedelta(days=ADDITIONAL_DAYS)
    with pytest.raises(QuantityExceedsBought):
        requested_return(order, {"LAMP-01": 2})
    assert requested_return(order, {"LAMP-01": 1}).lines.get().quantity == 1
    assert all_is_well()


def test_the_same_pieces_are_reported_once(order):
    reported(order, LAMP_01=2)

    with pytest.raises(PiecesNotMissing) as refusal:
        reported(order, LAMP_01=2)

    assert refusal.value.facts == {"sku": "LAMP-01", "asked": 2, "possible": 1}
    assert NonDelivery.objects.count() == 1


def test_pieces_in_a_return_or_refunded_already_cannot_be_missing(order):
    requested_return(order, {"LAMP-01": 2})
    mug = lines(order)["MUG-07"]
    wish = OrderRefund(pieces=(WantedPieces(mug.pk, 2),), reason="Broken in the shop")
    refund_order(order.pk, wish, by="staff:Ana")

    with pytest.raises(PiecesNotMissing):
        reported(order, LAMP_01=2)
    with pytest.raises(PiecesNotMissing):
        reported(order, MUG_07=1)
    assert reported(order, LAMP_01=1).lines.get().quantity == 1


def test_nothing_an_unknown_line_and_a_cancelled_order_are_refused(order):
    other = order_of(order.shop, number="1002")
    stranger = Told({line.pk: 1 for line in other.lines.all()}, Tracking.NOTHING)

    with pytest.raises(NothingMissing):
        reported(order, LAMP_01=0, MUG_07=0)
    with pytest.raises(NothingMissing):
        report_missing(order.pk, stranger, by="shopper")
    with pytest.raises(ExpectedDayUnreadable):
        reported(order, expected_on=date(2001, 1, 1))
    Order.objects.filter(pk=order.pk).update(state=OrderState.CANCELLED)
    with pytest.raises(NonDeliveryNotPossible):
        reported(order)
    assert not NonDelivery.objects.exists()


def test_the_period_is_counted_from_the_day_on_which_delivery_is_due(order):
    today_there = today("Europe/Paris")
    ahead = today_there + timedelta(days=6)

    announced = reported(order, Tracking.UNDERWAY, expected_on=ahead, LAMP_01=1)
    order.deliveries.update(delivered_on=None)
    unannounced = reported(order, Tracking.NOTHING, LAMP_01=1)

    assert announced.deliver_by == ahead + timedelta(days=ADDITIONAL_DAYS)
    ordered_on = order.ordered_at.date()
    # No day was announced: 30 days after the order, C. conso. L216-1.
    assert unannounced.deliver_by == ordered_on + timedelta(days=30 + ADDITIONAL_DAYS)


def test_the_whole_order_brings_back_everything_that_was_paid(order):
    report = reported(order)

    answer = refunded(report)
    paid_by_hand()

    # 100.00 lamps + 25.90 mugs + 4.90 delivery
    assert answer.settlement.gross_minor == order.total_minor == 13080
    assert Refund.objects.get().amount_minor == 13080
    assert CreditNote.objects.get().gross_minor == 13080
    report.refresh_from_db()
    assert report.state == ReportState.CLOSED
    assert {line.missing_quantity for line in order.lines.all()} == {3, 2}
    assert {line.delivered_quantity for line in order.lines.all()} == {0}
    assert all_is_well()


def test_some_pieces_bring_their_price_and_delivery_only_where_a_person_says_so(order):
    report = reported(order, LAMP_01=2, MUG_07=1)
    lamp, mug = (lines(order)[sku].pk for sku in ("LAMP-01", "MUG-07"))

    first = refunded(report, pieces={lamp: 1})
    second = refunded(report, pieces={lamp: 1, mug: 1}, with_delivery=True)

    assert first.settlement.gross_minor == 3333  # a third of 100.00
    assert second.settlement.gross_minor == 3333 + 1295 + 490  # and the second third, a mug
    reasons = {why["code"] for why in second.settlement.breakdown["why"]}
    assert {"line_value", "shipping_refunded"} <= reasons
    report.refresh_from_db()
    assert report.state == ReportState.CLOSED
    assert all_is_well()


def test_the_last_missing_pieces_of_an_order_bring_delivery_too():
    order = order_of(small_shop(), lines=(LAMP,))
    report = reported(order)
    lamp = lines(order)["LAMP-01"].pk

    first = refunded(report, pieces={lamp: 1})
    rest = refunded(report)

    assert first.settlement.gross_minor == 3333
    assert rest.settlement.gross_minor == 10000 - 3333 + 490
    assert rest.settlement.gross_minor + first.settlement.gross_minor == order.total_minor


def test_a_discount_is_not_paid_back():
    line = NewLine("LAMP-01", "Paper lamp", 3, 7999, discount_minor=2001)
    order = order_of(small_shop(), lines=(line, MUG))

    answer = refunded(reported(order, LAMP_01=3))

    assert answer.settlement.gross_minor == 7999


def test_a_piece_that_was_paid_as_missing_is_neither_returned_nor_refunded_again(order):
    report = reported(order, LAMP_01=3)
    refunded(report)
    lamp = lines(order)["LAMP-01"]

    with pytest.raises(NonDeliveryClosed):
        refunded(report)
    with pytest.raises(PiecesNotMissing):
        reported(order, LAMP_01=1)
    with pytest.raises(QuantityExceedsBought):
        requested_return(order, {"LAMP-01": 1})
    with pytest.raises(QuoteRefused):
        wish = OrderRefund(pieces=(WantedPieces(lamp.pk, 1),), reason="Once more")
        refund_order(order.pk, wish, by="staff:Ana")
    assert Settlement.objects.count() == 1


def test_the_database_itself_keeps_a_missing_piece_from_being_delivered(order):
    refunded(reported(order, LAMP_01=2))

    with pytest.raises(IntegrityError), transaction.atomic():
        OrderLine.objects.filter(sku="LAMP-01").update(delivered_quantity=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        OrderLine.objects.filter(sku="LAMP-01").update(returned_quantity=2)


def test_another_sum_than_the_one_that_was_shown_is_not_paid(order):
    report = reported(order, LAMP_01=1)

    with pytest.raises(SumHasChanged):
        refunded(report, shown_minor=3334)

    assert not Settlement.objects.exists()
    assert refunded(report, shown_minor=3333).settlement.gross_minor == 3333


def test_the_customer_is_told_the_day_from_which_they_need_not_wait(order):
    report = reported(order, LAMP_01=1)
    run_jobs()

    letter = Message.objects.get(kind="missing_reported")
    assert letter.language == "fr"
    assert report.number in letter.subject
    assert "/missing/" in letter.text
    duty = Duty.objects.get(non_delivery=report)
    assert (duty.kind, duty.done_at) == (DutyKind.ANSWER, None)


def test_a_new_day_is_told_and_takes_no_right_away(order):
    report = reported(order, LAMP_01=1)
    late = report.deliver_by + timedelta(days=20)

    announce_day(report.pk, late, "Le colis était mal trié.", by="staff:Ana")
    run_jobs()

    report.refresh_from_db()
    assert (report.state, report.announced_on) == (ReportState.WAITING, late)
    assert report.may_end(report.deliver_by + timedelta(days=1))
    assert "mal trié" in Message.objects.get(kind="missing_answered").text
    assert Duty.objects.get(non_delivery=report).done_at is not None
    with pytest.raises(ExpectedDayUnreadable):
        announce_day(report.pk, today("Europe/Paris") - timedelta(days=1), by="staff:Ana")


def test_pieces_sent_again_stay_open_until_they_arrive(order):
    report = reported(order, LAMP_01=2)
    lamp = lines(order)["LAMP-01"].pk

    send_again(
        report.pk, {lamp: 1}, "Sent today.", by="staff:Ana", carrier="Post", tracking_number="X1"
    )
    run_jobs()
    assert "Post X1" in Message.objects.get(kind="missing_answered").text
    with pytest.raises(PiecesNotMissing):
        send_again(report.pk, {lamp: 3}, by="staff:Ana")
    note_arrived(report.pk, {lamp: 1}, by="shopper")
    report.refresh_from_db()
    assert report.state == ReportState.WAITING
    note_arrived(report.pk, by="shopper")

    report.refresh_from_db()
    assert report.state == ReportState.CLOSED
    line = lines(order)["LAMP-01"]
    assert (line.missing_quantity, line.delivered_quantity) == (0, 3)
    assert requested_return(order, {"LAMP-01": 3}).lines.get().quantity == 3
    assert all_is_well()


def test_a_refusal_needs_a_person_words_and_proof_and_names_its_article(order):
    ana = staff_of(order.shop)
    report = reported(order, LAMP_01=1)

    with pytest.raises(RefusalUnfounded):
        refused(report, ana, words="  ")
    with pytest.raises(RefusalUnfounded):
        refused(report, ana, evidence=" ")
    with pytest.raises(RefusalUnfounded):
        refused(report, ana, evidence_kind=None)
    answer = refused(report, ana)
    run_jobs()

    assert (answer.article, answer.staff) == ("C. conso. L216-2", ana)
    letter = Message.objects.get(kind="missing_answered").text
    assert "L216-2" in letter
    assert "M. Petit" in letter
    assert "Ana Lopes" in letter
    report.refresh_from_db()
    assert report.state == ReportState.CLOSED
    assert lines(order)["LAMP-01"].delivered_quantity == 3
    assert all_is_well()


def test_a_refusal_is_contested_once_and_a_person_looks_again(order):
    ana = staff_of(order.shop)
    report = reported(order, LAMP_01=1)
    with pytest.raises(RefusalNotContestable):
        contest_refusal(report.pk, "Not yet refused", by="shopper")
    refused(report, ana)

    with pytest.raises(RefusalNotContestable):
        contest_refusal(report.pk, " ", by="shopper")
    contest_refusal(report.pk, "Je ne connais pas M. Petit.", by="shopper")
    report.refresh_from_db()
    assert report.state == ReportState.OPEN
    assert lines(order)["LAMP-01"].missing_quantity == 1
    refused(report, ana)

    with pytest.raises(RefusalNotContestable):
        contest_refusal(report.pk, "Again", by="shopper")
    assert all_is_well()


def test_goods_returned_after_a_refusal_cannot_be_contested_as_missing(order):
    report = reported(order, LAMP_01=3)
    refused(report, staff_of(order.shop))
    requested_return(order, {"LAMP-01": 1})

    with pytest.raises(PiecesNotMissing):
        contest_refusal(report.pk, "They are not here.", by="shopper")

    report.refresh_from_db()
    assert report.state == ReportState.CLOSED
    assert all_is_well()


def test_the_customer_ends_the_contract_once_the_period_is_over(order):
    report = reported(order)

    with pytest.raises(TerminationTooEarly):
        end_contract(report.pk, EndGround.PERIOD_OVER, by="shopper", is_customer=True)
    long_ago(report)
    ended = end_contract(report.pk, EndGround.PERIOD_OVER, by="shopper", is_customer=True)
    run_jobs()

    ended_on = today("Europe/Paris")
    assert ended.ended_on == ended_on
    duty = Duty.objects.get(non_delivery=report, kind=DutyKind.REFUND)
    assert duty.due_on == ended_on + timedelta(days=14)  # C. conso. L216-7
    assert (duty.sum_minor, duty.rules, duty.done_at) == (13080, ["FR-GL-12"], None)
    assert "L216-7" in Message.objects.get(kind="missing_ended").text
    with pytest.raises(ContractEnded):
        announce_day(report.pk, ended_on + timedelta(days=3), by="staff:Ana")


@pytest.mark.parametrize(
    ("late", "minor", "percent"), [(1, 1308, 10), (14, 1308, 10), (20, 2616, 20), (31, 6540, 50)]
)
def test_a_refund_that_is_late_costs_ten_twenty_or_fifty_percent(order, late, minor, percent):
    report = reported(order)
    end_contract(report.pk, EndGround.ESSENTIAL_DATE, by="staff:Ana")
    run_jobs()

    duty = Duty.objects.get(non_delivery=report, kind=DutyKind.REFUND)
    cost = cost_on(duty, duty.due_on + timedelta(days=late))
    assert (cost.minor, cost.percent) == (minor, percent)
    assert cost_on(duty, duty.due_on) is None
    assert [step.percent for step in ladder_of(duty, duty.due_on)][:3] == [10, 20, 50]


def test_the_duty_ends_when_the_money_is_there(order):
    report = reported(order)
    end_contract(report.pk, EndGround.SHOP_CANNOT, by="staff:Ana")
    run_jobs()

    refunded(report)
    run_jobs()
    assert Duty.objects.filter(non_delivery=report, done_at=None).count() == 1
    paid_by_hand()

    assert not Duty.objects.filter(non_delivery=report, done_at=None).exists()


def test_a_country_whose_law_names_no_day_has_no_duty_to_refund(order):
    Order.objects.filter(pk=order.pk).update(country="DE")
    report = reported(order)

    end_contract(report.pk, EndGround.SHOP_CANNOT, by="staff:Ana")
    run_jobs()

    assert not Duty.objects.filter(non_delivery=report, kind=DutyKind.REFUND).exists()
    assert Message.objects.filter(kind="missing_ended").exists()


def test_a_second_persons_no_opens_the_pieces_again(order):
    ana, boss = staff_of(order.shop, Role.AGENT), staff_of(order.shop, name="Lea Roux")
    change_limit(
        order.shop,
        role=Spender.AGENT,
        kind=LimitKind.REFUND,
        currency="EUR",
        amount_minor=100,
        staff=boss,
        by="staff:Lea Roux",
    )
    report = reported(order, LAMP_01=1)
    answer = refunded(report, ana)
    run_jobs()
    assert Refund.objects.get().state == "reserved"

    answer_approval(Approval.objects.get().pk, grants=False, staff=boss, by="staff:Lea Roux")
    run_jobs()

    report.refresh_from_db()
    assert (report.state, report.lines.get().open_quantity) == (ReportState.OPEN, 1)
    assert lines(order)["LAMP-01"].missing_quantity == 1
    answer.refresh_from_db()
    assert answer.called_off_at is not None
    assert refunded(report, boss).settlement.gross_minor == 3333
    assert all_is_well()


def test_reports_are_heard_where_parcels_are_said_not_to_arrive(order):
    for number in ("1003", "1004", "1005"):
        reported(order_of(order.shop, number=number, lines=(BOWL,)))
    rma = received_return(order, {"LAMP-01": 1})

    again = Return.objects.get(pk=rma.pk)
    facts = gather(order.shopper, order=order, rma=again, moment=now())

    assert facts.missing_days == (0, 0, 0)
    assert DETECTOR.judge({"count": 3, "days": 365}, facts).numbers["count"] == 3
    assert DETECTOR.judge({"count": 4, "days": 365}, facts) is None


def test_erasure_waits_for_an_open_report(order):
    report = reported(order, LAMP_01=1)
    who = subject_of(order.shop.pk, EMAIL)

    assert report.number in open_matters(who)
    note_arrived(report.pk, by="shopper")

    assert report.number not in open_matters(who)


def at_once(*calls):
    """What each call gave, all begun in the same moment; a refusal is given back too."""
    start = Barrier(len(calls))

    def run(call):
        start.wait()
        try:
            return call()
        except Exception as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))


MANY_WRITERS = pytest.mark.skipif(
    connection.vendor == "sqlite", reason="one writer at a time in memory"
)


@MANY_WRITERS
def test_two_agents_at_once_refund_once(order):
    report = reported(order, LAMP_01=3)

    found = at_once(lambda: refunded(report), lambda: refunded(report))

    assert sorted(type(one).__name__ for one in found) == ["NonDeliveryAnswer", "NonDeliveryClosed"]
    assert Settlement.objects.count() == 1
    assert all_is_well()


@MANY_WRITERS
def test_a_piece_is_returned_or_reported_whoever_is_first(order):
    found = at_once(
        lambda: reported(order, LAMP_01=3), lambda: requested_return(order, {"LAMP-01": 1})
    )

    names = {type(one).__name__ for one in found}
    assert names in ({"NonDelivery", "QuantityExceedsBought"}, {"PiecesNotMissing", "Return"})
    assert all_is_well()


def test_an_answer_never_stands_without_its_money(order):
    report = reported(order, LAMP_01=1)

    with pytest.raises(IntegrityError), transaction.atomic():
        NonDeliveryAnswer.objects.create(
            shop=order.shop, report=report, kind="refunded", by="test", at=now()
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        NonDeliveryAnswer.objects.create(
            shop=order.shop, report=report, kind="refused", reason="not_due", by="test", at=now()
        )
