"""Split payments, refunds from an order, limits with a second person, disputes, deadlines."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from tests.world import (
    EMAIL,
    findings,
    order_of,
    received_return,
    requested_return,
    small_shop,
    staff_of,
)

from rebond.domain.duties.jobs import settle_by_law
from rebond.domain.orders.actions import enter_order
from rebond.domain.orders.models import Payment
from rebond.domain.orders.new import NewLine, NewOrder, NewPayment, NewShopper
from rebond.domain.policies.presets import GENEROUS
from rebond.domain.policies.queries import policy_in_force
from rebond.domain.refunds import actions
from rebond.domain.refunds.errors import (
    AlreadyAnswered,
    AlreadySettled,
    ConsentNeeded,
    LimitTooLow,
    PaymentDisputed,
    QuoteRefused,
    ReasonNeeded,
    RefundExceedsPaid,
    RestockExceedsPieces,
    TwoPeopleNeeded,
)
from rebond.domain.refunds.limits import LimitKind
from rebond.domain.refunds.models import (
    Approval,
    Consent,
    Dispute,
    LimitChange,
    MoneyLimit,
    MoneyTask,
    Settlement,
)
from rebond.domain.refunds.ports import Answer, DisputeState, KnownDispute, Outcome
from rebond.domain.refunds.queries import preview_of
from rebond.domain.refunds.ways import Channel, ChosenWay, Way, Yes
from rebond.domain.refunds.wishes import OrderRefund, WantedCharge, WantedPieces
from rebond.domain.returns.models import Return
from rebond.domain.returns.wishes import Wish
from rebond.domain.shipping.actions import announce_parcel, note_hand_in
from rebond.domain.shoppers.models import Shopper
from rebond.domain.shops.access import Role
from rebond.domain.warehouse.actions import inspect_return
from rebond.insights.verification.promises import PROMISES
from rebond.kernel.clock import now
from rebond.kernel.models import Event
from rebond.kernel.money import Money
from rebond.outbound.notifications.models import Message
from rebond.outbound.telling.sums import sum_of, titles_of

pytestmark = pytest.mark.django_db

YES = Yes(Channel.PHONE, EMAIL)


def line_of(order, sku):
    return order.lines.get(sku=sku)


def wish(order, sku="LAMP-01", quantity=1, **more):
    pieces = (WantedPieces(line_of(order, sku).pk, quantity),)
    return OrderRefund(**({"pieces": pieces, "reason": "goodwill"} | more))


def split_order(shop, *payments, number="2001"):
    total = sum(payment.captured_minor for payment in payments)
    told = NewOrder(
        number=number,
        ordered_at=now() - timedelta(days=8),
        currency="EUR",
        shopper=NewShopper(email=EMAIL, name="Camille", country="FR", postcode="75005"),
        lines=(NewLine("LAMP-01", "Paper lamp", 2, total),),
        payments=tuple(payments),
        delivered_on=(now() - timedelta(days=5)).date(),
    )
    return enter_order(shop, told, source="test", by="test")


def all_promises_hold():
    return [breach for promise in PROMISES for breach in promise.breaches()]


# --- split tender ---------------------------------------------------------------------------


def test_money_goes_back_in_the_merchants_order():
    shop = small_shop()
    actions.set_tender_order(shop, ["gift_card", "card"], by="staff:Ana")
    card = NewPayment("paper", "card", "pay_card", 6000)
    gift = NewPayment("paper", "gift_card", "pay_gift", 4000)
    order = split_order(shop, card, gift)

    settlement = actions.refund_order(order.pk, wish(order), by="staff:Ana")

    parts = {r.payment.method: r.amount_minor for r in settlement.refunds.all()}
    assert parts == {"gift_card": 4000, "card": 1000}  # 50.00 of 100.00
    assert sum(t["amount_minor"] for t in settlement.breakdown["tenders"]) == 5000
    assert not all_promises_hold()


def test_without_a_rule_money_goes_back_in_the_order_of_paying():
    shop = small_shop()
    card = NewPayment("paper", "card", "pay_card", 6000)
    gift = NewPayment("paper", "gift_card", "pay_gift", 4000)
    order = split_order(shop, card, gift)

    settlement = actions.refund_order(order.pk, wish(order), by="staff:Ana")

    assert [(r.payment.method, r.amount_minor) for r in settlement.refunds.all()] == [
        ("card", 5000)
    ]


def test_a_full_only_payment_is_not_cut_and_the_rest_waits_for_a_way():
    shop = small_shop()
    order = split_order(
        shop,
        NewPayment("paper", "card", "pay_card", 2000),
        NewPayment("paper", "wallet", "pay_wallet", 8000),
    )
    Payment.objects.filter(order=order, method="wallet").update(can_refund_partly=False)

    settlement = actions.refund_order(order.pk, wish(order), by="staff:Ana")

    parts = {r.provider: (r.amount_minor, r.state) for r in settlement.refunds.all()}
    assert parts == {"paper": (2000, "reserved"), "": (3000, "requires_action")}
    assert MoneyTask.objects.get(order=order, kind="no_way").facts["amount_minor"] == 3000
    assert not all_promises_hold()


def test_money_without_a_way_takes_one_with_the_shoppers_yes():
    shop = small_shop()
    order = split_order(shop, NewPayment("paper", "voucher", "pay_v", 10000))
    Payment.objects.filter(order=order).update(can_refund=False)
    settlement = actions.refund_order(order.pk, wish(order), by="staff:Ana")
    stuck = settlement.refunds.get()

    with pytest.raises(ConsentNeeded):
        actions.send_another_way(stuck.pk, ChosenWay(Way.BY_HAND), by="staff:Ana")
    fresh = actions.send_another_way(stuck.pk, ChosenWay(Way.BY_HAND, yes=YES), by="staff:Ana")

    stuck.refresh_from_db()
    assert (stuck.state, fresh.state, fresh.provider) == ("cancelled", "reserved", "paper")
    assert Payment.objects.get(order=order).refund_reserved_minor == 5000
    consent = Consent.objects.get(settlement=settlement)
    assert (consent.money_minor, consent.channel, consent.given_by) == (5000, "phone", EMAIL)
    assert not MoneyTask.objects.filter(order=order, closed_at=None).exists()
    assert not all_promises_hold()


# --- straight from an order -----------------------------------------------------------------


def test_an_order_is_refunded_without_a_return():
    order = order_of(small_shop())
    shipping = order.charges.get()
    chosen = OrderRefund(
        pieces=(
            WantedPieces(line_of(order, "MUG-07").pk, 1, restocked=1, restocked_at="Lyon"),
            WantedPieces(line_of(order, "LAMP-01").pk, 0, amount_minor=500),
        ),
        charges=(WantedCharge(shipping.pk, 100),),
        reason="late parcel",
        tells_shopper=False,
    )

    settlement = actions.refund_order(order.pk, chosen, by="staff:Ana")

    assert settlement.gross_minor == 1295 + 500 + 100  # one of two mugs, a price cut, 1.00
    assert (settlement.origin, settlement.tells_shopper, settlement.rma) == ("order", False, None)
    mug = settlement.lines.get(order_line__sku="MUG-07")
    assert (mug.restocked_quantity, mug.restocked_at) == (1, "Lyon")
    assert Event.objects.get(subject=order.pk, name="goods.restocked").payload["place"] == "Lyon"
    assert not all_promises_hold()


def test_goodwill_belongs_to_no_article_and_counts_against_what_is_left():
    order = order_of(small_shop())

    actions.refund_order(
        order.pk, OrderRefund(amount_minor=13000, reason="apology"), by="staff:Ana"
    )

    with pytest.raises(QuoteRefused):  # 130.80 paid, 80 cents left
        actions.refund_order(
            order.pk, OrderRefund(amount_minor=81, reason="apology"), by="staff:Ana"
        )


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"reason": "  "}, ReasonNeeded),
        ({"way": ChosenWay(Way.STORE_CREDIT)}, ConsentNeeded),
        ({"amount_minor": 13081}, QuoteRefused),
    ],
)
def test_a_wish_that_is_not_right_writes_nothing(change, refusal):
    order = order_of(small_shop())

    with pytest.raises(refusal):
        actions.refund_order(order.pk, replace(wish(order), **change), by="staff:Ana")

    assert not Settlement.objects.filter(order=order).exists()
    assert order.payments.get().refund_reserved_minor == 0


def test_no_more_is_put_back_than_is_refunded():
    order = order_of(small_shop())
    pieces = (WantedPieces(line_of(order, "MUG-07").pk, 1, restocked=2),)

    with pytest.raises(RestockExceedsPieces):
        actions.refund_order(order.pk, OrderRefund(pieces, reason="x"), by="staff:Ana")


# --- limits and the second person -----------------------------------------------------------


@pytest.fixture
def limited():
    """A shop whose agents refund 50.00 alone, with an agent, another one and a manager."""
    shop = small_shop()
    owner = staff_of(shop, name="Olga Owner")
    actions.change_limit(
        shop,
        role=Role.AGENT,
        kind=LimitKind.REFUND,
        currency="EUR",
        amount_minor=3000,
        staff=owner,
        by="staff:Olga",
    )
    agent = staff_of(shop, Role.AGENT, name="Ana Agent")
    other = staff_of(shop, Role.AGENT, name="Bo Agent")
    manager = staff_of(shop, Role.MANAGER, name="Mia Manager")
    return shop, agent, other, manager, owner


def test_above_the_limit_nothing_leaves_before_a_second_yes(limited, run_jobs):
    shop, agent, other, manager, _ = limited
    order = order_of(shop)

    settlement = actions.refund_order(order.pk, wish(order), by="staff:Ana", who=agent)
    run_jobs()

    refund = settlement.refunds.get()
    approval = Approval.objects.get(settlement=settlement)
    assert refund.state == "reserved" and not refund.attempts.exists()
    assert actions.arm_refund(refund.pk) is None
    with pytest.raises(TwoPeopleNeeded):
        actions.answer_approval(approval.pk, grants=True, staff=agent, by="staff:Ana")
    with pytest.raises(LimitTooLow):
        actions.answer_approval(approval.pk, grants=True, staff=other, by="staff:Bo")
    actions.answer_approval(approval.pk, grants=True, staff=manager, by="staff:Mia")
    run_jobs()
    refund.refresh_from_db()
    assert refund.state == "requires_action"  # paper: somebody pays by hand now
    with pytest.raises(AlreadyAnswered):
        actions.answer_approval(approval.pk, grants=False, staff=manager, by="staff:Mia")
    assert not all_promises_hold()


def test_a_no_frees_the_money_and_the_return_can_be_decided_anew(limited):
    shop, agent, _, manager, _ = limited
    rma = received_return(order_of(shop), {"LAMP-01": 1})
    inspect_return(rma.pk, findings(rma), by="staff:Karim")
    settlement = actions.settle_return(rma.pk, by="staff:Ana", staff=agent)

    approval = Approval.objects.get(settlement=settlement)
    actions.answer_approval(approval.pk, grants=False, staff=manager, by="staff:Mia")

    assert settlement.refunds.get().state == "cancelled"
    assert Payment.objects.get(order=rma.order).refund_reserved_minor == 0
    again = actions.settle_return(rma.pk, by="staff:Mia", staff=manager)
    assert again.gross_minor == settlement.gross_minor
    assert not all_promises_hold()


def test_what_was_called_off_is_not_counted_as_given_back(limited):
    shop, agent, _, manager, _ = limited
    rma = received_return(order_of(shop), {"LAMP-01": 3})
    inspect_return(rma.pk, findings(rma), by="staff:Karim")
    settlement = actions.settle_return(rma.pk, by="staff:Ana", staff=agent)
    approval = Approval.objects.get(settlement=settlement)
    actions.answer_approval(approval.pk, grants=False, staff=manager, by="staff:Mia")

    actions.settle_return(rma.pk, by="staff:Mia", staff=manager)

    assert not all_promises_hold()


@pytest.mark.parametrize("kind", [LimitKind.ORDER, LimitKind.SHOPPER, LimitKind.DAY])
def test_many_small_refunds_pass_a_limit_together(limited, kind):
    shop, agent, _, _, owner = limited
    actions.change_limit(
        shop,
        role=Role.AGENT,
        kind=kind,
        currency="EUR",
        amount_minor=2000,
        staff=owner,
        by="staff:Olga",
    )
    order = order_of(shop)
    first = actions.refund_order(
        order.pk, wish(order, "MUG-07"), by="staff:Ana", who=agent
    )  # 12.95
    elsewhere = order if kind is LimitKind.ORDER else order_of(shop, number="1002")

    second = actions.refund_order(
        elsewhere.pk, wish(elsewhere, "MUG-07"), by="staff:Ana", who=agent
    )

    assert not first.approvals.exists()
    approval = second.approvals.get()
    assert (approval.kind, approval.sum_minor, approval.limit_minor) == (kind, 2590, 2000)


def test_a_lower_limit_holds_at_once_and_a_higher_one_needs_two(limited):
    shop, _, _, manager, owner = limited
    about = {"role": Role.AGENT, "kind": LimitKind.REFUND, "currency": "EUR"}

    assert actions.change_limit(shop, **about, amount_minor=1000, staff=owner, by="staff:Olga")
    assert not actions.change_limit(shop, **about, amount_minor=None, staff=owner, by="staff:Olga")

    change = LimitChange.objects.get(shop=shop, is_granted=None)
    with pytest.raises(TwoPeopleNeeded):
        actions.answer_limit_change(change.pk, grants=True, staff=owner, by="staff:Olga")
    assert MoneyLimit.objects.get(shop=shop).amount_minor == 1000
    actions.answer_limit_change(change.pk, grants=True, staff=manager, by="staff:Mia")
    assert not MoneyLimit.objects.filter(shop=shop).exists()


# --- disputes -------------------------------------------------------------------------------


def complaint(order, state, minor=13080):
    payment = order.payments.get()
    return KnownDispute("dp_1", payment.reference, Money(minor, "EUR"), state)


def test_an_open_dispute_blocks_and_a_won_one_frees(run_jobs):
    order = order_of(small_shop())
    rma = received_return(order, {"LAMP-01": 1})
    actions.note_dispute(order.shop_id, "paper", complaint(order, DisputeState.OPEN))
    with pytest.raises(PaymentDisputed):
        actions.refund_order(order.pk, wish(order), by="staff:Ana")
    inspect_return(rma.pk, findings(rma), by="staff:Karim")
    run_jobs()
    kinds = set(
        MoneyTask.objects.filter(order=order, closed_at=None).values_list("kind", flat=True)
    )
    assert kinds == {"dispute", "blocked"}

    actions.note_dispute(order.shop_id, "paper", complaint(order, DisputeState.WON))
    run_jobs()

    assert Settlement.objects.get(rma=rma).gross_minor == 3333
    assert Payment.objects.get(order=order).refunded_outside_minor == 0
    left = MoneyTask.objects.filter(order=order, closed_at=None).values_list("kind", flat=True)
    assert set(left) == {"by_hand"}


def test_a_lost_dispute_consumes_what_the_bank_took():
    order = order_of(small_shop())
    waiting = actions.refund_order(order.pk, wish(order), by="staff:Ana").refunds.get()

    for _ in range(2):
        actions.note_dispute(order.shop_id, "paper", complaint(order, DisputeState.LOST))

    payment = order.payments.get()
    waiting.refresh_from_db()
    assert (payment.refunded_outside_minor, payment.left_minor) == (13080, 0)
    assert waiting.state == "cancelled"
    assert Dispute.objects.get(payment=payment).consumed_minor == 13080
    with pytest.raises(QuoteRefused):
        actions.refund_order(order.pk, wish(order, "MUG-07"), by="staff:Ana")
    assert not all_promises_hold()


@pytest.mark.parametrize("told", ["LW", "WL", "OLW", "LOW", "WLO", "LLWW", "OWLLO"])
def test_a_bank_that_gives_the_money_back_has_the_last_word_in_any_order(told):
    order = order_of(small_shop())
    states = {"O": DisputeState.OPEN, "L": DisputeState.LOST, "W": DisputeState.WON}

    for letter in told:
        actions.note_dispute(order.shop_id, "paper", complaint(order, states[letter]))

    payment = order.payments.get()
    assert (payment.refunded_outside_minor, payment.is_disputed) == (0, False)
    dispute = Dispute.objects.get(payment=payment)
    assert (dispute.state, dispute.consumed_minor) == ("won", 0)
    assert not MoneyTask.objects.filter(order=order, closed_at=None).exists()
    ends = Event.objects.filter(subject=order.pk, name="dispute.ended").order_by("sequence")
    assert [end.payload["is_won"] for end in ends][-1] is True
    assert len(ends) == 1 + (told.find("L") < told.find("W"))
    assert not all_promises_hold()


def test_a_refund_stopped_by_a_lost_dispute_goes_once_the_bank_gives_the_money_back():
    order = order_of(small_shop())
    stopped = actions.refund_order(order.pk, wish(order), by="staff:Ana").refunds.get()
    actions.note_dispute(order.shop_id, "paper", complaint(order, DisputeState.LOST))
    with pytest.raises(RefundExceedsPaid):
        actions.refund_again(stopped.pk, by="staff:Ana")

    actions.note_dispute(order.shop_id, "paper", complaint(order, DisputeState.WON))
    fresh = actions.refund_again(stopped.pk, by="staff:Ana")

    assert (fresh.state, fresh.amount_minor) == ("reserved", stopped.amount_minor)
    assert not MoneyTask.objects.filter(order=order, closed_at=None).exists()
    with pytest.raises(AlreadySettled):
        actions.refund_again(stopped.pk, by="staff:Ana")
    assert not all_promises_hold()


def test_a_refund_that_was_decided_is_not_sent_while_the_bank_holds_the_money():
    order = order_of(small_shop())
    refund = actions.refund_order(order.pk, wish(order), by="staff:Ana").refunds.get()

    actions.note_dispute(order.shop_id, "paper", complaint(order, DisputeState.OPEN))

    assert actions.arm_refund(refund.pk) is None
    refund.refresh_from_db()
    assert refund.state == "reserved" and refund.next_check_at > now()


# --- recovery -------------------------------------------------------------------------------


def test_a_failed_refund_asks_a_person_until_it_goes_another_way():
    order = order_of(small_shop(), provider="simulator")
    failed = actions.refund_order(order.pk, wish(order), by="staff:Ana").refunds.get()
    armed = actions.arm_refund(failed.pk)
    refused = Answer(Outcome.REFUSED, code="account_closed")
    actions.settle_refund(failed.pk, armed.token, refused)
    task = MoneyTask.objects.get(refund=failed)
    assert (task.kind, task.facts["code"], task.closed_at) == ("failed", "account_closed", None)

    fresh = actions.send_another_way(failed.pk, ChosenWay(Way.BY_HAND, yes=YES), by="staff:Ana")

    task.refresh_from_db()
    assert task.closed_by == "staff:Ana"
    assert (fresh.provider, fresh.payment_id) == ("paper", failed.payment_id)
    with pytest.raises(Exception, match="already_settled"):
        actions.refund_again(failed.pk, by="staff:Ana")


def test_money_that_comes_back_later_is_a_task_that_says_so():
    order = order_of(small_shop(), provider="simulator")
    refund = actions.refund_order(order.pk, wish(order), by="staff:Ana").refunds.get()
    armed = actions.arm_refund(refund.pk)
    actions.settle_refund(refund.pk, armed.token, Answer(Outcome.SUCCEEDED, reference="re_1"))

    actions.settle_refund(refund.pk, armed.token, Answer(Outcome.REFUSED))

    refund.refresh_from_db()
    assert refund.state == "succeeded"  # the token is used up: a late worker changes nothing


# --- automatic refunds ----------------------------------------------------------------------


def policy(**terms):
    rules = [rule for rule in GENEROUS["rules"] if rule["kind"] not in {"release", "return_cost"}]
    rules.append({"kind": "refund_terms", **terms})
    return {"rules": rules}


def sent(rma):
    parcel = announce_parcel(
        rma.pk, carrier="own_carrier", carrier_name="La Poste", tracking_number="6A1", by="shopper"
    )
    note_hand_in(parcel.pk, at=now(), by="staff:Ana")


def test_the_first_scan_pays_where_the_policy_says_so(run_jobs):
    rma = requested_return(order_of(small_shop(policy=policy(pays_at="scan"))), {"MUG-07": 1})

    sent(rma)
    run_jobs()

    assert Settlement.objects.get(rma=rma).gross_minor == 1295


def test_above_the_ceiling_the_inspection_is_awaited(run_jobs):
    early = policy(pays_at="scan", pays_early_up_to_minor=1294)
    rma = requested_return(order_of(small_shop(policy=early)), {"MUG-07": 1})

    sent(rma)
    run_jobs()

    assert not Settlement.objects.filter(rma=rma).exists()


def test_the_legal_day_pays_whatever_the_policy_waits_for(run_jobs):
    rma = received_return(order_of(small_shop()), {"MUG-07": 1})

    with time_machine.travel(now() + timedelta(days=12), tick=True):
        settle_by_law()
        run_jobs()
        assert not Settlement.objects.filter(rma=rma).exists()
    with time_machine.travel(now() + timedelta(days=13, hours=1), tick=True):
        settle_by_law()
        run_jobs()

    settlement = Settlement.objects.get(rma=rma)
    assert (settlement.gross_minor, settlement.decided_by) == (1295, "law")


def test_without_goods_or_proof_the_legal_day_has_not_come(run_jobs):
    rma = requested_return(order_of(small_shop()), {"MUG-07": 1})

    with time_machine.travel(now() + timedelta(days=40), tick=True):
        settle_by_law()
        run_jobs()

    assert not Settlement.objects.filter(rma=rma).exists()


@pytest.mark.parametrize(("days", "is_business"), [(20, False), (5, True)])
def test_without_the_right_to_withdraw_there_is_no_legal_day(run_jobs, days, is_business):
    rma = received_return(order_of(small_shop(), days_since_delivery=days), {"MUG-07": 1})
    Shopper.objects.filter(pk=rma.shopper_id).update(is_business=is_business)

    with time_machine.travel(now() + timedelta(days=20), tick=True):
        settle_by_law()
        run_jobs()

    assert Return.objects.get(pk=rma.pk).money_state == "none"


@pytest.mark.parametrize("moment", ["approval", "scan", "delivery", "receipt", "inspection"])
def test_the_letter_says_when_the_money_comes_at_every_moment(moment, run_jobs):
    rma = requested_return(order_of(small_shop(policy=policy(pays_at=moment))), {"MUG-07": 1})

    run_jobs()

    letter = Message.objects.get(rma=rma, kind="return_approved")
    assert "rembours" in letter.text


def test_the_shopper_sees_where_the_money_goes_before_they_ask():
    shop = small_shop()
    order = split_order(
        shop,
        NewPayment("paper", "card", "pay_card", 4000),
        NewPayment("paper", "gift_card", "pay_gift", 6000),
    )
    wanted = [Wish(order.lines.get().pk, 1, "changed_mind")]

    seen = preview_of(order, wanted, policy=policy_in_force(shop, now()), asked_at=now())

    told = sum_of(seen.breakdown, titles_of(order))
    assert [part.amount_minor for part in told.parts] == [4000, 1000]
