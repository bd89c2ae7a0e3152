"""Several returns of one shopper in one parcel: one label, one fee, one way; apart again."""

import pytest
from django.db import IntegrityError, transaction
from tests.domain.shipping.test_methods import labelled, policy
from tests.world import findings, order_of, requested_return, run_jobs, small_shop

from rebond.domain.orders.models import Order
from rebond.domain.policies.actions import publish_policy
from rebond.domain.refunds.queries import expected_for
from rebond.domain.returns.actions import cancel_return
from rebond.domain.returns.models import Return
from rebond.domain.shipping.actions import (
    announce_parcel,
    ask_label,
    choose_method,
    join_parcel,
    leave_parcel,
    note_hand_in,
    set_shipping_terms,
    settle_label,
    take_scans,
)
from rebond.domain.shipping.errors import NotTogether
from rebond.domain.shipping.methods import chosen_of
from rebond.domain.shipping.models import Label, Parcel
from rebond.domain.shipping.papers import packing_slip
from rebond.domain.shipping.ports import LabelAnswer, LabelOutcome
from rebond.domain.shipping.queries import label_is_offered
from rebond.domain.shipping.sharing import companions_of, labels_for
from rebond.domain.shipping.tracking import Scan, TrackingStatus
from rebond.domain.warehouse.actions import inspect_return, receive_return
from rebond.insights.verification.promises import PROMISES
from rebond.kernel.clock import now
from rebond.kernel.models import Event

pytestmark = pytest.mark.django_db

PAID = policy("prepaid_label", "own_carrier", label_fee_minor=490)
CHEAPER = policy("prepaid_label", "own_carrier", label_fee_minor=290)


@pytest.fixture
def shop():
    return labelled(small_shop(policy=PAID))


def wanting_label(shop, number):
    rma = requested_return(order_of(shop, number=number), {"LAMP-01": 1})
    choose_method(rma.pk, method="prepaid_label", by="shopper")
    rma.refresh_from_db()
    return rma


def with_label(shop, number="1001"):
    rma = wanting_label(shop, number)
    ask_label(rma.pk, by="shopper")
    rma.refresh_from_db()
    return rma


def together(shop):
    """A return with a label, and another one in its box."""
    host, guest = with_label(shop), wanting_label(shop, "1002")
    join_parcel(guest.pk, host.pk, by="shopper")
    guest.refresh_from_db()
    return host, guest


def why(host, guest):
    with pytest.raises(NotTogether) as refused:
        join_parcel(guest.pk, host.pk, by="shopper")
    return refused.value.facts["why"]


def test_one_label_and_one_number_serve_both_returns(shop):
    host, guest = together(shop)

    assert guest.parcel_state == "announced"
    assert guest.parcels.get().tracking_number == host.parcels.get().tracking_number == "6A0"
    assert Label.objects.filter(shop=shop).count() == 1
    assert labels_for(guest) == labels_for(host)
    assert companions_of(host) == [guest]
    assert companions_of(guest) == [host]
    assert not label_is_offered(guest)


def test_the_fee_of_the_parcel_is_charged_once(shop):
    host, guest = with_label(shop), wanting_label(shop, "1002")
    apart = expected_for(guest)
    join_parcel(guest.pk, host.pk, by="shopper")
    guest.refresh_from_db()
    for rma in (host, guest):
        rma.refresh_from_db()

    # 4.90 on the return whose label it is, nothing on the other.
    assert expected_for(host)["way_back_minor"] == 490
    assert expected_for(guest)["total_minor"] == apart["total_minor"] + 490

    for rma in (host, guest):
        counts = {line.pk: line.quantity for line in rma.lines.all()}
        receive_return(rma.pk, counts, note="", by="Ana")
        inspect_return(rma.pk, findings(rma), by="Ana")
    run_jobs()

    kept = [rma.settlements.get().kept_minor for rma in (host, guest)]
    assert kept == [490, 0]
    assert not [breach for promise in PROMISES for breach in promise.breaches()]


def test_the_lowest_fee_that_was_promised_counts_for_the_parcel(shop):
    host = with_label(shop)
    publish_policy(shop, CHEAPER, note="", by="test")
    guest = wanting_label(shop, "1002")

    join_parcel(guest.pk, host.pk, by="shopper")

    assert chosen_of(host).fee_minor == 290
    told = Event.objects.filter(subject=host.pk, name="sending.method_chosen").order_by("id").last()
    assert told.payload["fee_minor"] == 290


def test_what_the_carrier_reports_counts_for_each(shop):
    host, guest = together(shop)

    take_scans(
        shop.pk,
        "manual",
        [
            Scan("s1", "6A0", TrackingStatus.IN_TRANSIT, now()),
            Scan("s2", "6A0", TrackingStatus.DELIVERED, now()),
        ],
    )

    for rma in (host, guest):
        rma.refresh_from_db()
        assert rma.parcel_state == "delivered"
        told = Event.objects.filter(subject=rma.pk, name="parcel.handed_in")
        assert told.count() == 1


@pytest.mark.parametrize("which", [0, 1])
def test_a_receipt_shown_for_one_is_the_proof_of_both(shop, which):
    pair = together(shop)

    note_hand_in(pair[which].parcels.get().pk, at=now(), by="Ana")

    for rma in pair:
        rma.refresh_from_db()
        assert rma.parcel_state == "in_transit"


def test_a_number_that_comes_later_is_everybodys(shop):
    set_shipping_terms(shop, label_carrier="simulator", lost_after_days=10, by="test")
    host, guest = with_label(shop), wanting_label(shop, "1002")
    label = Label.objects.get(parcel__rma=host)
    join_parcel(guest.pk, host.pk, by="shopper")
    Label.objects.filter(pk=label.pk).update(state="sent", sent_at=now())

    settle_label(label.pk, LabelAnswer(LabelOutcome.MADE, "l1", "SIM1FR", b"%PDF-1.7"))

    assert guest.parcels.get().tracking_number == "SIM1FR"


def test_without_its_label_the_box_lets_everybody_go(shop):
    set_shipping_terms(shop, label_carrier="simulator", lost_after_days=10, by="test")
    host, guest = with_label(shop), wanting_label(shop, "1002")
    label = Label.objects.get(parcel__rma=host)
    join_parcel(guest.pk, host.pk, by="shopper")
    Label.objects.filter(pk=label.pk).update(state="sent", sent_at=now())

    settle_label(label.pk, LabelAnswer(LabelOutcome.REFUSED, code="address"))

    for rma in (host, guest):
        rma.refresh_from_db()
        assert rma.parcel_state == "none"
        assert label_is_offered(rma)
    assert companions_of(host) == []


@pytest.mark.parametrize("which", [0, 1])
def test_who_is_called_off_leaves_the_parcel_to_the_other(shop, which):
    pair = together(shop)
    stays = pair[1 - which]

    cancel_return(pair[which].pk, by="shopper")

    stays.refresh_from_db()
    assert stays.parcel_state == "announced"
    assert [label.state for label in labels_for(stays)] == ["ready"]
    assert companions_of(stays) == []


def test_a_return_may_leave_the_parcel_and_gets_a_way_of_its_own(shop):
    host, guest = together(shop)

    leave_parcel(guest.pk, by="shopper")

    guest.refresh_from_db()
    assert guest.parcel_state == "none"
    assert companions_of(host) == []
    assert label_is_offered(guest)
    assert Event.objects.filter(subject=guest.pk, name="parcel.left").count() == 1
    with pytest.raises(NotTogether):
        leave_parcel(guest.pk, by="shopper")

    join_parcel(guest.pk, host.pk, by="shopper")
    assert companions_of(host) == [guest]


def test_the_same_wish_again_changes_nothing(shop):
    host, guest = together(shop)

    join_parcel(guest.pk, host.pk, by="shopper")

    assert guest.parcels.count() == 1


def test_a_third_return_joins_by_either_of_the_two(shop):
    host, guest = together(shop)
    third = wanting_label(shop, "1003")

    join_parcel(third.pk, guest.pk, by="shopper")

    assert third.parcels.get().inside == host.parcels.get()
    assert companions_of(third) == [host, guest]


def test_a_parcel_of_the_shoppers_own_carrier_is_shared_as_well(shop):
    host, guest = (requested_return(order_of(shop, number=n)) for n in ("1001", "1002"))
    announce_parcel(
        host.pk, carrier="own_carrier", carrier_name="DHL", tracking_number="J1", by="shopper"
    )

    join_parcel(guest.pk, host.pk, by="shopper")

    assert guest.parcels.get().tracking_number == "J1"


def test_what_cannot_travel_together_is_kept_apart(shop):
    host = with_label(shop)

    stranger = requested_return(order_of(shop, number="2001", email="other@example.org"))
    assert why(host, stranger) == "person"

    dollars = wanting_label(shop, "2002")
    Order.objects.filter(pk=dollars.order_id).update(currency="USD")
    assert why(host, dollars) == "currency"

    declined = wanting_label(shop, "2003")
    Return.objects.filter(pk=declined.pk).update(request_state="declined")
    assert why(host, declined) == "state"

    elsewhere = with_label(shop, "2004")
    assert why(host, elsewhere) == "sent"

    nowhere = requested_return(order_of(shop, number="2005"))
    assert why(nowhere, requested_return(order_of(shop, number="2006"))) == "no_box"
    assert why(host, host) == "no_box"

    other_shop = requested_return(order_of(small_shop("atelier")))
    assert why(host, other_shop) == "no_box"
    assert Parcel.objects.exclude(inside=None).count() == 0


def test_nothing_joins_a_parcel_that_was_handed_in(shop):
    host, late = with_label(shop), wanting_label(shop, "1002")
    note_hand_in(host.parcels.get().pk, at=now(), by="Ana")

    assert why(host, late) == "no_box"


def test_the_database_holds_what_no_action_does(shop):
    host, guest = together(shop)
    box = host.parcels.get()

    with pytest.raises(IntegrityError), transaction.atomic():
        Parcel.objects.filter(pk=box.pk).update(inside=box)
    with pytest.raises(IntegrityError), transaction.atomic():
        Parcel.objects.create(
            shop=shop, rma=guest, position=9, carrier="manual", inside=box, state="announced"
        )


def test_the_slip_names_every_return_of_the_parcel(shop):
    host, guest = together(shop)

    alone = packing_slip(host, language="fr", made_at=now())
    both = packing_slip(host, language="fr", made_at=now(), together=[guest.number])

    assert both.startswith(b"%PDF-")
    assert len(both) > len(alone)
