"""Several pieces in one repair: they share one fate, or part."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.domain.repairs.test_repairs import POLICY, asked, fresh, sent_back, state_of, turn
from tests.world import LAMP, MUG, findings, order_of, run_jobs, small_shop

from rebond.domain import law
from rebond.domain.duties.kinds import DutyKind
from rebond.domain.duties.models import Duty
from rebond.domain.law.calendar import add_months
from rebond.domain.orders.models import OrderLine
from rebond.domain.policies.queries import policy_for
from rebond.domain.refunds.models import Refund
from rebond.domain.repairs.actions import ask_for_money
from rebond.domain.repairs.models import Repair
from rebond.domain.repairs.states import Instead, TurnGround
from rebond.domain.returns.actions import request_return
from rebond.domain.returns.facts import facts_of
from rebond.domain.returns.models import Reason, Return
from rebond.domain.returns.reading import count_of_order
from rebond.domain.returns.wishes import Wish
from rebond.domain.warehouse.actions import finish_work, inspect_return, receive_return
from rebond.domain.warehouse.grades import Disposition
from rebond.domain.warehouse.kinds import UnitState
from rebond.domain.warehouse.models import Unit, WorkOrder
from rebond.insights.verification.promises import dense_events, events_written, quantity_cap
from rebond.kernel.clock import now, today
from rebond.outbound.notifications.models import Message

pytestmark = pytest.mark.django_db(transaction=True)


def received(rma):
    counts = {line.pk: line.quantity for line in rma.lines.all()}
    receive_return(rma.pk, counts, note="", by="staff:Karim")
    return fresh(rma)


def on_the_bench(order, quantity):
    rma = received(asked(order, quantity=quantity))
    inspect_return(rma.pk, findings(rma), by="staff:Karim")
    run_jobs()
    return fresh(rma)


def work(rma, way=Disposition.REPAIR):
    """End the oldest open work order of the return."""
    row = WorkOrder.objects.filter(unit__inspection__line__rma=rma, ended_at=None)
    finish_work(
        rma.shop,
        row.earliest("opened_at", "id").pk,
        steps=["Switch replaced"],
        minutes=20,
        parts_minor=350,
        note="",
        disposition=way,
        by="staff:Karim",
    )
    run_jobs()


def promises_kept():
    return [
        text for check in (quantity_cap, events_written, dense_events) for text in check()
    ] == []


def end_for(order, pieces, *, days=0):
    line = order.lines.get(sku="LAMP-01")
    reason = Reason.objects.get(code="defective")
    wish = Wish(line.pk, pieces, "defective")
    facts = facts_of(order, [(wish, line, reason)], asked_at=now() + timedelta(days=days))
    return facts.lines[0].guaranteed_until


def test_a_repair_waits_for_all_its_pieces():
    rma = on_the_bench(order_of(small_shop(policy=POLICY)), quantity=2)
    work(rma)
    assert state_of(rma) == "in_repair"

    work(rma)

    assert state_of(rma) == "repaired"
    assert Return.objects.count() == 1
    sent_back(rma)
    run_jobs()
    assert OrderLine.objects.get(sku="LAMP-01").returned_quantity == 0
    assert {unit.state for unit in Unit.objects.all()} == {UnitState.GIVEN_BACK}
    assert "Your articles are repaired" in Message.objects.get(kind="repair_sent_back").text
    assert promises_kept()


def test_two_lines_are_repaired_in_one_request():
    order = order_of(small_shop(policy=POLICY), lines=(LAMP, MUG))
    wishes = [Wish(line.pk, 1, "defective", outcome="repair") for line in order.lines.all()]

    rma = request_return(
        order,
        wishes,
        policy=policy_for(order, now()),
        asked_at=now(),
        language="en",
        by="shopper",
    )

    assert rma.is_repair
    assert rma.lines.count() == 2


@pytest.mark.parametrize("order_of_work", [("repair", "quarantine"), ("quarantine", "repair")])
def test_a_piece_that_cannot_be_mended_goes_its_own_way(order_of_work):
    order = order_of(small_shop(policy=POLICY))
    rma = on_the_bench(order, quantity=2)

    for way in order_of_work:
        work(rma, Disposition(way))

    apart = Return.objects.get(split_from=rma)
    assert (state_of(rma), state_of(apart)) == ("repaired", "failed")
    assert (rma.lines.get().quantity, apart.lines.get().quantity) == (1, 1)
    assert Unit.objects.get(inspection__line__rma=apart).disposition == "quarantine"
    assert Unit.objects.get(inspection__line__rma=rma).disposition == "repair"
    assert order.lines.get(sku="LAMP-01").returned_quantity == 2
    letter = Message.objects.get(kind="repair_failed")
    assert letter.rma_id == apart.pk
    assert rma.number in letter.text
    duty = Duty.objects.get(rma=apart, kind=DutyKind.CONFORMITY)
    assert duty.due_on == law.conformity_due_on(today("Europe/Paris"))
    assert promises_kept()


def test_the_money_of_the_one_and_the_way_back_of_the_other_are_exact():
    order = order_of(small_shop(policy=POLICY))
    rma = on_the_bench(order, quantity=2)
    work(rma)
    work(rma, Disposition.QUARANTINE)
    apart = Return.objects.get(split_from=rma)

    sent_back(rma)
    ask_for_money(apart.pk, by="shopper")
    turn(apart, Instead.REFUND, TurnGround.IMPOSSIBLE)
    run_jobs()

    assert Refund.objects.get().amount_minor == 3333  # one of three lamps for 100.00
    assert Refund.objects.get().settlement.rma_id == apart.pk
    assert order.lines.get(sku="LAMP-01").returned_quantity == 1
    assert promises_kept()


def test_pieces_of_which_the_claim_is_wrong_go_back_by_themselves():
    order = order_of(small_shop(policy=POLICY))
    rma = received(asked(order, quantity=3))
    found = findings(rma)[0]
    refused = replace(found, quantity=1, is_accepted=False, note="Dropped on the floor")

    inspect_return(rma.pk, [replace(found, quantity=2), refused], by="staff:Karim")
    run_jobs()

    apart = Return.objects.get(split_from=rma)
    assert (state_of(rma), state_of(apart)) == ("in_repair", "refused")
    assert (fresh(rma).inspection_state, apart.inspection_state) == ("compliant", "non_compliant")
    letter = Message.objects.get(kind="repair_refused")
    assert letter.rma_id == apart.pk
    assert "Dropped on the floor" in letter.text
    sent_back(apart)
    assert order.lines.get(sku="LAMP-01").returned_quantity == 2
    assert promises_kept()


def test_only_the_pieces_that_were_repaired_are_guaranteed_longer():
    order = order_of(small_shop(policy=POLICY), days_since_delivery=700)
    ends = law.guarantee_ends_on(order.deliveries.get().delivered_on)
    rma = on_the_bench(order, quantity=2)
    work(rma)
    work(rma)

    sent_back(rma)

    longer = add_months(ends, 6).isoformat()
    assert order.lines.get(sku="LAMP-01").piece_guarantees == [longer, longer]
    assert [end_for(order, pieces) for pieces in (1, 2, 3)] == [longer, longer, ends.isoformat()]


def test_a_second_repair_prolongs_each_piece_from_its_own_end():
    order = order_of(small_shop(policy=POLICY), days_since_delivery=100)
    ends = law.guarantee_ends_on(order.deliveries.get().delivered_on)
    for pieces in (1, 2):
        rma = on_the_bench(order, quantity=pieces)
        for _ in range(pieces):
            work(rma)
        repair = sent_back(rma)

    kept = order.lines.get(sku="LAMP-01").piece_guarantees
    assert kept == [
        add_months(add_months(ends, 6), 6).isoformat(),
        add_months(ends, 6).isoformat(),
    ]
    assert repair.guaranteed_until == add_months(ends, 6)  # of both, the first


def test_pieces_that_part_are_no_further_request_of_their_shopper():
    order = order_of(small_shop(policy=POLICY))
    rma = on_the_bench(order, quantity=2)

    work(rma)
    work(rma, Disposition.QUARANTINE)

    assert Return.objects.count() == 2
    assert count_of_order(order.shop_id, order.pk, but=None) == 1
    assert Repair.objects.count() == 2
