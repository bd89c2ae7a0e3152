"""A part of the price for keeping the article, beside a return that stays open."""

import pytest
from tests.world import (
    findings,
    order_of,
    received_return,
    requested_return,
    run_jobs,
    small_shop,
)

from rebond.domain.policies.presets import GENEROUS
from rebond.domain.policies.queries import policy_for
from rebond.domain.refunds.actions import keep_with_discount, settle_return
from rebond.domain.refunds.discounts import discounts_given, discounts_of
from rebond.domain.refunds.errors import DiscountGiven, DiscountNotOffered
from rebond.domain.refunds.models import Refund
from rebond.domain.refunds.queries import preview_of
from rebond.domain.returns.errors import QuantityExceedsBought
from rebond.domain.returns.models import Return
from rebond.domain.returns.wishes import Wish
from rebond.domain.warehouse.actions import inspect_return
from rebond.insights.verification.promises import PROMISES
from rebond.kernel.clock import now

pytestmark = pytest.mark.django_db
FIFTH = {"kind": "keep_discount", "percent": 20, "cap_minor": 600}


@pytest.fixture
def order(db):
    return order_of(small_shop(policy={"rules": [FIFTH, *GENEROUS["rules"]]}))


def wish(order, sku="LAMP-01", quantity=1, reason="changed_mind"):
    return Wish(order.lines.get(sku=sku).pk, quantity, reason)


def offered(order, *wishes):
    asked = preview_of(order, wishes, policy=policy_for(order, now()), asked_at=now())
    return sum(discounts_of(order, asked.decision).values())


def keep(order, *wishes, shown=None):
    return keep_with_discount(
        order.pk,
        wishes,
        policy=policy_for(order, now()),
        asked_at=now(),
        shown_minor=offered(order, *wishes) if shown is None else shown,
        by="shopper",
    )


def kept_promises():
    return [breach for promise in PROMISES for breach in promise.breaches()] == []


def test_each_article_brings_its_share_up_to_the_cap(order):
    # 20 % of 33.33 is 6.66, more than the cap; 20 % of 12.95 is 2.59.
    assert offered(order, wish(order), wish(order, "MUG-07")) == 600 + 259


def test_it_is_paid_at_once_and_no_piece_counts_as_returned(order):
    settlement = keep(order, wish(order), wish(order, "MUG-07"))
    run_jobs()

    assert (settlement.gross_minor, settlement.rma, settlement.origin) == (859, None, "discount")
    assert Refund.objects.get().amount_minor == 859
    assert set(order.lines.values_list("returned_quantity", flat=True)) == {0}
    assert [given.pk for given in discounts_given(order)] == [settlement.pk]
    assert not Return.objects.exists()
    assert kept_promises()


def test_the_article_can_come_back_afterwards_for_the_rest_of_its_price(order):
    keep(order, wish(order, quantity=3))
    rma = received_return(order, {"LAMP-01": 3})
    inspect_return(rma.pk, findings(rma), by="staff:Karim")

    assert settle_return(rma.pk, by="staff:Ana").gross_minor == 10000 - 600
    assert kept_promises()


def test_for_one_article_there_is_one_discount(order):
    keep(order, wish(order))

    with pytest.raises(DiscountGiven):
        keep(order, wish(order))
    assert keep(order, wish(order, "MUG-07")).gross_minor == 259


def test_another_sum_than_the_one_that_was_shown_is_not_paid(order):
    with pytest.raises(DiscountNotOffered):
        keep(order, wish(order), shown=700)
    assert not Refund.objects.exists()


def test_nothing_is_offered_where_a_person_looks_first(order):
    # A damaged article needs a photo: somebody looks.
    assert offered(order, wish(order, reason="damaged")) == 0
    with pytest.raises(DiscountNotOffered):
        keep(order, wish(order, reason="damaged"), shown=600)


@pytest.mark.parametrize(
    "rules",
    [
        [{**FIFTH, "when": {"reasons": ["colour"]}}],
        [{"kind": "keep_it", "below_minor": 5000}, FIFTH],
        [],
    ],
    ids=["another reason", "kept for nothing", "no rule"],
)
def test_nothing_is_offered_where_the_policy_does_not_say_so(rules):
    order = order_of(small_shop(policy={"rules": [*rules, *GENEROUS["rules"]]}))

    assert offered(order, wish(order)) == 0


def test_never_more_than_what_is_left_of_the_article():
    rule = {"kind": "keep_discount", "percent": 90}
    order = order_of(small_shop(policy={"rules": [rule, *GENEROUS["rules"]]}))
    rma = received_return(order, {"LAMP-01": 2})
    inspect_return(rma.pk, findings(rma), by="staff:Karim")
    settle_return(rma.pk, by="staff:Ana")

    # 90 % of the third lamp, 33.34 after two at 33.33.
    assert offered(order, wish(order)) in {2999, 3000}
    assert keep(order, wish(order)).gross_minor <= 3334
    assert kept_promises()


def test_pieces_that_are_in_a_return_are_not_kept_for_less(order):
    requested_return(order, {"LAMP-01": 3})

    with pytest.raises(QuantityExceedsBought):
        offered(order, wish(order))
