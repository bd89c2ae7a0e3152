"""A pickup in the portal: day and time chosen without JavaScript, shown, called off."""

import pytest
from django.urls import reverse
from tests.domain.shipping.test_pickups import MADE, called, shop_with_pickups, wanted  # noqa: F401
from tests.world import run_jobs

from rebond.domain.returns.links import token_for
from rebond.domain.shipping.pickups import pickup_of, window_of, windows_for
from rebond.domain.shipping.ports import PickupWindow
from rebond.integrations.carriers.simulator import SimulatedCarrier

EN = {"headers": {"accept-language": "en"}}
pytestmark = pytest.mark.django_db


def at(name, rma):
    return reverse(f"portal:{name}", args=[rma.shop.slug, token_for(rma)])


@pytest.fixture
def rma(called):  # noqa: F811
    return wanted()


def test_day_and_time_are_chosen_shown_and_called_off(rma, client):
    page = client.get(at("return", rma), **EN).content.decode()
    assert "Choose when it is picked up" in page and "Get my prepaid label" not in page
    offered = client.get(at("pickup", rma), **EN).content.decode()
    assert "3 rue du Puits" in offered and "09:00 – 13:00" in offered

    window = windows_for(rma)[1]
    client.post(at("pickup", rma), {"window": window.key})
    run_jobs()

    assert window_of(pickup_of(rma)) == window
    page = client.get(at("return", rma), **EN).content.decode()
    assert "13:00 – 18:00" in page and "The courier is booked." in page
    assert "Download the label" in page and "Give it to the courier" in page
    assert client.get(at("pickup", rma)).status_code == 302

    client.post(at("call_pickup_off", rma))
    run_jobs()
    assert pickup_of(rma).state == "void"
    assert b"Choose when it is picked up" in client.get(at("return", rma), **EN).content


@pytest.mark.parametrize("window", ["", "nonsense", "2020-01-01/09:00/13:00", "2999-01-01/a/b"])
def test_a_time_that_is_none_is_refused_in_words(rma, client, window):
    answer = client.post(at("pickup", rma), {"window": window}, **EN)

    assert answer.status_code == 422
    assert b"Please choose a day and a time that are still to come." in answer.content
    assert pickup_of(rma) is None


def test_only_who_holds_the_link_sends_a_courier_to_somebodys_door(rma, find):
    guest = find(rma.order)
    masked = reverse("portal:pickup", args=[rma.shop.slug, rma.number])

    assert guest.get(masked).status_code == 302
    guest.post(masked, {"window": windows_for(rma)[0].key})

    page = guest.get(reverse("portal:return", args=[rma.shop.slug, rma.number])).content
    assert pickup_of(rma) is None
    assert b"only that link opens it" in page and b"rue du Puits" not in page


@pytest.mark.parametrize(("windows", "words"), [(None, b"cannot be asked"), ([], b"does not come")])
def test_a_carrier_that_is_silent_or_does_not_come_leaves_the_other_ways(
    rma, client, monkeypatch, windows, words
):
    monkeypatch.setattr(SimulatedCarrier, "pickup_windows", lambda *_: windows)

    page = client.get(at("pickup", rma), **EN).content

    assert words in page
    assert b"Send it in another way" in page


def test_a_key_of_a_window_is_read_as_it_was_written(rma):
    for window in windows_for(rma):
        assert PickupWindow.from_key(window.key) == window
