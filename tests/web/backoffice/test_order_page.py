"""The page of an order: everything about one sale, as far as one may see it."""

import pytest
from tests.world import findings, order_of, received_return, requested_return

from rebond.domain.refunds.actions import settle_return
from rebond.domain.shipping.actions import announce_parcel
from rebond.domain.shops.access import Role
from rebond.domain.warehouse.actions import inspect_return

PAGE = "/desk/galerie/orders/1001/"


@pytest.fixture
def refunded(order, run_jobs):
    rma = received_return(order, {"LAMP-01": 2})
    inspect_return(rma.pk, findings(rma), by="staff:Karim")
    settle_return(rma.pk, by="test")
    run_jobs()
    return rma


def test_the_page_says_what_came_back_what_is_left_and_what_was_given_back(shop, refunded, at_desk):
    page = at_desk(shop).get(PAGE).content.decode()

    assert 'data-label="Left">1<' in page
    assert 'data-label="Given back"><strong>€66.67</strong>' in page


def test_the_story_of_the_order_is_that_of_its_returns_too(shop, order, refunded, at_desk):
    other = requested_return(order, {"MUG-07": 1})
    announce_parcel(
        other.pk,
        carrier="own_carrier",
        carrier_name="La Poste",
        tracking_number="6A1",
        by="shopper",
    )

    page = at_desk(shop).get(PAGE).content.decode()

    story = page[page.index("story-title") :]
    assert story.count(f"/returns/{refunded.number}/") > 2
    assert f"/returns/{other.number}/" in story
    assert "6A1" in page
    assert "Mail to the customer" in page


def test_the_customer_before_is_told_to_who_may_see_people(shop, order, at_desk):
    order_of(shop, number="1002")

    ana = at_desk(shop).get(PAGE).content.decode()
    karim = at_desk(shop, Role.WAREHOUSE, name="Karim Benali").get(PAGE).content.decode()

    assert "/orders/1002/" in ana
    assert "/orders/1002/" not in karim


def test_who_sees_no_amounts_reads_none_in_the_story(shop, refunded, at_desk):
    page = at_desk(shop, Role.WAREHOUSE, name="Karim Benali").get(PAGE).content.decode()

    assert "€" not in page
    assert "Inspected" in page


def test_refund_and_credit_note_begin_at_the_top(shop, order, at_desk):
    head = at_desk(shop).get(PAGE).content.decode().split('class="columns"')[0]

    assert "/orders/1001/refund/" in head
    assert "/orders/1001/credit-note" in head
