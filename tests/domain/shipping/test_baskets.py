"""Returns of several orders at once: all or none, one box, one fee, one letter."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections
from tests.domain.shipping.test_methods import labelled, policy
from tests.world import findings, order_of, run_jobs, small_shop

from rebond.domain.orders.models import OrderLine
from rebond.domain.refunds.queries import expected_for
from rebond.domain.returns.errors import QuantityExceedsBought
from rebond.domain.returns.models import Return
from rebond.domain.returns.wishes import Wish
from rebond.domain.shipping.actions import (
    announce_parcel,
    ask_label,
    choose_method,
    leave_parcel,
    request_basket,
)
from rebond.domain.shipping.actions.baskets import OfOrder
from rebond.domain.shipping.errors import BasketRefused
from rebond.domain.shipping.methods import bearers, chosen_of
from rebond.domain.shipping.sharing import companions_of
from rebond.domain.warehouse.actions import inspect_return, receive_return
from rebond.insights.verification.promises import PROMISES
from rebond.kernel.clock import now
from rebond.kernel.models import Event
from rebond.outbound.notifications.models import Message

PAID = policy("prepaid_label", "own_carrier", label_fee_minor=490)


@pytest.fixture
def shop(db):
    return labelled(small_shop(policy=PAID))


def lamp_of(order, quantity=1):
    line = order.lines.get(sku="LAMP-01")
    return OfOrder(order, [Wish(line.pk, quantity, "changed_mind")])


def asked_for(*orders, method="prepaid_label", quantity=1):
    asked = [lamp_of(order, quantity) for order in orders]
    return request_basket(asked, method=method, asked_at=now(), language="en", by="shopper")


def three(shop):
    return [order_of(shop, number=f"100{n}") for n in (1, 2, 3)]


def fresh(returns):
    return list(Return.objects.filter(pk__in=[rma.pk for rma in returns]).order_by("number"))


def test_each_order_has_a_return_of_its_own_and_they_know_each_other(shop):
    made = asked_for(*three(shop))

    assert [rma.order.number for rma in made] == ["1001", "1002", "1003"]
    assert len({rma.basket for rma in made}) == 1 and made[0].basket
    assert {rma.request_state for rma in fresh(made)} == {"approved"}


def test_the_way_is_chosen_for_all_and_its_fee_charged_once(shop):
    made = fresh(asked_for(*three(shop)))

    assert [chosen_of(rma).fee_minor for rma in made] == [490, 0, 0]
    whole = [expected_for(rma)["total_minor"] for rma in made]
    assert whole[0] + 490 == whole[1] == whole[2]


def test_the_label_of_any_of_them_takes_the_others_in_and_bears_the_fee(shop):
    first, second, third = asked_for(*three(shop))
    before = sum(expected_for(rma)["total_minor"] for rma in fresh([first, second, third]))

    ask_label(second.pk, by="shopper")

    first, second, third = fresh([first, second, third])
    assert {rma.parcel_state for rma in (first, second, third)} == {"announced"}
    assert companions_of(second) == [first, third]
    assert first.parcels.get().inside == second.parcels.get()
    after = [expected_for(rma)["total_minor"] for rma in (first, second, third)]
    assert sum(after) == before
    assert chosen_of(second).fee_minor == 490


def test_all_is_paid_to_the_cent_and_kept(shop):
    made = asked_for(*three(shop))
    shown = sum(expected_for(rma)["total_minor"] for rma in fresh(made))
    ask_label(made[2].pk, by="shopper")

    for rma in fresh(made):
        counts = {line.pk: line.quantity for line in rma.lines.all()}
        receive_return(rma.pk, counts, note="", by="Ana")
        inspect_return(rma.pk, findings(rma), by="Ana")
    run_jobs()

    settled = [rma.settlements.get() for rma in fresh(made)]
    assert sum(one.gross_minor for one in settled) == shown
    assert sorted(one.kept_minor for one in settled) == [0, 0, 490]
    assert not [breach for promise in PROMISES for breach in promise.breaches()]


def test_who_left_the_box_is_not_put_back_by_a_second_parcel(shop):
    way = {"carrier": "own_carrier", "carrier_name": "La Poste", "by": "shopper"}
    host, guest = asked_for(*three(shop)[:2], method="own_carrier")
    announce_parcel(host.pk, tracking_number="6A1", **way)
    leave_parcel(guest.pk, by="shopper")

    announce_parcel(host.pk, tracking_number="6A2", **way)

    guest.refresh_from_db()
    assert guest.parcel_state == "none"


def test_who_goes_another_way_since_is_left_out_of_the_box(shop):
    host, guest, other = asked_for(*three(shop))
    choose_method(other.pk, method="own_carrier", by="shopper")

    ask_label(host.pk, by="shopper")

    assert [rma.parcel_state for rma in fresh([host, guest, other])] == [
        "announced",
        "announced",
        "none",
    ]


def test_one_that_cannot_be_leaves_nothing_of_any(shop):
    orders = three(shop)
    asked = [lamp_of(orders[0]), lamp_of(orders[1], 9), lamp_of(orders[2])]
    events = Event.objects.count()

    with pytest.raises(BasketRefused) as refused:
        request_basket(asked, method="", asked_at=now(), language="en", by="shopper")

    assert refused.value.facts["order"] == "1002"
    assert isinstance(refused.value.__cause__, QuantityExceedsBought)
    assert (Return.objects.count(), Event.objects.count()) == (0, events)
    assert set(OrderLine.objects.values_list("returned_quantity", flat=True)) == {0}


@pytest.mark.parametrize("many", [0, 11])
def test_none_and_too_many_are_refused(shop, many):
    orders = [order_of(shop, number=f"{2000 + n}") for n in range(many)]

    with pytest.raises(BasketRefused):
        asked_for(*orders)


def test_one_order_twice_is_refused(shop):
    order = order_of(shop)

    with pytest.raises(BasketRefused):
        asked_for(order, order)


def test_one_letter_tells_of_all(shop):
    made = asked_for(*three(shop))

    run_jobs()

    [letter] = Message.objects.exclude(kind="one_time_code")
    assert letter.subject == "Your 3 returns are accepted"
    for rma in made:
        assert f"{rma.number}: see the next steps" in letter.text
    assert letter.text.count("/r/") == 3


def test_the_lowest_fee_of_each_currency_is_borne():
    assert bearers([("EUR", 490), ("EUR", 290), ("EUR", 290), ("GBP", 700), ("EUR", None)]) == {
        1,
        3,
    }
    assert bearers([]) == set()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_baskets_with_the_same_orders_do_not_wait_for_each_other_for_good():
    shop = labelled(small_shop(policy=PAID))
    orders = three(shop)

    def run(these):
        try:
            return asked_for(*these, quantity=2)
        except BasketRefused:
            return []
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as threads:
        ways = [threads.submit(run, orders), threads.submit(run, orders[::-1])]
        made = [one.result(60) for one in ways]

    assert sorted(len(one) for one in made) == [0, 3]
    assert connection.vendor == "postgresql" and Return.objects.count() == 3


@pytest.mark.parametrize("emails", [("a@client.example", "b@client.example"), ("", "")])
def test_orders_of_different_mailboxes_or_of_none_stay_apart(shop, emails):
    orders = [order_of(shop, number=f"100{n}", email=email) for n, email in enumerate(emails)]
    before = Event.objects.count()

    with pytest.raises(BasketRefused) as refused:
        asked_for(*orders)

    assert refused.value.facts["why"] == "person"
    assert (Return.objects.count(), Event.objects.count()) == (0, before)
    assert not Message.objects.exists()


def test_one_mailbox_in_other_letters_is_the_same(shop):
    orders = [
        order_of(shop, number=f"100{n}", email=email)
        for n, email in enumerate(("a@client.example", "A@Client.example"))
    ]

    assert len(asked_for(*orders)) == 2
