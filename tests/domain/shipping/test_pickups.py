"""A parcel that a carrier comes for: booked once, looked up, called off with its return."""

from datetime import time, timedelta

import pytest
from tests.domain.shipping.test_methods import labelled, policy
from tests.world import order_of, requested_return, run_jobs, small_shop

from rebond.domain.refunds.queries import expected_for
from rebond.domain.returns.actions import cancel_return
from rebond.domain.shipping.actions import (
    ask_label,
    choose_method,
    send_label,
    set_shipping_terms,
    settle_label,
    start_void,
    take_scans,
)
from rebond.domain.shipping.errors import (
    LabelAlreadyThere,
    MethodFixed,
    MethodNotOffered,
    PickupWindowUnknown,
)
from rebond.domain.shipping.methods import ways_of
from rebond.domain.shipping.models import Label, Parcel
from rebond.domain.shipping.pickups import pickup_is_offered, pickup_of, window_of, windows_for
from rebond.domain.shipping.ports import LabelAnswer, LabelOutcome, PickupWindow
from rebond.domain.shipping.tracking import Scan, TrackingStatus
from rebond.domain.shoppers.models import Shopper
from rebond.integrations.carriers.simulator import SimulatedCarrier
from rebond.kernel.clock import now, today
from rebond.kernel.models import Job
from rebond.outbound.notifications.models import Message
from rebond.simulator.parcels import windows_from

pytestmark = pytest.mark.django_db
MADE = LabelAnswer(LabelOutcome.MADE, "lbl_1", "SIM1", b"%PDF-1.7")
RULES = policy("pickup", "prepaid_label", "own_carrier", pickup_fee_minor=690)


@pytest.fixture
def called(monkeypatch):
    """The calls to the carrier; what it answers is put into ``answers``."""
    calls, answers = [], {"buy": MADE, "find": MADE, "void": LabelAnswer(LabelOutcome.NOT_THERE)}

    def say(what):
        def answer(_self, order):
            calls.append((what, order))
            return answers[what]

        return answer

    monkeypatch.setattr(SimulatedCarrier, "buy_label", say("buy"))
    monkeypatch.setattr(SimulatedCarrier, "find_label", say("find"))
    monkeypatch.setattr(SimulatedCarrier, "void_label", say("void"))
    monkeypatch.setattr(
        SimulatedCarrier,
        "pickup_windows",
        lambda _self, place, first: [
            PickupWindow.from_key(key) for key in windows_from(first, place.postcode)
        ],
    )
    calls_and_answers = type("Called", (), {"calls": calls, "answers": answers})
    return calls_and_answers


def shop_with_pickups(slug="galerie", **more):
    shop = small_shop(slug, policy=RULES, **more)
    set_shipping_terms(shop, label_carrier="simulator", lost_after_days=10, by="Ana")
    return shop


def wanted(shop=None):
    """An accepted return whose shopper wants it picked up."""
    order = order_of(shop or shop_with_pickups())
    Shopper.objects.filter(pk=order.shopper_id).update(
        address=["3 rue du Puits", "75005 Paris"], country="FR"
    )
    rma = requested_return(order)
    choose_method(rma.pk, method="pickup", by="shopper")
    return rma


def a_window(rma, days=3):
    return PickupWindow(today(rma.shop.time_zone) + timedelta(days=days), time(9), time(13))


def test_a_pickup_is_on_offer_where_the_carrier_comes_and_the_door_is_known(called):
    rma = wanted()
    assert ("pickup", 690) in [(way.method, way.fee_minor) for way in ways_of(rma)]

    Shopper.objects.filter(pk=rma.shopper_id).update(address=[])
    rma.refresh_from_db()
    assert "pickup" not in [way.method for way in ways_of(rma)]

    drawer = labelled(small_shop("drawer", policy=RULES))
    other = requested_return(order_of(drawer))
    assert "pickup" not in [way.method for way in ways_of(other)]


def test_what_is_our_fault_is_picked_up_for_nothing(called):
    order = order_of(shop_with_pickups())
    Shopper.objects.filter(pk=order.shopper_id).update(address=["3 rue du Puits", "75005 Paris"])
    rma = requested_return(order, reason="damaged")

    assert {way.method: way.fee_minor for way in ways_of(rma)}["pickup"] == 0


def test_a_window_is_booked_with_its_label_told_and_charged_once(called):
    rma = wanted()
    full = expected_for(rma)["total_minor"]
    window = windows_for(rma)[0]

    ask_label(rma.pk, pickup=window, by="shopper")
    run_jobs()

    rma.refresh_from_db()
    label = pickup_of(rma)
    (what, order), *more = called.calls
    assert (what, order.pickup, order.sender.postcode, more) == ("buy", window, "75005", [])
    assert (label.state, window_of(label), rma.parcel_state) == ("ready", window, "announced")
    assert expected_for(rma)["total_minor"] == full
    assert expected_for(rma)["way_back_minor"] == 690
    letter = Message.objects.filter(kind="label_ready").get()
    assert "09:00 – 13:00" in letter.text
    assert not pickup_is_offered(rma)
    with pytest.raises(LabelAlreadyThere):
        ask_label(rma.pk, pickup=a_window(rma, 4), by="shopper")
    with pytest.raises(MethodFixed):
        choose_method(rma.pk, method="own_carrier", by="shopper")


def test_the_scan_at_the_door_is_the_proof_of_sending(called):
    rma = wanted()
    ask_label(rma.pk, pickup=a_window(rma), by="shopper")
    run_jobs()

    take_scans(rma.shop_id, "simulator", [Scan("s1", "SIM1", TrackingStatus("in_transit"), now())])

    rma.refresh_from_db()
    assert rma.parcel_state == "in_transit"
    assert Parcel.objects.get(rma=rma).handed_in_at is not None


def test_a_pickup_without_a_day_or_on_a_day_that_is_over_is_not_booked(called):
    rma = wanted()

    for window in (None, a_window(rma, -1), a_window(rma, 90)):
        with pytest.raises(PickupWindowUnknown):
            ask_label(rma.pk, pickup=window, by="shopper")
    assert not Label.objects.exists()


def test_who_chose_another_way_gets_no_courier(called):
    rma = wanted()
    choose_method(rma.pk, method="prepaid_label", by="shopper")

    with pytest.raises(MethodNotOffered):
        ask_label(rma.pk, pickup=a_window(rma), by="shopper")


def test_an_answer_that_never_came_is_looked_up_and_never_booked_twice(called):
    rma = wanted()
    label = ask_label(rma.pk, pickup=a_window(rma), by="shopper")
    sending = send_label(label.pk)

    assert settle_label(label.pk, LabelAnswer(LabelOutcome.NO_ANSWER)) == "unknown"
    assert send_label(label.pk) is None
    assert not pickup_is_offered(rma)
    assert settle_label(label.pk, MADE) == "ready"
    assert sending.order.pickup == a_window(rma)


def test_a_window_that_is_gone_may_be_chosen_again(called):
    rma = wanted()
    called.answers["buy"] = LabelAnswer(LabelOutcome.REFUSED, code="window_gone")
    ask_label(rma.pk, pickup=a_window(rma), by="shopper")
    run_jobs()

    rma.refresh_from_db()
    assert (pickup_of(rma).state, pickup_of(rma).code) == ("refused", "window_gone")
    assert rma.parcel_state == "none"
    assert pickup_is_offered(rma)


def test_it_is_called_off_with_its_return(called):
    rma = wanted()
    ask_label(rma.pk, pickup=a_window(rma), by="shopper")
    run_jobs()
    cancel_return(rma.pk, by="shopper")
    run_jobs()

    assert [what for what, _ in called.calls] == ["buy", "void"]
    assert pickup_of(rma).state == "void"


def test_a_booking_that_is_confirmed_after_the_return_ended_is_called_off_too(called):
    rma = wanted()
    label = ask_label(rma.pk, pickup=a_window(rma), by="shopper")
    send_label(label.pk)
    settle_label(label.pk, LabelAnswer(LabelOutcome.NO_ANSWER))
    cancel_return(rma.pk, by="shopper")
    run_jobs()

    settle_label(label.pk, MADE)
    run_jobs()

    assert pickup_of(rma).state == "void"


def test_no_courier_is_asked_for_once_the_return_has_ended(called):
    rma = wanted()
    ask_label(rma.pk, pickup=a_window(rma), by="shopper")
    cancel_return(rma.pk, by="shopper")
    run_jobs()

    assert called.calls == []
    assert (pickup_of(rma).state, pickup_of(rma).code) == ("refused", "called_off")


def test_calling_off_is_tried_until_the_carrier_has_heard(called):
    rma = wanted()
    label = ask_label(rma.pk, pickup=a_window(rma), by="shopper")
    run_jobs()
    called.answers["void"] = LabelAnswer(LabelOutcome.NO_ANSWER)
    start_void(rma.shop_id, label.pk, by="shopper")
    run_jobs()

    waiting = Job.objects.get(path="rebond.domain.shipping.jobs.void_label")
    assert waiting.run_at > now()
    assert pickup_of(rma).state == "voiding"
    called.answers["void"] = LabelAnswer(LabelOutcome.NOT_THERE)
    Job.objects.filter(pk=waiting.pk).update(run_at=now())
    run_jobs()
    rma.refresh_from_db()
    assert pickup_of(rma).state == "void"
    assert pickup_is_offered(rma)
