"""What is Sendcloud's own: pages of returns, papers that are late, cancelling as a request."""

import json
import threading
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from tests.integrations.fakes import sendcloud as fakes

from rebond.domain.shipping.errors import CarrierHookRefused
from rebond.domain.shipping.ports import Goods, LabelOrder, LabelOutcome, Place, carriers
from rebond.domain.shipping.tracking import TrackingStatus
from rebond.kernel.companies import Account, HookRequest
from rebond.kernel.ids import uuid7
from rebond.kernel.money import Money

HOME = Place("Camille Œuvrard", ("3 rue du Puits",), "75005", "Paris", "FR", "c@client.example")
SHOP = Place("Galerie", ("12 rue des Lices", "Quai 4"), "69000", "Lyon", "FR")


@pytest.fixture
def fake(monkeypatch):
    running = fakes.SendcloudFake()
    threading.Thread(target=running.serve_forever, args=(0.02,), daemon=True).start()
    monkeypatch.setenv("REBOND_SENDCLOUD_URL", running.url)
    monkeypatch.setenv("REBOND_SENDCLOUD_PUBLIC_KEY", fakes.PUBLIC)
    monkeypatch.setenv("REBOND_SENDCLOUD_SECRET_KEY", fakes.SECRET)
    monkeypatch.setenv("REBOND_SENDCLOUD_SHIPPING_OPTION", "postnl:standard/return")
    monkeypatch.setenv("REBOND_SENDCLOUD_TIMEOUT", "2")
    yield running
    running.shutdown()
    running.server_close()


def sendcloud():
    return carriers["sendcloud"](Account("galerie"))


def an_order(label_id: UUID | None = None) -> LabelOrder:
    return LabelOrder(label_id or uuid7(), "R-2026-000001", HOME, SHOP, 1200, "EUR")


def test_the_label_is_asked_for_in_sendclouds_own_words(fake):
    order = an_order()

    answer = sendcloud().buy_label(order)

    wish = fake.returns[0]["wish"]
    assert wish["ship_with"]["shipping_option_code"] == "postnl:standard/return"
    assert wish["weight"] == {"value": 1200, "unit": "g"}
    assert wish["from_address"]["name"] == "Camille Œuvrard"
    assert wish["to_address"]["address_line_2"] == "Quai 4"
    assert wish["external_reference"] == str(order.label_id)
    assert (answer.cost, answer.reference) == (Money(615, "EUR"), "90001")


def test_goods_of_unknown_weight_are_sent_as_the_shop_says(fake, monkeypatch):
    monkeypatch.setenv("REBOND_SENDCLOUD_WEIGHT_GRAMS", "2500")
    monkeypatch.setenv("REBOND_SENDCLOUD_CONTRACT", "123456")

    sendcloud().buy_label(replace(an_order(), weight_grams=None))

    assert fake.returns[0]["wish"]["weight"]["value"] == 2500
    assert fake.returns[0]["wish"]["ship_with"]["contract"] == 123456


def test_a_missing_town_is_refused_with_the_name_of_the_field(fake):
    answer = sendcloud().buy_label(replace(an_order(), sender=replace(HOME, town="")))

    assert answer.outcome is LabelOutcome.REFUSED
    assert answer.code == "required from_address/city"


def test_without_an_option_nothing_is_asked(fake, monkeypatch):
    monkeypatch.delenv("REBOND_SENDCLOUD_SHIPPING_OPTION")

    answer = sendcloud().buy_label(an_order())

    assert (answer.outcome, answer.code) == (LabelOutcome.REFUSED, "not_connected")
    assert not fake.returns


def test_a_wrong_key_buys_nothing_and_is_named(fake, monkeypatch):
    monkeypatch.setenv("REBOND_SENDCLOUD_SECRET_KEY", "another")

    answer = sendcloud().buy_label(an_order())

    assert (answer.outcome, answer.code) == (LabelOutcome.REFUSED, "not_let_in")


def test_who_is_too_fast_asks_again_later(fake):
    fake.plans.append(("429", 0))

    assert sendcloud().buy_label(an_order()).outcome is LabelOutcome.NO_ANSWER


def test_a_label_is_found_on_a_later_page_among_others(fake):
    orders = [an_order() for _ in range(5)]
    for order in orders:
        sendcloud().buy_label(order)

    found = sendcloud().find_label(orders[4].label_id)

    assert (found.outcome, found.tracking_number) == (LabelOutcome.MADE, "3SFAKE00000005")
    assert sendcloud().find_label(uuid7()).outcome is LabelOutcome.NOT_THERE
    assert sendcloud().find_label(uuid4()).outcome is LabelOutcome.NOT_THERE


def test_a_label_that_is_still_being_made_is_waited_for_and_not_bought_again(fake):
    order = an_order()
    fake.is_slow_to_label = True

    bought = sendcloud().buy_label(order)
    early = sendcloud().find_label(order.label_id)
    fake.is_slow_to_label = False
    later = sendcloud().find_label(order.label_id)

    assert (bought.outcome, early.outcome) == (LabelOutcome.NO_ANSWER, LabelOutcome.NO_ANSWER)
    assert later.outcome is LabelOutcome.MADE


def test_a_page_that_is_no_pdf_is_no_label(fake):
    order = an_order()
    fake.paper = b"<html>Log in</html>"

    assert sendcloud().buy_label(order).outcome is LabelOutcome.NO_ANSWER
    fake.paper = fakes.PDF
    assert sendcloud().find_label(order.label_id).outcome is LabelOutcome.MADE


def test_a_label_given_back_twice_is_given_back_and_found_no_more(fake):
    order = an_order()
    label = sendcloud().buy_label(order)

    first, second = (sendcloud().void_label(label.reference) for _ in range(2))

    assert (first.outcome, second.outcome) == (LabelOutcome.NOT_THERE, LabelOutcome.NOT_THERE)
    assert sendcloud().find_label(order.label_id).outcome is LabelOutcome.NOT_THERE


def test_a_label_without_a_number_of_sendclouds_cannot_be_given_back(fake):
    assert sendcloud().void_label("").code == "no_reference"
    assert sendcloud().void_label("../returns").code == "no_reference"


def test_the_documented_example_of_a_signature_is_let_in(monkeypatch):
    body = b'{"key": "value"}'
    mac = "1eed4b3d41f4653ac64fd56f1bf1cbfd349e4482cbc11dff7134bd93e5da4b0a"
    monkeypatch.setenv("REBOND_SENDCLOUD_HOOK_KEY", "secretkey")

    assert sendcloud().read_scans(HookRequest({"sendcloud-signature": mac}, body)) == []


def test_a_message_told_twice_has_one_name(fake):
    body = fakes.message("3SFAKE00000001", "delivered")

    (first,), (second,) = (
        sendcloud().read_scans(HookRequest(fakes.signed(body), body)) for _ in range(2)
    )

    assert first == second
    assert first.happened_at.year == 2025


@pytest.mark.parametrize(
    "body", [b"[]", b"{", b'{"action": "parcel_status_changed"}', b"\xff", b"[" * 9000]
)
def test_a_signed_message_that_makes_no_sense_is_refused(fake, body):
    with pytest.raises(CarrierHookRefused):
        sendcloud().read_scans(HookRequest(fakes.signed(body), body))


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Announced: not collected", TrackingStatus.INFO_RECEIVED),
        ("En route to sorting center", TrackingStatus.IN_TRANSIT),
        ("Delivery attempt failed", TrackingStatus.ATTEMPT_FAIL),
        ("Shipment collected by customer", TrackingStatus.DELIVERED),
        ("Unable to deliver", TrackingStatus.EXCEPTION),
        ("A word of next year", TrackingStatus.PENDING),
    ],
)
def test_its_words_are_read_as_the_standard_ones(fake, said, meant):
    body = json.loads(fakes.message("3S1", "delivered"))
    body["parcel"]["status"]["message"] = said
    raw = json.dumps(body).encode()

    (scan,) = sendcloud().read_scans(HookRequest(fakes.signed(raw), raw))

    assert (scan.status, scan.words) == (meant, said)


def test_goods_that_pass_customs_are_told_as_returned_goods(fake):
    goods = Goods("Paper lamp", "LAMP-01", 2, 6666, 1700, "940521", "CN")
    unknown = Goods("Mug", "MUG-07", 1, 1295, None, "", "")

    sendcloud().buy_label(replace(an_order(), goods=(goods, unknown)))

    wish = fake.returns[0]["wish"]
    assert wish["customs_information"]["export_reason"] == "returned_goods"
    assert wish["parcel_items"][0]["price"] == {"value": 33.33, "currency": "EUR"}
    assert wish["parcel_items"][0]["weight"] == {"value": 850, "unit": "g"}
    assert "hs_code" not in wish["parcel_items"][1]
