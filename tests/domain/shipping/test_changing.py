"""What the policy says of a change, and what stands against one."""

from datetime import timedelta

import pytest
import time_machine
from tests.world import LAMP, MUG, order_of, requested_return, small_shop

from rebond.domain.policies.queries import policy_for
from rebond.domain.returns.actions import approve_return
from rebond.domain.returns.errors import (
    ChangeDeclined,
    ChangedMeanwhile,
    NotChangeable,
    QuantityExceedsBought,
    RepairNotPossible,
)
from rebond.domain.returns.models import Return
from rebond.domain.returns.wishes import Wish
from rebond.domain.shipping.actions import change_return
from rebond.domain.shipping.changes import fixed_by
from rebond.kernel.clock import now
from rebond.kernel.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def order():
    return order_of(small_shop(), lines=(LAMP, MUG))


def wish(order, sku, quantity=1, *, reason="changed_mind", outcome="refund"):
    return Wish(order.lines.get(sku=sku).pk, quantity, reason, outcome=outcome)


def change(rma, *wishes, **more):
    moment = now()
    policy = policy_for(rma.order, moment)
    change_return(rma.pk, wishes, policy=policy, asked_at=moment, by="shopper", **more)
    rma.refresh_from_db()
    return rma


def test_after_the_window_pieces_may_be_kept_but_none_added(order):
    rma = requested_return(order, {"LAMP-01": 2})

    with time_machine.travel(now() + timedelta(days=40)):
        change(rma, wish(order, "LAMP-01", 1))
        with pytest.raises(ChangeDeclined):
            change(rma, wish(order, "LAMP-01", 1), wish(order, "MUG-07", 1))

    assert [line.quantity for line in rma.lines.all()] == [1]
    assert rma.request_state == "approved"


def test_a_refused_change_leaves_every_piece_where_it_was(order):
    rma = requested_return(order, {"LAMP-01": 2})

    with time_machine.travel(now() + timedelta(days=40)), pytest.raises(ChangeDeclined):
        change(rma, wish(order, "MUG-07", 1))

    assert dict(order.lines.values_list("sku", "returned_quantity")) == {"LAMP-01": 2, "MUG-07": 0}
    assert not Event.objects.filter(name="return.changed").exists()


def test_what_a_person_has_to_look_at_waits_again_until_it_is_less(db):
    rules = [{"kind": "review_above", "value_minor": 5000}, {"kind": "window", "days": 30}]
    order = order_of(small_shop(policy={"rules": [*rules, {"kind": "refund_terms"}]}))
    rma = requested_return(order, {"LAMP-01": 1})

    assert rma.request_state == "approved"
    assert change(rma, wish(order, "LAMP-01", 2)).request_state == "requested"
    approve_return(rma.pk, by="Ana")
    assert change(rma, wish(order, "LAMP-01", 1)).request_state == "approved"


def test_a_repair_is_a_request_of_its_own(order):
    rma = requested_return(order, {"LAMP-01": 1})

    with pytest.raises(RepairNotPossible):
        change(rma, wish(order, "LAMP-01", 1, reason="defective", outcome="repair"))


def test_pieces_of_another_return_are_not_to_be_had(order):
    requested_return(order, {"LAMP-01": 2})
    rma = requested_return(order, {"MUG-07": 1})

    with pytest.raises(QuantityExceedsBought):
        change(rma, wish(order, "LAMP-01", 2))


def test_who_saw_an_older_return_is_told(order):
    rma = requested_return(order, {"LAMP-01": 1})

    with pytest.raises(ChangedMeanwhile):
        change(rma, wish(order, "LAMP-01", 2), version=rma.version + 7)


def test_its_own_earlier_request_does_not_count_against_it(order):
    rma = requested_return(order, {"LAMP-01": 1})

    change(rma, wish(order, "LAMP-01", 2))

    assert rma.terms["facts"]["order_returns"] == 0
    assert rma.terms["facts"]["earlier_returns_on"] == []


def test_whether_the_whole_order_comes_back_is_worked_out_anew(order):
    rma = requested_return(order, {"LAMP-01": 1})
    assert rma.terms["facts"]["is_whole_order"] is False

    change(rma, wish(order, "LAMP-01", 3), wish(order, "MUG-07", 2))

    assert rma.terms["facts"]["is_whole_order"] is True


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"request_state": "declined"}, "state"),
        ({"request_state": "closed"}, "state"),
        ({"money_state": "planned"}, "money"),
        ({"parcel_state": "in_transit"}, "sent"),
        ({"parcel_state": "received"}, "sent"),
        ({"ground": "statutory_withdrawal"}, "withdrawal"),
        ({"gift_paid_as": "gift_card"}, "present"),
        ({"goods": "donated"}, "donation"),
    ],
)
def test_what_is_past_changing_says_why(order, changes, why):
    rma = requested_return(order, {"LAMP-01": 1})
    Return.objects.filter(pk=rma.pk).update(**changes)
    rma.refresh_from_db()

    assert fixed_by(rma) == why
    with pytest.raises(NotChangeable):
        change(rma, wish(order, "LAMP-01", 2))
