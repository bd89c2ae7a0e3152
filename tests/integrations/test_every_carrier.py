"""The promise every carrier makes. A new file in the folder is tested by being there."""

import json
import os
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import ClassVar
from uuid import uuid4

import pytest
from tests.integrations.fakes import colissimo, easypost, mondial_relay, sendcloud

from rebond.domain.shipping.errors import CarrierHookRefused
from rebond.domain.shipping.points import usable
from rebond.domain.shipping.ports import (
    POINTS_SECONDS,
    Ability,
    LabelOrder,
    LabelOutcome,
    Place,
    SendingAdvice,
    carriers,
    with_ability,
)
from rebond.domain.shipping.tracking import TrackingStatus
from rebond.kernel.companies import Account, HookRequest
from rebond.simulator.parcels import Depot, sign

EVERY = pytest.mark.parametrize("key", carriers.keys())
SECRET = "a secret of the carrier"
MONDAY = date(2026, 11, 23)
HOME = Place("Camille Œuvrard", ("3 rue du Puits",), "75005", "Paris", "FR", "c@client.example")
SHOP = Place("Galerie", ("12 rue des Lices",), "69000", "Lyon", "FR")


@EVERY
def test_it_says_who_it_is_and_how_to_send(key):
    carrier = carriers[key]()

    assert (carrier.key, bool(carrier.title)) == (key, True)
    assert isinstance(carrier.advice(""), SendingAdvice)


@EVERY
def test_a_number_is_cleaned_once_and_for_all(key):
    carrier = carriers[key]()
    try:
        number = carrier.clean_number(" 6a 123.456 ")
    except ValueError:
        return

    assert carrier.clean_number(number) == number
    assert len(number) <= 80


@EVERY
@pytest.mark.parametrize("junk", ["<script>", "x" * 200, "\x00", "６Ａ"])
def test_junk_is_refused(key, junk):
    with pytest.raises(ValueError):
        carriers[key]().clean_number(junk)


@EVERY
def test_what_it_does_not_offer_it_refuses_and_never_pretends(key):
    carrier = carriers[key]()
    order = an_order()

    if Ability.LABEL not in carrier.can:
        assert carrier.buy_label(order).outcome is LabelOutcome.REFUSED
    if Ability.FIND not in carrier.can:
        assert carrier.find_label(order.label_id).outcome is LabelOutcome.NO_ANSWER
    if Ability.VOID not in carrier.can:
        assert carrier.void_label("x").outcome is LabelOutcome.REFUSED
    if Ability.POLL not in carrier.can:
        assert carrier.scans_of("x") is None
    if Ability.PICKUP not in carrier.can:
        assert carrier.pickup_windows(HOME, MONDAY) == ()
    if Ability.POINTS not in carrier.can:
        assert carrier.points_near(HOME) == ()
    if Ability.HOOK not in carrier.can:
        with pytest.raises(CarrierHookRefused):
            carrier.read_scans(HookRequest({}, b"{}"))


def an_order() -> LabelOrder:
    return LabelOrder(uuid4(), "R-2026-000001", HOME, SHOP, 1200, "EUR")


# --- carriers that are called ---------------------------------------------------------------


class SimulatorBench:
    """The rehearsal carrier, on its own depot."""

    def __init__(self, monkeypatch) -> None:
        self.depot = Depot(("127.0.0.1", 0))
        threading.Thread(target=self.depot.serve_forever, args=(0.02,), daemon=True).start()
        monkeypatch.setenv("REBOND_CARRIER_SIMULATOR_URL", self.depot.url)
        monkeypatch.setenv("REBOND_CARRIER_SIMULATOR_SECRET", SECRET)
        monkeypatch.setenv("REBOND_CARRIER_SIMULATOR_TIMEOUT", "0.8")
        self.monkeypatch = monkeypatch

    def away(self) -> None:
        self.monkeypatch.setenv("REBOND_CARRIER_SIMULATOR_URL", "http://127.0.0.1:9")

    def without_secret(self) -> None:
        self.monkeypatch.delenv("REBOND_CARRIER_SIMULATOR_SECRET")

    def plan(self, mode: str) -> None:
        self.depot.plan(mode, seconds=3)

    def sold(self, order: LabelOrder) -> int:
        return len(self.depot.under(str(order.label_id)))

    far_away = replace(HOME, postcode="97400", town="Saint-Denis")

    def booked(self, order: LabelOrder) -> list[str]:
        return [row["pickup"] for row in self.depot.under(str(order.label_id))]

    def scan(self, number: str, status: str, **more) -> None:
        self.depot.scan(number, status, **more)

    def message(self, number: str, status: str, *, secret: str = SECRET, at: float | None = None):
        row = {"id": "s1", "tracking_number": number, "status": status, "at": 1.7e9}
        body = json.dumps({"scans": [row]}).encode()
        stamp = int(time.time() if at is None else at)
        return HookRequest({"simulator-signature": sign(secret, body, stamp)}, body)

    def close(self) -> None:
        self.depot.shutdown()
        self.depot.server_close()


class SendcloudBench:
    """Sendcloud, by its documentation."""

    def __init__(self, monkeypatch) -> None:
        self.fake = sendcloud.SendcloudFake()
        threading.Thread(target=self.fake.serve_forever, args=(0.02,), daemon=True).start()
        monkeypatch.setenv("REBOND_SENDCLOUD_URL", self.fake.url)
        monkeypatch.setenv("REBOND_SENDCLOUD_PUBLIC_KEY", sendcloud.PUBLIC)
        monkeypatch.setenv("REBOND_SENDCLOUD_SECRET_KEY", sendcloud.SECRET)
        monkeypatch.setenv("REBOND_SENDCLOUD_SHIPPING_OPTION", "postnl:standard/return")
        monkeypatch.setenv("REBOND_SENDCLOUD_TIMEOUT", "0.8")
        monkeypatch.setenv("REBOND_SENDCLOUD_POINTS_URL", self.fake.points_url)
        self.monkeypatch = monkeypatch

    def away(self) -> None:
        self.monkeypatch.setenv("REBOND_SENDCLOUD_URL", "http://127.0.0.1:9")
        self.monkeypatch.setenv("REBOND_SENDCLOUD_POINTS_URL", "http://127.0.0.1:9")

    def with_a_wrong_key(self) -> None:
        self.monkeypatch.setenv("REBOND_SENDCLOUD_SECRET_KEY", "another")

    def without_secret(self) -> None:
        self.monkeypatch.delenv("REBOND_SENDCLOUD_SECRET_KEY")

    def plan(self, mode: str) -> None:
        self.fake.plans.append((mode, 3.0))

    def sold(self, order: LabelOrder) -> int:
        return len(self.fake.under(str(order.label_id)))

    def scan(self, number: str, status: str, **more) -> None:
        self.fake.scan(number, status)

    def message(self, number: str, status: str, *, secret: str = sendcloud.SECRET):
        body = sendcloud.message(number, status)
        return HookRequest(sendcloud.signed(body, secret), body)

    def close(self) -> None:
        self.fake.shutdown()
        self.fake.server_close()


class FakeBench:
    """A carrier by its documentation, on a fake of it; ``urls`` and ``keys`` are settings."""

    fake_type: type
    prefix: str
    urls: ClassVar[dict[str, str]]
    keys: ClassVar[dict[str, str]]
    secret: str

    def __init__(self, monkeypatch) -> None:
        self.fake = self.fake_type()
        threading.Thread(target=self.fake.serve_forever, args=(0.02,), daemon=True).start()
        self.monkeypatch = monkeypatch
        for name, attribute in self.urls.items():
            self._set(name, getattr(self.fake, attribute))
        for name, value in {**self.keys, "TIMEOUT": "0.8"}.items():
            self._set(name, value)

    def _set(self, name: str, value: str) -> None:
        self.monkeypatch.setenv(f"REBOND_{self.prefix}_{name}", value)

    def away(self) -> None:
        for name in self.urls:
            self._set(name, "http://127.0.0.1:9")

    def with_a_wrong_key(self) -> None:
        self._set(self.secret, "another")

    def scan(self, number: str, status: str, **more) -> None:
        self.fake.scan(number, status)

    def plan(self, mode: str) -> None:
        self.fake.plans.append((mode, 3.0))

    def sold(self, order: LabelOrder) -> int:
        return len(self.fake.under(str(order.label_id)))

    def close(self) -> None:
        self.fake.shutdown()
        self.fake.server_close()


class ColissimoBench(FakeBench):
    """Colissimo, by its documentation: labels, and reports when they are asked for."""

    fake_type, prefix, secret = colissimo.ColissimoFake, "COLISSIMO", "KEY"
    urls: ClassVar = {"URL": "url", "POINTS_URL": "points_url", "TRACKING_URL": "tracking_url"}
    keys: ClassVar = {"KEY": colissimo.KEY, "TRACKING_KEY": colissimo.TRACKING_KEY}


class MondialRelayBench(FakeBench):
    """Mondial Relay, by its documentation: labels in two calls, places and reports by SOAP."""

    fake_type, prefix, secret = mondial_relay.MondialRelayFake, "MONDIAL_RELAY", "PRIVATE_KEY"
    urls: ClassVar = {"URL": "url", "SERVICE_URL": "service_url"}
    keys: ClassVar = {
        "BRAND": mondial_relay.BRAND,
        "LOGIN": mondial_relay.LOGIN,
        "PASSWORD": mondial_relay.PASSWORD,
        "PRIVATE_KEY": mondial_relay.PRIVATE_KEY,
    }


class EasyPostBench(FakeBench):
    """EasyPost, by its documentation: a shipment, a purchase, a paper at another address."""

    fake_type, prefix, secret = easypost.EasyPostFake, "EASYPOST", "API_KEY"
    urls: ClassVar = {"URL": "url"}
    keys: ClassVar = {"API_KEY": easypost.KEY, "HOOK_SECRET": easypost.SECRET}

    def without_secret(self) -> None:
        self.monkeypatch.delenv("REBOND_EASYPOST_HOOK_SECRET")

    def message(self, number: str, status: str, *, secret: str = easypost.SECRET):
        body = easypost.message(number, status)
        return HookRequest(easypost.signed(body, secret), body)


BENCHES = {
    "easypost": EasyPostBench,
    "simulator": SimulatorBench,
    "sendcloud": SendcloudBench,
    "colissimo": ColissimoBench,
    "mondial_relay": MondialRelayBench,
}
CALLED = pytest.mark.parametrize("key", with_ability(Ability.LABEL))
FINDS = pytest.mark.parametrize("key", with_ability(Ability.FIND))
VOIDS = pytest.mark.parametrize("key", with_ability(Ability.VOID))
POLLED = pytest.mark.parametrize("key", with_ability(Ability.POLL))
HOOKED = pytest.mark.parametrize("key", with_ability(Ability.HOOK))
TELLS = pytest.mark.parametrize("key", with_ability(Ability.POINTS))
COMES = pytest.mark.parametrize("key", with_ability(Ability.PICKUP))


@pytest.fixture
def bench(key, monkeypatch) -> Iterator[SimulatorBench]:
    made = BENCHES[key](monkeypatch)
    yield made
    made.close()


def plug(key):
    return carriers[key](Account("galerie"))


@CALLED
def test_a_label_comes_with_its_number_its_pdf_and_its_price(key, bench):
    order = an_order()

    answer = plug(key).buy_label(order)

    assert answer.outcome is LabelOutcome.MADE
    assert answer.pdf.startswith(b"%PDF-")
    assert answer.tracking_number
    assert answer.cost is None or answer.cost.minor > 0
    assert bench.sold(order) == 1


@CALLED
def test_a_refusal_is_a_refusal_with_its_word(key, bench):
    bench.plan("refuse")

    answer = plug(key).buy_label(an_order())

    assert answer.outcome is LabelOutcome.REFUSED
    assert answer.code


@FINDS
@pytest.mark.parametrize(
    "mode", ["timeout_after", "500_after", "reset_after", "cut_after", "garbage"]
)
def test_an_answer_that_is_lost_is_found_under_our_reference(key, bench, mode):
    order = an_order()
    bench.plan(mode)

    lost = plug(key).buy_label(order)
    found = plug(key).find_label(order.label_id)

    assert lost.outcome is LabelOutcome.NO_ANSWER
    assert found.outcome is LabelOutcome.MADE
    assert found.pdf.startswith(b"%PDF-")
    assert bench.sold(order) == 1


@FINDS
@pytest.mark.parametrize("mode", ["timeout_before", "500_before"])
def test_a_label_that_was_never_made_is_said_not_to_be_there(key, bench, mode):
    order = an_order()
    bench.plan(mode)

    lost = plug(key).buy_label(order)

    assert lost.outcome is LabelOutcome.NO_ANSWER
    assert plug(key).find_label(order.label_id).outcome is LabelOutcome.NOT_THERE


@CALLED
@pytest.mark.parametrize(
    "mode",
    ["timeout_after", "500_after", "reset_after", "cut_after", "garbage", "timeout_before"],
)
def test_an_answer_that_is_lost_is_never_taken_for_a_refusal(key, bench, mode):
    bench.plan(mode)

    assert plug(key).buy_label(an_order()).outcome is LabelOutcome.NO_ANSWER


@pytest.mark.parametrize("key", [key for key in with_ability(*Ability) if carriers[key].settings])
def test_a_shop_without_its_keys_buys_nothing(key, bench, monkeypatch):
    for name in [name for name in os.environ if name.startswith(f"REBOND_{key.upper()}_")]:
        monkeypatch.delenv(name)

    answer = plug(key).buy_label(an_order())

    assert (answer.outcome, answer.code) == (LabelOutcome.REFUSED, "not_connected")


@FINDS
def test_a_carrier_that_is_away_is_no_answer_to_anything(key, bench):
    bench.away()

    assert plug(key).buy_label(an_order()).outcome is LabelOutcome.NO_ANSWER
    assert plug(key).find_label(uuid4()).outcome is LabelOutcome.NO_ANSWER
    assert plug(key).void_label("1001").outcome is LabelOutcome.NO_ANSWER
    assert plug(key).scans_of("SIM1") is None


@VOIDS
def test_a_label_is_given_back_until_it_is_used(key, bench):
    unused, used = plug(key).buy_label(an_order()), plug(key).buy_label(an_order())
    bench.scan(used.tracking_number, "in_transit")

    assert plug(key).void_label(unused.reference).outcome is LabelOutcome.NOT_THERE
    assert plug(key).void_label(used.reference).outcome is LabelOutcome.REFUSED


@POLLED
def test_its_reports_are_read_in_the_standard_words(key, bench):
    label = plug(key).buy_label(an_order())
    bench.scan(label.tracking_number, "in_transit")
    bench.scan(label.tracking_number, "delivered")

    scans = plug(key).scans_of(label.tracking_number)

    assert [scan.status for scan in scans] == [TrackingStatus.IN_TRANSIT, TrackingStatus.DELIVERED]
    assert len({scan.event_id for scan in scans}) == 2


@HOOKED
def test_only_a_signed_fresh_message_is_read(key, bench):
    (scan,) = plug(key).read_scans(bench.message("SIM1", "delivered"))

    assert (scan.tracking_number, scan.status) == ("SIM1", TrackingStatus.DELIVERED)
    with pytest.raises(CarrierHookRefused):
        plug(key).read_scans(bench.message("SIM1", "delivered", secret="another"))
    with pytest.raises(CarrierHookRefused):
        plug(key).read_scans(HookRequest({}, b"{}"))
    bench.without_secret()
    with pytest.raises(CarrierHookRefused):
        plug(key).read_scans(bench.message("SIM1", "delivered"))


# --- carriers that tell their places --------------------------------------------------------


@TELLS
def test_its_places_have_a_name_an_address_a_distance_and_hours(key, bench):
    found = usable(plug(key).points_near(HOME), most=20)

    assert found
    assert [one.metres for one in found] == sorted(one.metres for one in found)
    assert all(one.name and one.reference and one.country == "FR" for one in found)
    assert all(one.hours[6] == "" and "-" in one.hours[0] for one in found)


@TELLS
def test_only_the_postcode_and_its_town_are_told_to_it(key, bench):
    plug(key).points_near(HOME)

    (asked,) = bench.fake.asked_points
    assert "75005" in str(asked)
    assert "Camille" not in str(asked) and "Puits" not in str(asked)


@TELLS
@pytest.mark.parametrize(
    "mode", ["hang", "429", "500", "503", "object", "reset", "cut", "garbage", "drip"]
)
def test_places_that_cannot_be_read_are_no_answer_and_take_a_short_while(key, bench, mode):
    bench.plan(mode)
    begun = time.monotonic()

    assert plug(key).points_near(HOME) is None
    assert time.monotonic() - begun < POINTS_SECONDS


@TELLS
def test_nobody_tells_places_who_is_away_or_does_not_let_us_in(key, bench):
    bench.with_a_wrong_key()
    assert plug(key).points_near(HOME) is None

    bench.away()
    assert plug(key).points_near(HOME) is None


# --- carriers that come to a door -----------------------------------------------------------


@COMES
def test_it_says_when_it_comes_in_order_and_from_the_first_day_on(key, bench):
    windows = plug(key).pickup_windows(HOME, MONDAY)

    assert windows
    assert list(windows) == sorted(windows)
    assert windows[0].day >= MONDAY
    assert all(window.begins < window.ends for window in windows)


@COMES
def test_who_cannot_be_asked_says_so_and_not_that_nobody_comes(key, bench):
    bench.plan("pickup_500")
    assert plug(key).pickup_windows(HOME, MONDAY) is None

    bench.away()
    assert plug(key).pickup_windows(HOME, MONDAY) is None


@COMES
def test_a_place_where_it_does_not_come_has_no_windows(key, bench):
    assert plug(key).pickup_windows(bench.far_away, MONDAY) == []


@COMES
@pytest.mark.parametrize("mode", ["plain", "timeout_after", "500_after", "cut_after"])
def test_a_window_is_booked_once_whatever_becomes_of_the_answer(key, bench, mode):
    window = plug(key).pickup_windows(HOME, MONDAY)[0]
    order = replace(an_order(), pickup=window)
    bench.plan(mode)

    plug(key).buy_label(order)
    found = plug(key).find_label(order.label_id)

    assert found.outcome is LabelOutcome.MADE
    assert bench.booked(order) == [window.key]


@COMES
def test_a_window_that_it_does_not_offer_is_refused(key, bench):
    window = plug(key).pickup_windows(HOME, MONDAY)[0]
    sunday = replace(window, day=date(2026, 11, 29))

    answer = plug(key).buy_label(replace(an_order(), pickup=sunday))

    assert answer.outcome is LabelOutcome.REFUSED
    assert answer.code


@COMES
def test_a_pickup_is_called_off_with_its_label(key, bench):
    window = plug(key).pickup_windows(HOME, MONDAY)[0]
    order = replace(an_order(), pickup=window)
    booked = plug(key).buy_label(order)

    assert plug(key).void_label(booked.reference).outcome is LabelOutcome.NOT_THERE
    assert bench.booked(order) == []
