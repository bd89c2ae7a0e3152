"""What is EasyPost's own: which way a return travels, rates, papers at another place, pages."""

import json
import threading
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from tests.integrations.fakes import easypost as fakes

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
    running = fakes.EasyPostFake()
    threading.Thread(target=running.serve_forever, args=(0.02,), daemon=True).start()
    monkeypatch.setenv("REBOND_EASYPOST_URL", running.url)
    monkeypatch.setenv("REBOND_EASYPOST_API_KEY", fakes.KEY)
    monkeypatch.setenv("REBOND_EASYPOST_HOOK_SECRET", fakes.SECRET)
    monkeypatch.setenv("REBOND_EASYPOST_TIMEOUT", "2")
    yield running
    running.shutdown()
    running.server_close()


def easypost():
    return carriers["easypost"](Account("galerie"))


def an_order(label_id: UUID | None = None) -> LabelOrder:
    return LabelOrder(label_id or uuid7(), "R-2026-000001", HOME, SHOP, 1200, "EUR")


def test_a_return_travels_to_the_from_address_and_the_cheapest_rate_is_bought(fake):
    order = an_order()

    answer = easypost().buy_label(order)

    wish = fake.shipments[0]["wish"]
    assert (wish["from_address"]["name"], wish["to_address"]["name"]) == (
        "Galerie",
        "Camille Œuvrard",
    )
    assert (wish["from_address"]["street2"], wish["parcel"]["weight"]) == ("Quai 4", 42.4)
    assert (wish["reference"], wish["options"]["label_format"]) == (str(order.label_id), "PDF")
    assert answer.cost == Money(615, "USD")
    assert fake.keys_at_papers == [None]


def test_the_shop_may_name_a_service_and_accounts(fake, monkeypatch):
    monkeypatch.setenv("REBOND_EASYPOST_SERVICE", "priority")
    monkeypatch.setenv("REBOND_EASYPOST_CARRIER_ACCOUNTS", "ca_1, ca_2")
    monkeypatch.setenv("REBOND_EASYPOST_WEIGHT_GRAMS", "2834")

    answer = easypost().buy_label(replace(an_order(), weight_grams=None))

    assert answer.cost == Money(1240, "USD")
    assert fake.shipments[0]["wish"]["carrier_accounts"] == ["ca_1", "ca_2"]
    assert fake.shipments[0]["wish"]["parcel"] == {"weight": 100.0}


def test_where_nobody_offers_it_a_carriers_word_says_why(fake, monkeypatch):
    monkeypatch.setenv("REBOND_EASYPOST_SERVICE", "Rocket")
    assert easypost().buy_label(an_order()).code == "no_rate"

    fake.rates = []
    answer = easypost().buy_label(an_order())
    assert (answer.outcome, answer.code) == (
        LabelOutcome.REFUSED,
        "no_rate USPS zip not served",
    )


def test_a_box_of_known_size_is_told_in_inches(fake):
    easypost().buy_label(replace(an_order(), box_mm=(300, 205, 100)))

    told = fake.shipments[0]["wish"]["parcel"]
    assert (told["length"], told["width"], told["height"]) == (11.9, 8.1, 4.0)


def test_a_quote_buys_nothing(fake):
    assert easypost().quote_label(an_order()) == Money(615, "USD")
    assert not [row for row in fake.shipments if row["selected_rate"]]


@pytest.mark.parametrize(
    "address", ["https://evil.example/label.pdf", "http://api.easypost.com/x.pdf", "file:///x", ""]
)
def test_a_paper_that_lies_elsewhere_is_not_fetched(fake, address):
    fake.label_url = address

    answer = easypost().buy_label(an_order())

    assert (answer.outcome, answer.code) == (LabelOutcome.NO_ANSWER, "no_paper")


def test_a_paper_that_was_late_is_found_afterwards(fake):
    order, fake.paper = an_order(), b"<html>wait"
    assert easypost().buy_label(order).outcome is LabelOutcome.NO_ANSWER

    fake.paper = fakes.PDF
    assert easypost().find_label(order.label_id).outcome is LabelOutcome.MADE


def test_a_label_is_found_on_a_later_page_and_not_once_it_was_given_back(fake):
    order = an_order()
    bought = easypost().buy_label(order)
    for _ in range(4):
        easypost().buy_label(an_order())
    assert easypost().find_label(order.label_id).reference == bought.reference

    assert easypost().void_label(bought.reference).outcome is LabelOutcome.NOT_THERE
    assert easypost().find_label(order.label_id).outcome is LabelOutcome.NOT_THERE
    assert easypost().void_label(bought.reference).outcome is LabelOutcome.NOT_THERE


def test_customs_hear_of_returned_goods(fake):
    goods = (
        Goods("Paper lamp", "LAMP-01", 2, 6667, 900, "940520", "FR"),
        Goods("Blue mug", "MUG-07", 1, 1295, None, "", ""),
    )

    easypost().buy_label(replace(an_order(), goods=goods))

    told = fake.shipments[0]["wish"]["customs_info"]
    assert told["contents_type"] == "returned_goods"
    assert told["customs_items"][0] == {
        "description": "Paper lamp",
        "quantity": 2,
        "value": 66.67,
        "currency": "EUR",
        "code": "LAMP-01",
        "hs_tariff_number": "940520",
        "origin_country": "FR",
        "weight": 31.8,
    }
    assert "weight" not in told["customs_items"][1]


def test_a_tracker_without_details_tells_its_status_and_another_number_nothing(fake):
    fake.trackers["94X"] = fakes.tracker_of("94X")

    (scan,) = easypost().scans_of("94X")

    assert scan.status is TrackingStatus.INFO_RECEIVED
    assert easypost().scans_of("94Y") == []


def test_a_report_has_one_name_by_message_and_when_asked(fake):
    body = fakes.message("94X", "in_transit")
    fake.scan("94X", "in_transit")

    (told,) = easypost().read_scans(HookRequest(fakes.signed(body), body))
    (asked,) = easypost().scans_of("94X")

    assert told.event_id == asked.event_id


@pytest.mark.parametrize(
    "event",
    [
        {"object": "Event", "description": "batch.created", "result": {"object": "Batch"}},
        {"object": "Event", "description": "tracker.updated", "result": None},
    ],
)
def test_messages_about_other_things_say_nothing_of_parcels(fake, event):
    body = json.dumps(event).encode()

    assert easypost().read_scans(HookRequest(fakes.signed(body), body)) == []


@pytest.mark.parametrize("body", [b"[]", b"<xml>", b'{"result": {"object": "Tracker", "tracking_'])
def test_what_cannot_be_read_is_refused(fake, body):
    with pytest.raises(CarrierHookRefused):
        easypost().read_scans(HookRequest(fakes.signed(body), body))


@pytest.mark.parametrize(
    ("tracker", "day"),
    [
        ({"est_delivery_date": "2026-11-25T20:00:00Z"}, date(2026, 11, 25)),
        (
            {
                "est_delivery_date": "2026-11-26T01:00:00Z",
                "carrier_detail": {"est_delivery_date_local": "2026-11-25"},
            },
            date(2026, 11, 25),
        ),
        ({"est_delivery_date": "soon"}, None),
        ({}, None),
    ],
)
def test_the_last_report_tells_when_the_carrier_means_to_be_here(fake, tracker, day):
    fake.scan("94X", "in_transit")
    fake.scan("94X", "in_transit")
    fake.trackers["94X"] |= tracker

    told = [scan.expected_on for scan in easypost().scans_of("94X")]

    assert told == [None, day]
