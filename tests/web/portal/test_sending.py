"""How it is sent, in the portal: asked before sending, changed after, without JavaScript."""

import pytest
from django.urls import reverse
from tests.domain.shipping.test_methods import POINTS, labelled, policy
from tests.web.portal.steps import choose, send
from tests.world import BOWL, LAMP, MUG, order_of, requested_return, small_shop

from rebond.domain.refunds.queries import expected_for
from rebond.domain.returns.links import token_for
from rebond.domain.returns.models import Return
from rebond.domain.shipping.actions import (
    ask_label,
    choose_method,
    replace_points,
    send_label,
    set_shipping_terms,
    settle_label,
)
from rebond.domain.shipping.methods import chosen_of
from rebond.domain.shipping.models import ReturnPoint
from rebond.domain.shipping.papers import packing_slip
from rebond.domain.shipping.point_files import points_in
from rebond.domain.shipping.ports import LabelAnswer, LabelOutcome
from rebond.kernel.clock import now

EN = {"headers": {"accept-language": "en"}}


@pytest.fixture
def order(db):
    """An order of a shop that offers three ways, one of them for 4.90."""
    rules = policy("prepaid_label", "counter", "own_carrier", label_fee_minor=490)
    return order_of(labelled(small_shop(policy=rules)), lines=(LAMP, MUG, BOWL))


def at(name, rma, *more):
    return reverse(f"portal:{name}", args=[rma.shop.slug, token_for(rma), *more])


def test_nothing_is_sent_before_a_way_is_chosen(order, visitor):
    preview = choose(visitor, order).headers["Location"]

    answer = send(visitor, preview)

    assert answer.headers["Location"] == preview
    assert not Return.objects.filter(shop=order.shop).exists()


def test_a_way_that_costs_is_shown_before_it_is_sent(order, visitor):
    preview = choose(visitor, order).headers["Location"]
    there = preview.replace("/preview/", "/send/")

    shown = visitor.post(there, {"method": "prepaid_label"}, follow=True).content.decode()
    assert "The way back costs €4.90, which is taken off." in shown
    assert not Return.objects.filter(shop=order.shop).exists()

    visitor.post(there, {"method": "prepaid_label"})
    rma = Return.objects.get(shop=order.shop)
    assert (chosen_of(rma).method, chosen_of(rma).fee_minor) == ("prepaid_label", 490)


def test_the_only_counter_needs_no_second_question(order, visitor):
    replace_points(order.shop, points_in(POINTS), by="Ana")
    preview = choose(visitor, order).headers["Location"]
    visitor.post(preview, {"method": "counter"})

    send(visitor, preview)

    rma = Return.objects.get(shop=order.shop)
    page = visitor.get(at("return", rma)).content.decode()
    assert chosen_of(rma).point["name"] == "Galerie"
    assert "5 rue Paradis" in page and "Now bring it to our shop" in page
    assert "Get my prepaid label" not in page


def test_where_there_is_one_way_alone_nothing_is_asked(visitor, find):
    shop = labelled(small_shop("solo", policy=policy("own_carrier")))
    order = order_of(shop)
    guest = find(order)
    preview = choose(guest, order).headers["Location"]

    send(guest, preview)

    assert chosen_of(Return.objects.get(shop=shop)).method == "own_carrier"


def test_goods_that_go_to_a_charity_ask_for_no_way_back(visitor, find):
    rules = policy("prepaid_label", "own_carrier", label_fee_minor=490)
    rules["rules"].insert(0, {"kind": "donate", "charity": ["Emmaüs"], "donation_proof": "none"})
    order = order_of(labelled(small_shop("giver", policy=rules)))
    guest = find(order)
    preview = choose(guest, order).headers["Location"]
    guest.post(preview, {"method": "prepaid_label"})
    assert b'name="method"' in guest.get(preview).content

    line = order.lines.get(position=1)
    guest.post(preview, {f"outcome-{line.pk}": "donate"})
    shown = guest.get(preview).content.decode()
    send(guest, preview)

    assert 'name="method"' not in shown and "taken off" not in shown
    rma = Return.objects.get(shop=order.shop)
    assert (rma.goods, chosen_of(rma)) == ("donated", None)
    assert expected_for(rma)["way_back_minor"] == 0
    assert "How do you send it?" not in guest.get(at("return", rma), **EN).content.decode()
    assert guest.get(at("sending", rma)).status_code == 302


def test_who_filed_elsewhere_is_asked_on_the_page_and_may_change_until_there_is_a_label(
    order, client
):
    rma = requested_return(order)
    assert b"Choose how you send it" in client.get(at("return", rma), **EN).content

    client.post(at("sending", rma), {"method": "own_carrier"})
    client.post(at("sending", rma), {"method": "prepaid_label"})
    assert b"Get my prepaid label" in client.get(at("return", rma), **EN).content

    ask_label(rma.pk, by="shopper")
    assert client.get(at("sending", rma)).status_code == 302
    client.post(at("sending", rma), {"method": "own_carrier"})
    assert chosen_of(rma).method == "prepaid_label"


def test_a_way_that_is_not_on_offer_is_refused_in_words(order, client):
    rma = requested_return(order)

    answer = client.post(at("sending", rma), {"method": "drop_off"}, **EN)

    assert answer.status_code == 409
    assert b"This way of sending is not on offer." in answer.content
    assert chosen_of(rma) is None


def test_the_postcode_of_the_delivery_is_for_who_holds_the_link(db, find, client):
    rules = policy("drop_off", "own_carrier")
    order = order_of(labelled(small_shop(policy=rules)))
    replace_points(order.shop, points_in(POINTS), by="Ana")
    rma = requested_return(order)
    choose_method(rma.pk, method="drop_off", by="shopper")
    masked = reverse("portal:points", args=[order.shop.slug, rma.number])

    assert b'value="75005"' in client.get(at("points", rma)).content
    assert b'value="75005"' not in find(order).get(masked).content


@pytest.mark.parametrize("point", ["", "nonsense", "01a202b0-5455-7ff7-9106-2156b3ba9bf0"])
def test_a_place_that_does_not_exist_is_not_kept(db, client, point):
    order = order_of(labelled(small_shop(policy=policy("drop_off", "own_carrier"))))
    replace_points(order.shop, points_in(POINTS), by="Ana")
    rma = requested_return(order)
    choose_method(rma.pk, method="drop_off", by="shopper")

    assert client.post(at("points", rma), {"point": point}).status_code == 422
    assert chosen_of(rma).point == {}


def test_where_no_place_can_be_shown_the_page_says_what_to_do(db, client, monkeypatch):
    shop = small_shop(policy=policy("drop_off", "own_carrier"))
    for name in ("PUBLIC_KEY", "SECRET_KEY", "SHIPPING_OPTION"):
        monkeypatch.setenv(f"REBOND_SENDCLOUD_{name}", "x")
    monkeypatch.setenv("REBOND_SENDCLOUD_POINTS_URL", "http://127.0.0.1:9")
    set_shipping_terms(shop, label_carrier="sendcloud", lost_after_days=10, by="Ana")
    rma = requested_return(order_of(shop))
    choose_method(rma.pk, method="drop_off", by="shopper")

    shown = client.get(at("points", rma), **EN)
    typed_nothing = client.get(at("points", rma), {"postcode": ""}, **EN)

    assert shown.status_code == 200
    assert b"We can show no place near this postcode right now." in shown.content
    assert b'name="point"' not in shown.content
    assert b"Type a postcode to see the places near it." in typed_nothing.content


def test_the_place_stands_on_the_slip(db):
    order = order_of(labelled(small_shop(policy=policy("drop_off", "own_carrier"))))
    replace_points(order.shop, points_in(POINTS), by="Ana")
    rma = requested_return(order)
    plain = packing_slip(rma, language="fr", made_at=now())
    relay = ReturnPoint.objects.get(shop=order.shop, kind="relay")
    choose_method(rma.pk, method="drop_off", point_id=relay.pk, by="shopper")

    made = packing_slip(rma, language="fr", made_at=now())

    assert made.startswith(b"%PDF-") and made != plain


def test_a_code_in_place_of_a_printed_label_is_shown_and_opened_by_who_holds_the_link(
    order, client, find
):
    set_shipping_terms(order.shop, label_carrier="simulator", lost_after_days=10, by="Ana")
    rma = requested_return(order)
    choose_method(rma.pk, method="prepaid_label", by="shopper")
    label = ask_label(rma.pk, by="shopper")
    send_label(label.pk)
    answer = LabelAnswer(LabelOutcome.MADE, "lbl_1", "SIM1", b"%PDF-1.7", drop_off_code="DROP-42")
    settle_label(label.pk, answer)

    page = client.get(at("return", rma), **EN).content.decode()
    masked = reverse("portal:return", args=[rma.shop.slug, rma.number])

    assert "No printer?" in page and 'aria-label="DROP-42"' in page
    assert client.get(at("drop_off_code", rma, label.pk)).content.startswith(b"%PDF-")
    assert "DROP-42" not in find(order).get(masked).content.decode()
    hidden = reverse("portal:drop_off_code", args=[rma.shop.slug, rma.number, label.pk])
    assert find(order).get(hidden).status_code == 404
