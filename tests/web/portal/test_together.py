"""One parcel for several returns, on the page of a return."""

import pytest
from django.test import Client
from django.urls import reverse
from tests.world import LAMP, order_of, requested_return

from rebond.domain.orders.models import Order
from rebond.domain.returns.links import token_for
from rebond.domain.returns.models import Return
from rebond.domain.shipping.actions import announce_parcel
from rebond.domain.shipping.models import Parcel

EN = {"headers": {"accept-language": "en"}}


@pytest.fixture
def host(order):
    """A return whose parcel was announced."""
    rma = requested_return(order, {"LAMP-01": 1})
    announce_parcel(
        rma.pk, carrier="own_carrier", carrier_name="DHL", tracking_number="J1", by="shopper"
    )
    rma.refresh_from_db()
    return rma


@pytest.fixture
def guest(host):
    """Another one of the same shopper, of another order."""
    return requested_return(order_of(host.shop, number="2002", lines=(LAMP,)))


def at(name, rma, *, token=None):
    return reverse(f"portal:{name}", args=[rma.shop.slug, token or token_for(rma)])


def join(client, rma, other, *, token=None):
    return client.post(at("join_parcel", rma, token=token), {"other": other.number}, **EN)


def test_by_the_link_another_return_is_offered_put_in_and_taken_out(host, guest, client):
    page = client.get(at("return", host), **EN).content.decode()
    assert f"Put {guest.number} into this parcel" in page

    assert join(client, host, guest).status_code == 302

    page = client.get(at("return", guest), **EN).content.decode()
    assert "In the same parcel" in page
    assert host.number in page
    assert "J1" in page
    assert host.number in client.get(at("slip", guest), **EN).content.decode()
    assert client.get(at("slip_pdf", guest)).content.startswith(b"%PDF-")

    assert client.post(at("leave_parcel", guest), **EN).status_code == 302
    assert not Parcel.objects.exclude(inside=None).exists()


def test_the_offer_stands_on_either_page(host, guest, client):
    page = client.get(at("return", guest), **EN).content.decode()
    assert f"Put this return into the parcel of {host.number}" in page

    assert join(client, guest, host).status_code == 302
    assert Parcel.objects.get(rma=guest).inside == Parcel.objects.get(rma=host)


def test_who_found_one_order_learns_nothing_of_another(host, guest, find):
    client = find(host.order)

    page = client.get(at("return", host, token=host.number)).content.decode()
    assert guest.number not in page
    answers = [join(client, host, guest, token=host.number)]
    answers.append(
        client.post(at("join_parcel", host, token=host.number), {"other": "R-2026-999999"}, **EN)
    )

    assert [one.status_code for one in answers] == [404, 404]
    assert answers[0].content == answers[1].content
    assert not Parcel.objects.exclude(inside=None).exists()


def test_who_found_both_orders_puts_them_together(host, guest, find):
    client = find(host.order)
    start = reverse("portal:start", args=[host.shop.slug])
    client.post(start, {"number": guest.order.number, "proof": guest.order.shopper.email})

    assert join(client, host, guest, token=host.number).status_code == 302

    page = client.get(at("return", host, token=host.number)).content.decode()
    assert guest.number in page


def test_a_companion_is_hidden_from_who_proved_one_order_only(host, guest, client, find):
    join(client, host, guest)

    page = find(host.order).get(at("return", host, token=host.number)).content.decode()
    slip = find(host.order).get(at("slip", host, token=host.number)).content.decode()

    assert guest.number not in page
    assert guest.number not in slip


def test_the_return_of_somebody_else_is_as_if_it_were_not_there(host, client):
    stranger = requested_return(
        order_of(host.shop, number="3003", email="other@example.org", lines=(LAMP,))
    )

    assert stranger.number not in client.get(at("return", host), **EN).content.decode()
    assert join(client, host, stranger).status_code == 404


def test_another_currency_is_kept_apart_with_a_kind_sentence(host, guest, client):
    Order.objects.filter(pk=guest.order_id).update(currency="USD")

    page = client.get(at("return", host), **EN).content.decode()

    assert "paid in another currency" in page
    assert f"Put {guest.number}" not in page
    answer = join(client, host, guest)
    assert answer.status_code == 409
    assert "cannot travel in that parcel" in answer.content.decode()


def test_before_there_is_a_parcel_the_page_says_what_comes_first(order, client):
    first = requested_return(order, {"LAMP-01": 1})
    second = requested_return(order_of(order.shop, number="2002", lines=(LAMP,)))

    page = client.get(at("return", first), **EN).content.decode()

    assert second.number in page
    assert "Get the label for one of them" in page
    assert join(client, first, second).status_code == 409


def test_a_present_is_never_named_to_its_buyer(host, guest, client):
    Return.objects.filter(pk=guest.pk).update(gift_paid_as="store_credit")

    assert guest.number not in client.get(at("return", host), **EN).content.decode()
    assert join(client, host, guest).status_code == 404


def test_nobody_without_a_link_or_an_order_joins_anything(host, guest):
    answer = join(Client(), host, guest, token=host.number)

    assert answer.status_code == 404
