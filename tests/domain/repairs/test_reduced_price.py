"""A faulty article is kept for less: the same share of its price comes back."""

from uuid import uuid4

import pytest
from tests.domain.repairs.test_repairs import POLICY, asked, fresh, inspected, sent_back, worked
from tests.world import MUG, order_of, run_jobs, small_shop, staff_of

from rebond.domain.credit_notes.models import CreditNote
from rebond.domain.duties.actions import review_return
from rebond.domain.duties.kinds import DutyKind
from rebond.domain.duties.models import Duty
from rebond.domain.orders.models import OrderLine
from rebond.domain.policies.queries import policy_for
from rebond.domain.refunds.actions import (
    answer_approval,
    change_limit,
    pay_by_hand,
    refund_order,
    settle_return,
)
from rebond.domain.refunds.errors import AlreadySettled
from rebond.domain.refunds.limits import LimitKind, Spender
from rebond.domain.refunds.models import Approval, Refund, Settlement
from rebond.domain.refunds.wishes import OrderRefund, WantedPieces
from rebond.domain.repairs.actions import reduce_price, turn_repair
from rebond.domain.repairs.errors import (
    ReasonForShopperMissing,
    ReductionNotPossible,
    RepairMoved,
    ShopperChooses,
)
from rebond.domain.repairs.queries import law_of_reduction
from rebond.domain.repairs.states import Instead, TurnGround
from rebond.domain.returns.actions import cancel_return, request_return
from rebond.domain.returns.models import Return
from rebond.domain.returns.states import Goods, RequestState
from rebond.domain.returns.wishes import Wish
from rebond.domain.shops.access import Role
from rebond.domain.warehouse.actions import receive_return
from rebond.domain.warehouse.grades import Disposition
from rebond.insights.verification.promises import quantity_cap
from rebond.kernel.clock import now
from rebond.outbound.notifications.models import Message

pytestmark = pytest.mark.django_db(transaction=True)


def reduced(rma, percent=20, *, note="The shade is scratched.", is_agreed=True, **more):
    percents = {line.pk: percent for line in rma.lines.all()}
    return reduce_price(rma.pk, percents, note=note, is_agreed=is_agreed, by="staff:Ana", **more)


def faulty(order, *, outcome="refund", **more):
    return asked(order, outcome=outcome, **more)


def test_the_same_share_of_the_price_comes_back_and_the_article_is_kept():
    rma = faulty(order_of(small_shop(policy=POLICY)))

    settlement = reduced(rma, 20)
    run_jobs()

    assert settlement.gross_minor == 667  # 20 % of 33.33, half up
    assert Refund.objects.get().amount_minor == 667
    line = settlement.lines.get()
    assert (line.quantity, line.gross_minor) == (0, 667)
    now_it_is = fresh(rma)
    assert (now_it_is.goods, now_it_is.request_state) == (Goods.KEPT, RequestState.APPROVED)
    assert OrderLine.objects.get(sku="LAMP-01").returned_quantity == 0
    assert list(quantity_cap()) == []


def test_the_amount_says_why_it_is_what_it_is():
    settlement = reduced(faulty(order_of(small_shop(policy=POLICY))), 20)

    (why,) = [one for one in settlement.breakdown["why"] if one["code"] == "price_reduced"]
    assert (why["percent"], why["of_minor"], why["amount_minor"]) == (20, 3333, 667)
    assert settlement.reason == "The shade is scratched."


def test_the_shopper_is_told_why_and_that_the_guarantee_goes_on():
    rma = faulty(order_of(small_shop(policy=POLICY)))
    reduced(rma)
    run_jobs()

    letter = Message.objects.get(kind="price_reduced").text
    assert "€6.67" in letter
    assert "The shade is scratched." in letter
    assert "guarantee goes on" in letter


def test_what_is_kept_for_less_can_be_claimed_again_for_what_is_left_of_its_price():
    order = order_of(small_shop(policy=POLICY), lines=(MUG,), shipping_minor=0)
    rma = faulty(order, sku="MUG-07")
    reduced(rma, 50)
    run_jobs()

    again = faulty(order, sku="MUG-07", quantity=2)
    settle_return(again.pk, by="staff:Ana")

    paid = sum(Settlement.objects.values_list("gross_minor", flat=True))
    assert paid == OrderLine.objects.get().total_minor


def test_a_reduction_is_never_more_than_is_left_of_the_price():
    order = order_of(small_shop(policy=POLICY))
    line = order.lines.get(sku="LAMP-01")
    cut = OrderRefund((WantedPieces(line.pk, amount_minor=line.total_minor - 100),), reason="late")
    refund_order(order.pk, cut, by="staff:Ana")

    settlement = reduced(faulty(order), 50)

    assert settlement.gross_minor == 100


def test_the_credit_note_follows_and_the_legal_day_ends_with_the_money():
    rma = faulty(order_of(small_shop(policy=POLICY)))
    review_return(rma.pk)
    duty = Duty.objects.get(rma=rma, kind=DutyKind.CONFORMITY)
    assert duty.done_at is None
    reduced(rma)
    run_jobs()

    pay_by_hand(Refund.objects.get().pk, reference="T-1", paid_on=now().date(), by="staff:Ana")
    run_jobs()

    assert CreditNote.objects.get().gross_minor == 667
    duty.refresh_from_db()
    assert duty.done_at is not None


def test_a_failed_repair_goes_back_for_less():
    rma = inspected(order_of(small_shop(policy=POLICY)))
    with pytest.raises(ReductionNotPossible) as refusal:
        reduced(rma)
    assert refusal.value.facts["why"] == "goods_here"  # still on the bench
    worked(rma, Disposition.QUARANTINE)

    reduced(rma, 40)

    with pytest.raises(RepairMoved):
        turn_repair(rma.pk, Instead.REPLACEMENT, ground=TurnGround.AGREED, note="x", by="staff:Ana")
    repair = sent_back(rma)
    run_jobs()
    assert (repair.state, repair.guaranteed_until) == ("sent_back", None)
    assert Refund.objects.get().amount_minor == 1333  # 40 % of 33.33
    assert "as it was" in Message.objects.get(kind="repair_sent_back").text
    assert OrderLine.objects.get(sku="LAMP-01").returned_quantity == 0


def test_a_repair_whose_piece_was_not_sent_becomes_a_reduction():
    rma = faulty(order_of(small_shop(policy=POLICY)), outcome="repair")

    reduced(rma, 10)

    repair = rma.repairs.get()
    assert (repair.state, repair.turned_into) == ("turned", "reduction")
    assert not fresh(rma).is_repair


@pytest.mark.parametrize("percent", [0, 100])
def test_a_share_is_between_one_and_ninety_nine_percent(percent):
    with pytest.raises(ReductionNotPossible) as refusal:
        reduced(faulty(order_of(small_shop(policy=POLICY))), percent)

    assert refusal.value.facts["why"] == "share"


def test_every_article_of_the_return_has_its_share():
    rma = faulty(order_of(small_shop(policy=POLICY)))

    with pytest.raises(ReductionNotPossible):
        reduce_price(rma.pk, {uuid4(): 10}, note="x", is_agreed=True, by="staff:Ana")


def test_only_faulty_goods_have_their_price_reduced():
    rma = asked(order_of(small_shop(policy=POLICY)), reason="changed_mind", outcome="refund")

    with pytest.raises(ReductionNotPossible) as refusal:
        reduced(rma)

    assert refusal.value.facts["why"] == "no_fault"


def test_goods_that_are_here_are_graded_not_reduced():
    rma = faulty(order_of(small_shop(policy=POLICY)))
    receive_return(rma.pk, {line.pk: 1 for line in rma.lines.all()}, note="", by="staff:Karim")

    with pytest.raises(ReductionNotPossible) as refusal:
        reduced(rma)

    assert refusal.value.facts["why"] == "goods_here"


def test_it_is_the_shoppers_choice_and_told_in_writing():
    rma = faulty(order_of(small_shop(policy=POLICY)))

    with pytest.raises(ShopperChooses):
        reduced(rma, is_agreed=False)
    with pytest.raises(ReasonForShopperMissing):
        reduced(rma, note="  ")
    assert not Settlement.objects.exists()


def test_a_price_is_reduced_once():
    rma = faulty(order_of(small_shop(policy=POLICY)))
    reduced(rma)

    with pytest.raises(AlreadySettled):
        reduced(fresh(rma))
    with pytest.raises(AlreadySettled):
        settle_return(rma.pk, by="staff:Ana")


def test_a_second_persons_no_leaves_the_pieces_free_and_the_return_to_be_called_off():
    shop = small_shop(policy=POLICY)
    olga = staff_of(shop, name="Olga Petit")
    support = staff_of(shop, Role.AGENT, name="Sam Roux")
    change_limit(
        shop,
        role=Spender.AGENT,
        kind=LimitKind.REFUND,
        currency="EUR",
        amount_minor=500,
        staff=olga,
        by="staff:Olga",
    )
    rma = faulty(order_of(shop))
    reduced(rma, 50, staff=support)
    waiting = Approval.objects.get(is_granted=None)
    answer_approval(waiting.pk, grants=False, staff=olga, by="staff:Olga")

    cancel_return(rma.pk, by="staff:Ana")

    assert OrderLine.objects.get(sku="LAMP-01").returned_quantity == 0
    assert Settlement.objects.get().called_off_at is not None


def test_a_request_that_waited_is_accepted_by_it():
    order = order_of(small_shop(policy={"rules": [{"kind": "verdict", "say": "review"}]}))
    line = order.lines.get(sku="LAMP-01")
    rma = request_return(
        order,
        [Wish(line.pk, 1, "defective")],
        policy=policy_for(order, now()),
        asked_at=now(),
        language="en",
        by="shopper",
    )
    assert rma.request_state == RequestState.REQUESTED

    reduced(rma)
    run_jobs()

    assert Return.objects.get().request_state == RequestState.APPROVED
    assert not Message.objects.filter(kind="return_approved").exists()


@pytest.mark.parametrize(
    ("country", "article"),
    [("FR", "L217-14"), ("GB", "Consumer Rights Act"), ("DE", None), ("CH", None), ("IT", None)],
)
def test_the_law_is_named_where_its_page_states_the_reduction(country, article):
    order = order_of(small_shop(policy=POLICY))
    rma = faulty(order)
    order.country = country
    order.save(update_fields=["country"])
    rma = Return.objects.get()

    found = law_of_reduction(rma)

    assert bool(found) is (article is not None)
    assert article is None or any(article in one for one in found)
