"""Places that a carrier tells: asked seldom, never waited for long, chosen and kept."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import translation
from tests.domain.shipping.test_methods import POINTS, policy
from tests.integrations.fakes import sendcloud
from tests.world import order_of, requested_return, small_shop

from rebond.domain.shipping.actions import (
    choose_method,
    keep_points,
    replace_points,
    set_shipping_terms,
)
from rebond.domain.shipping.errors import PointUnknown
from rebond.domain.shipping.methods import chosen_of
from rebond.domain.shipping.models import CarrierPoint, PointSearch
from rebond.domain.shipping.places import MOST_ASKED, has_points, points_near
from rebond.domain.shipping.point_files import points_in
from rebond.domain.shipping.points import ToldPoint, lines_of, usable

RULES = policy("drop_off", "own_carrier")


@pytest.fixture
def fake(monkeypatch):
    running = sendcloud.SendcloudFake()
    threading.Thread(target=running.serve_forever, args=(0.02,), daemon=True).start()
    monkeypatch.setenv("REBOND_SENDCLOUD_URL", running.url)
    monkeypatch.setenv("REBOND_SENDCLOUD_POINTS_URL", running.points_url)
    monkeypatch.setenv("REBOND_SENDCLOUD_PUBLIC_KEY", sendcloud.PUBLIC)
    monkeypatch.setenv("REBOND_SENDCLOUD_SECRET_KEY", sendcloud.SECRET)
    monkeypatch.setenv("REBOND_SENDCLOUD_SHIPPING_OPTION", "mondial_relay:dropoff/return")
    monkeypatch.setenv("REBOND_SENDCLOUD_TIMEOUT", "0.5")
    yield running
    running.shutdown()
    running.server_close()


@pytest.fixture
def rma(db, fake):
    shop = small_shop(policy=RULES)
    replace_points(shop, points_in(POINTS), by="Ana")
    set_shipping_terms(shop, label_carrier="sendcloud", lost_after_days=10, by="Ana")
    found = requested_return(order_of(shop))
    choose_method(found.pk, method="drop_off", by="shopper")
    return found


def names(rma, postcode="75005"):
    return [one.point.name for one in points_near(rma, "drop_off", postcode)]


def wait(**past):
    for search in PointSearch.objects.all():
        search.asked_at -= timedelta(**past)
        search.told_at = search.told_at and search.told_at - timedelta(**past)
        search.save()


def test_the_carriers_places_are_shown_nearest_first_and_asked_for_once(rma, fake):
    assert names(rma) == ["CONSIGNE MONGE", "PHARMACIE DU PUITS"]
    assert names(rma, "75 005") == ["CONSIGNE MONGE", "PHARMACIE DU PUITS"]

    (asked,) = fake.asked_points
    assert (asked["carrier"], asked["country"]) == ("mondial_relay", "FR")
    wait(hours=13)
    names(rma)
    assert len(fake.asked_points) == 2


def test_a_silent_carrier_leaves_the_list_of_the_shop_and_is_left_alone(rma, fake):
    fake.plans.append(("hang", 3))

    assert names(rma) == names(rma) == ["Tabac du Port"]
    assert len(fake.asked_points) == 1

    wait(minutes=2)
    assert names(rma) == ["CONSIGNE MONGE", "PHARMACIE DU PUITS"]


def test_an_old_answer_serves_while_the_carrier_is_silent_and_not_for_ever(rma, fake):
    names(rma)
    wait(hours=13)
    fake.plans.append(("500", 0))
    assert names(rma) == ["CONSIGNE MONGE", "PHARMACIE DU PUITS"]

    wait(days=7)
    fake.plans.append(("500", 0))
    assert names(rma) == ["Tabac du Port"]
    assert not CarrierPoint.objects.filter(shop=rma.shop).exists()


def test_where_the_carrier_has_no_place_the_list_of_the_shop_is_shown(rma, fake):
    fake.points = []

    assert names(rma) == names(rma) == ["Tabac du Port"]
    assert len(fake.asked_points) == 1


@pytest.mark.parametrize("postcode", ["", "7", "75005&x=1", "<b>"])
def test_what_is_no_postcode_is_told_to_nobody(rma, fake, postcode):
    assert names(rma, postcode) == ["Tabac du Port"]
    assert not fake.asked_points


def test_who_tries_one_postcode_after_the_other_does_not_use_the_carrier_up(rma, fake):
    for number in range(MOST_ASKED):
        keep_points(rma.shop, "sendcloud", "FR", f"{number:05d}", [])

    assert names(rma) == ["Tabac du Port"]
    assert not fake.asked_points


def test_a_carrier_without_its_keys_tells_nothing(rma, fake, monkeypatch):
    monkeypatch.delenv("REBOND_SENDCLOUD_SECRET_KEY")

    assert names(rma) == ["Tabac du Port"]
    assert not fake.asked_points


def test_a_place_that_was_told_is_chosen_and_stays_though_it_is_told_no_more(rma, fake):
    place = points_near(rma, "drop_off", "75005")[0].point
    wait(hours=13)
    assert points_near(rma, "drop_off", "75005")[0].point.pk == place.pk

    with translation.override("fr"):
        choose_method(rma.pk, method="drop_off", point_id=place.pk, by="shopper")
    fake.points = []
    wait(hours=13)
    names(rma)

    kept = chosen_of(rma).point
    assert (kept["reference"], kept["kind"], kept["is_step_free"]) == ("10875342", "locker", None)
    assert kept["opening_hours"] == ["lun–sam 10:00–12:00, 13:30–20:00"]


def test_a_place_of_another_shop_or_of_a_carrier_of_before_is_refused(rma, fake):
    other = small_shop("other", policy=RULES)
    told = ToldPoint("X1", "relay", "Tabac", "1 rue", "75005", "Paris", "FR")
    theirs = keep_points(other, "sendcloud", "FR", "75005", [told]).points.get()
    former = keep_points(rma.shop, "colissimo", "FR", "75005", [told]).points.get()

    for place in (theirs.pk, former.pk, uuid4()):
        with pytest.raises(PointUnknown):
            choose_method(rma.pk, method="drop_off", point_id=place, by="shopper")


def test_a_carrier_that_tells_its_places_needs_no_file(db, fake):
    shop = small_shop(policy=RULES)
    assert not has_points(shop, "drop_off")
    set_shipping_terms(shop, label_carrier="sendcloud", lost_after_days=10, by="Ana")

    assert has_points(shop, "drop_off") and not has_points(shop, "counter")


def test_what_cannot_be_shown_is_left_out_and_each_place_is_told_once():
    good = ToldPoint("A", "relay", "Tabac", "1 rue", "75005", "Paris", "FR", metres=20)
    bad = [
        ToldPoint("", "relay", "Tabac", "1 rue", "75005", "Paris", "FR"),
        ToldPoint("B", "castle", "Tabac", "1 rue", "75005", "Paris", "FR"),
        ToldPoint("C", "relay", "Tabac", "1 rue", "75005", "Paris", "FR", metres=-4),
        ToldPoint("D", "relay", "Tabac", "1 rue", "75005", "Paris", "FR", hours=("9-12",)),
        ToldPoint("E", "relay", "x" * 121, "1 rue", "75005", "Paris", "FR"),
    ]

    assert usable([*bad, good, good], most=9) == [good]


def test_hours_are_read_in_the_language_of_the_reader():
    week = ("9:00-12:00",) * 2 + ("",) + ("8:00-20:00",) * 3 + ("",)

    with translation.override("en"):
        assert lines_of(week) == ["Mon–Tue 9:00–12:00", "Thu–Sat 8:00–20:00"]
    assert lines_of(()) == []
