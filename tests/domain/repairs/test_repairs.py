"""A repair under the guarantee: the piece comes, is mended, goes back; or something else comes."""

from datetime import timedelta

import pytest
from tests.world import LAMP, MUG, findings, order_of, run_jobs, small_shop

from rebond.domain import law
from rebond.domain.discussions.actions import close_return
from rebond.domain.duties.actions import review_return
from rebond.domain.duties.cost import ladder_of
from rebond.domain.duties.kinds import DutyKind
from rebond.domain.exchanges.actions import agree_exchange
from rebond.domain.exchanges.wishes import Instead as OtherGoods
from rebond.domain.law.calendar import add_months
from rebond.domain.orders.models import OrderLine
from rebond.domain.policies.queries import policy_for
from rebond.domain.refunds.actions import settle_return
from rebond.domain.refunds.errors import RepairOpen
from rebond.domain.refunds.models import Refund
from rebond.domain.refunds.queries import expected_for
from rebond.domain.refunds.ways import Channel, Yes
from rebond.domain.repairs.actions import ask_for_money, send_repair_back, turn_repair
from rebond.domain.repairs.errors import (
    MoneyNotDue,
    ReasonForShopperMissing,
    RepairMoved,
    ShopperChooses,
)
from rebond.domain.repairs.models import Repair
from rebond.domain.repairs.queries import repair_of
from rebond.domain.repairs.states import Instead, TurnGround
from rebond.domain.returns.actions import (
    approve_return,
    cancel_return,
    reopen_return,
    request_return,
)
from rebond.domain.returns.errors import IllegalTransition, RepairNotPossible
from rebond.domain.returns.facts import facts_of
from rebond.domain.returns.models import Reason, Return
from rebond.domain.returns.states import RequestState
from rebond.domain.returns.wishes import Wish
from rebond.domain.warehouse.actions import (
    add_location,
    finish_work,
    inspect_return,
    place_unit,
    receive_return,
    redirect_unit,
)
from rebond.domain.warehouse.errors import BelongsToShopper, DetailMissing, WrongPlace
from rebond.domain.warehouse.grades import Disposition
from rebond.domain.warehouse.kinds import Place, UnitState
from rebond.domain.warehouse.models import Movement, Unit, WorkOrder
from rebond.insights.verification.promises import quantity_cap
from rebond.kernel.clock import now, today
from rebond.outbound.notifications.models import Message

pytestmark = pytest.mark.django_db(transaction=True)

POLICY = {
    "rules": [
        {"kind": "window", "days": 30, "starts_at": "delivery"},
        {"kind": "outcomes", "offered": ["refund", "repair"]},
    ]
}


def asked(order, *, reason="defective", quantity=1, outcome="repair", sku="LAMP-01"):
    line = order.lines.get(sku=sku)
    rma = request_return(
        order,
        [Wish(line.pk, quantity, reason, outcome=outcome)],
        policy=policy_for(order, now()),
        asked_at=now(),
        language="en",
        by="shopper",
    )
    if rma.request_state == RequestState.REQUESTED:
        rma = approve_return(rma.pk, by="staff:Ana")
    run_jobs()
    return fresh(rma)


def fresh(rma):
    return Return.objects.get(pk=rma.pk)


def received(order, **more):
    rma = asked(order, **more)
    receive_return(rma.pk, {line.pk: 1 for line in rma.lines.all()}, note="", by="staff:Karim")
    return fresh(rma)


def inspected(order, **more):
    rma = received(order, **more)
    inspect_return(rma.pk, findings(rma), by="staff:Karim")
    run_jobs()
    return fresh(rma)


def worked(rma, way=Disposition.REPAIR):
    work = WorkOrder.objects.get(unit__inspection__line__rma=rma)
    finish_work(
        rma.shop,
        work.pk,
        steps=["Switch replaced"],
        minutes=20,
        parts_minor=350,
        note="",
        disposition=way,
        by="staff:Karim",
    )
    run_jobs()


def sent_back(rma):
    return send_repair_back(rma.pk, carrier="Colissimo", tracking_number="8R123", by="staff:Karim")


def state_of(rma):
    return rma.repairs.get().state


def test_a_faulty_lamp_is_repaired_and_sent_back_without_a_refund():
    order = order_of(small_shop(policy=POLICY))
    rma = inspected(order)
    assert state_of(rma) == "in_repair"
    worked(rma)
    assert state_of(rma) == "repaired"

    repair = sent_back(rma)
    run_jobs()

    assert (repair.state, repair.tracking_number) == ("sent_back", "8R123")
    assert fresh(rma).request_state == RequestState.CLOSED
    assert not Refund.objects.exists()
    assert OrderLine.objects.get(sku="LAMP-01").returned_quantity == 0
    letter = Message.objects.get(kind="repair_sent_back")
    assert "8R123" in letter.text


def test_what_came_back_repaired_can_be_returned_again():
    order = order_of(small_shop(policy=POLICY), lines=(MUG,))
    rma = inspected(order, sku="MUG-07")
    worked(rma)
    sent_back(rma)
    assert list(quantity_cap()) == []

    line = order.lines.get()
    again = request_return(
        order,
        [Wish(line.pk, 2, "changed_mind")],
        policy=policy_for(order, now()),
        asked_at=now(),
        language="en",
        by="shopper",
    )

    assert again.lines.get().quantity == 2  # both mugs, the repaired one too


def test_no_money_goes_while_a_repair_is_open():
    order = order_of(small_shop(policy=POLICY))
    rma = inspected(order)

    with pytest.raises(RepairOpen):
        settle_return(rma.pk, by="staff:Ana")
    assert expected_for(rma) is None
    assert not Refund.objects.exists()


def test_other_goods_are_not_agreed_while_a_repair_is_open():
    rma = inspected(order_of(small_shop(policy=POLICY)))
    line = rma.lines.get()

    with pytest.raises(RepairOpen):
        agree_exchange(
            rma.pk, [OtherGoods(line.pk, "LAMP-01", 1)], Yes(Channel.PHONE, "C"), by="staff:Ana"
        )


def test_a_shoppers_piece_never_becomes_stock():
    shop = small_shop(policy=POLICY)
    rma = inspected(order_of(shop))
    shelf = add_location(shop, "Aisle 3", Place.SELLABLE, by="staff:Karim")
    unit = Unit.objects.get()
    with pytest.raises(BelongsToShopper):
        redirect_unit(shop, unit.pk, Disposition.RESTOCK, why="looks new", by="staff:Karim")
    with pytest.raises(DetailMissing):
        worked(rma, Disposition.RESTOCK)
    worked(rma)
    with pytest.raises(WrongPlace):
        place_unit(shop, unit.pk, shelf.pk, by="staff:Karim")

    sent_back(rma)

    assert Unit.objects.get().state == UnitState.GIVEN_BACK
    assert not Movement.objects.exists()


def test_a_repair_prolongs_the_guarantee_and_a_later_claim_is_judged_by_it():
    order = order_of(small_shop(policy=POLICY), days_since_delivery=700)
    rma = inspected(order)
    worked(rma)

    repair = sent_back(rma)

    delivered = order.deliveries.get().delivered_on
    ends = law.guarantee_ends_on(delivered)
    assert repair.guaranteed_until == add_months(ends, 6)  # mended on the same day
    line = order.lines.get(sku="LAMP-01")
    wish = Wish(line.pk, 1, "defective")
    reason = Reason.objects.get(code="defective")
    facts = facts_of(order, [(wish, line, reason)], asked_at=now() + timedelta(days=150))
    assert facts.lines[0].guaranteed_until == repair.guaranteed_until.isoformat()
    assert facts.asked_on.isoformat() <= facts.lines[0].guaranteed_until


def test_days_on_the_bench_are_added_to_the_guarantee():
    order = order_of(small_shop(policy=POLICY), days_since_delivery=100)
    rma = inspected(order)
    worked(rma)
    Repair.objects.update(asked_on=today("Europe/Paris") - timedelta(days=20))

    repair = sent_back(rma)

    moved = law.guarantee_ends_on(order.deliveries.get().delivered_on, immobilised_days=20)
    assert repair.guaranteed_until == add_months(moved, 6)


def test_after_the_return_window_the_guarantee_opens_repair_and_replacement():
    order = order_of(small_shop(policy=POLICY), days_since_delivery=200)

    rma = asked(order)

    offered = rma.terms["terms"]["outcomes"]
    assert {"repair", "replacement"} <= set(offered)
    found = rma.terms["findings"][0]
    assert found["code"] == "late_but_guaranteed"
    delivered = order.deliveries.get().delivered_on
    assert found["numbers"]["guaranteed_until"] == law.guarantee_ends_on(delivered).isoformat()


def test_a_repair_is_not_offered_for_what_is_not_faulty():
    order = order_of(small_shop(policy=POLICY))

    rma = asked(order, reason="changed_mind", outcome="refund")

    assert "repair" not in rma.terms["terms"]["outcomes"]


def test_a_repair_is_of_faulty_pieces():
    order = order_of(small_shop(policy=POLICY))

    with pytest.raises(RepairNotPossible) as refusal:
        asked(order, reason="changed_mind")

    assert refusal.value.facts["why"] == "no_fault"


def test_a_repair_and_a_refund_are_two_requests():
    order = order_of(small_shop(policy=POLICY), lines=(LAMP, MUG))
    wishes = [
        Wish(order.lines.get(sku="LAMP-01").pk, 1, "defective", outcome="repair"),
        Wish(order.lines.get(sku="MUG-07").pk, 1, "changed_mind"),
    ]

    with pytest.raises(RepairNotPossible) as refusal:
        request_return(
            order,
            wishes,
            policy=policy_for(order, now()),
            asked_at=now(),
            language="en",
            by="shopper",
        )

    assert refusal.value.facts == {"sku": "LAMP-01", "why": "mixed"}
    assert not Return.objects.exists()
    assert not OrderLine.objects.filter(returned_quantity__gt=0).exists()


def test_a_claim_that_is_turned_down_goes_back_as_it_is():
    order = order_of(small_shop(policy=POLICY))
    rma = received(order)
    finding = findings(rma)[0]
    refused = type(finding)(
        finding.line_id, 1, finding.grade, finding.disposition, is_accepted=False, note="Dropped"
    )
    inspect_return(rma.pk, [refused], by="staff:Karim")
    run_jobs()
    assert state_of(rma) == "refused"
    assert "Dropped" in Message.objects.get(kind="repair_refused").text

    repair = sent_back(rma)

    assert repair.guaranteed_until is None  # nothing was mended
    assert OrderLine.objects.get(sku="LAMP-01").returned_quantity == 0


def test_a_failed_repair_lets_the_shopper_have_their_money():
    shop = small_shop(policy=POLICY)
    rma = inspected(order_of(shop))
    worked(rma, Disposition.QUARANTINE)
    assert state_of(rma) == "failed"
    assert Message.objects.filter(kind="repair_failed").exists()
    with pytest.raises(ShopperChooses):
        turn(rma, Instead.REFUND, TurnGround.IMPOSSIBLE)
    ask_for_money(rma.pk, by="shopper")

    turn(rma, Instead.REFUND, TurnGround.IMPOSSIBLE)
    run_jobs()

    assert Refund.objects.get().amount_minor == 3333  # one of three lamps for 100.00
    assert Unit.objects.get().state == UnitState.QUARANTINE
    assert OrderLine.objects.get(sku="LAMP-01").returned_quantity == 1


def turn(rma, into, ground, note="The circuit is burnt and no longer made."):
    return turn_repair(rma.pk, into, ground=ground, note=note, by="staff:Ana")


def test_a_repair_that_is_too_dear_becomes_a_replacement_with_a_reason_in_writing():
    rma = inspected(order_of(small_shop(policy=POLICY)))
    with pytest.raises(ReasonForShopperMissing):
        turn(rma, Instead.REPLACEMENT, TurnGround.TOO_DEAR, note=" ")

    turn(rma, Instead.REPLACEMENT, TurnGround.TOO_DEAR)
    run_jobs()

    assert rma.lines.get().outcome == "replacement"
    assert not Refund.objects.exists()
    assert "no longer made" in Message.objects.get(kind="repair_turned").text
    assert WorkOrder.objects.get().ended_at is not None


def test_the_money_can_be_asked_for_once_thirty_days_are_over():
    rma = inspected(order_of(small_shop(policy=POLICY)))
    with pytest.raises(MoneyNotDue):
        ask_for_money(rma.pk, by="shopper")
    Repair.objects.update(asked_on=today("Europe/Paris") - timedelta(days=31))
    assert repair_of(rma, today("Europe/Paris")).is_late

    repair = ask_for_money(rma.pk, by="shopper")

    assert repair.is_money_asked
    assert not repair_of(rma, today("Europe/Paris")).may_ask_money  # asked once


def test_the_duty_starts_with_the_claim_and_ends_when_the_piece_is_sent_back():
    rma = inspected(order_of(small_shop(policy=POLICY)))
    duty = {one.kind: one for one in review_return(rma.pk)}
    assert DutyKind.REFUND not in duty
    assert duty[DutyKind.CONFORMITY].due_on == law.conformity_due_on(today("Europe/Paris"))
    assert duty[DutyKind.CONFORMITY].done_at is None
    worked(rma)

    sent_back(rma)
    run_jobs()

    assert rma.duties.get(kind=DutyKind.CONFORMITY).done_at is not None


def test_a_return_is_not_closed_while_its_piece_is_on_the_bench():
    rma = inspected(order_of(small_shop(policy=POLICY)))

    with pytest.raises(IllegalTransition):
        close_return(rma.pk, by="staff:Ana")


def test_what_was_given_back_is_not_taken_up_again():
    rma = inspected(order_of(small_shop(policy=POLICY)))
    worked(rma)
    sent_back(rma)

    with pytest.raises(IllegalTransition):
        reopen_return(rma.pk, by="staff:Ana")
    with pytest.raises(RepairMoved):
        sent_back(rma)


def test_a_repair_called_off_can_be_taken_up_again():
    rma = asked(order_of(small_shop(policy=POLICY)))
    cancel_return(rma.pk, by="shopper")
    run_jobs()
    assert state_of(rma) == "over"

    reopen_return(rma.pk, by="staff:Ana")
    approve_return(rma.pk, by="staff:Ana")
    run_jobs()

    assert state_of(rma) == "awaited"


def test_money_instead_of_a_repair_is_due_in_fourteen_days_of_the_turn():
    shop = small_shop(policy=POLICY)
    rma = inspected(order_of(shop, days_since_delivery=200))
    worked(rma, Disposition.QUARANTINE)
    ask_for_money(rma.pk, by="shopper")
    turn(rma, Instead.REFUND, TurnGround.IMPOSSIBLE)
    review_return(rma.pk)

    duty = rma.duties.get(kind=DutyKind.REFUND)

    assert duty.due_on == today("Europe/Paris") + timedelta(days=14)
    assert "FR-GL-07" in duty.rules
    assert ladder_of(duty, duty.due_on + timedelta(days=20)) == []
