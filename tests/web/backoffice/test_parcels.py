"""Parcels, labels and carriers at the desk."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.domain.shipping.test_methods import POINTS, labelled, policy
from tests.domain.shipping.test_pickups import called, shop_with_pickups, wanted  # noqa: F401
from tests.world import NewLine, order_of, requested_return, run_jobs, small_shop

from rebond.domain.returns.models import Return
from rebond.domain.shipping.actions import (
    announce_parcel,
    ask_label,
    lay_in_label,
    send_label,
    set_shipping_terms,
    settle_label,
    take_scans,
)
from rebond.domain.shipping.methods import chosen_of
from rebond.domain.shipping.models import Label, Parcel, ParcelClaim, ShippingTerms
from rebond.domain.shipping.pickups import pickup_of, windows_for
from rebond.domain.shipping.ports import LabelAnswer, LabelOutcome
from rebond.domain.shipping.tracking import Scan, TrackingStatus
from rebond.domain.shops.access import Role
from rebond.kernel.clock import now, today
from rebond.web.backoffice.queries.arrivals import LEAST_KNOWN, Arrival, week_ahead

PDF = b"%PDF-1.7 a label"
LIST = "/desk/galerie/parcels/"


def sent(rma, number="SIM9", status="in_transit"):
    parcel = announce_parcel(
        rma.pk, carrier="simulator", carrier_name="Sim", tracking_number=number, by="shopper"
    )
    scan = Scan("s1", number, TrackingStatus(status), now() - timedelta(hours=1), "Lyon")
    take_scans(rma.shop_id, "simulator", [scan])
    return parcel


def aged(parcel, **stamps):
    """``stamps`` in days before now."""
    moments = {name: now() - timedelta(days=days) for name, days in stamps.items()}
    Parcel.objects.filter(pk=parcel.pk).update(**moments)


def test_the_list_says_when_parcels_should_be_here(shop, order, at_desk):
    this_day = today(shop.time_zone)
    told = sent(requested_return(order))
    Parcel.objects.filter(pk=told.pk).update(expected_on=this_day + timedelta(days=1))
    late = sent(requested_return(order_of(shop, number="1002")), "SIM8")
    Parcel.objects.filter(pk=late.pk).update(expected_on=this_day - timedelta(days=1))
    for place in range(LEAST_KNOWN):
        done = sent(requested_return(order_of(shop, number=f"200{place}")), f"OLD{place}")
        aged(done, handed_in_at=9, received_at=5)
        Parcel.objects.filter(pk=done.pk).update(state="received")
    aged(sent(requested_return(order_of(shop, number="1003")), "SIM7"), handed_in_at=1)
    alone = sent(requested_return(order_of(shop, number="1004")), "SIM6")
    Parcel.objects.filter(pk=alone.pk).update(carrier_name="Nobody knows")
    here = sent(requested_return(order_of(shop, number="1005")), "SIM5", "delivered")

    with CaptureQueriesContext(connection) as asked:
        week = week_ahead(shop)
    assert len(asked) == 2
    page = at_desk(shop).get(LIST)

    arrivals = {one.tracking_number: one.arrival for one in page.context["page"].rows}
    assert arrivals["SIM9"] == Arrival(this_day + timedelta(days=1), False, False)
    assert arrivals["SIM8"].is_overdue
    assert arrivals["SIM7"] == Arrival(this_day + timedelta(days=3), True, False)
    assert arrivals["SIM6"] is None
    assert [bar.value for _, bar in week.days] == [0, 1, 0, 1, 0, 0, 0]
    assert (week.overdue.value, week.later.value, week.unknown.value, week.here) == (1, 0, 1, 1)
    assert here.pk not in {one.pk for one in page.context["page"].rows if one.arrival}
    for words in ("says the carrier", "as usual, about", "Overdue", "Was due before today"):
        assert words in page.content.decode()


def test_each_parcel_stands_in_the_list_where_it_belongs(shop, order, at_desk):
    ana = at_desk(shop)
    sent(requested_return(order))
    sent(requested_return(order_of(shop, number="1002")), "SIM8", "lost")
    late = sent(requested_return(order_of(shop, number="1003")), "SIM7", "info_received")
    Parcel.objects.filter(pk=late.pk).update(announced_at=now() - timedelta(days=8))
    light = sent(requested_return(order_of(shop, number="1004")), "SIM6", "delivered")
    Parcel.objects.filter(pk=light.pk).update(weight_grams=2000, weighed_grams=300)

    shown = {
        view: [n for n in "9876" if f"SIM{n}" in ana.get(f"{LIST}?view={view}").content.decode()]
        for view in ("coming", "lost", "unsent", "weight", "labels", "nonsense")
    }

    assert shown == {
        "coming": ["9", "6"],
        "lost": ["8"],
        "unsent": ["7"],
        "weight": ["6"],
        "labels": [],
        "nonsense": ["9", "6"],
    }


def test_what_is_expected_is_named_with_how_many(shop, at_desk):
    lines = [NewLine(f"ART-{n}", f"Article {n}", 2, 1000) for n in range(1, 6)]
    two = requested_return(order_of(shop, number="1001"), {"LAMP-01": 2, "MUG-07": 1})
    five = requested_return(order_of(shop, number="1002", lines=lines))
    sent(two)
    sent(five, "SIM8")

    page = at_desk(shop).get(LIST).content.decode()

    assert "2 × Paper lamp" in page and "1 × Blue mug" in page
    assert "1 × Article 3" in page and "Article 4" not in page
    assert page.count("+ 2 more") == 1


def test_the_list_asks_as_often_for_many_as_for_few(shop, at_desk):
    ana = at_desk(shop)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert ana.get(LIST).status_code == 200
        return len(captured)

    sent(requested_return(order_of(shop, number="2000")), "SIM2000")
    queries()
    few = queries()
    for number in range(2001, 2020):
        sent(requested_return(order_of(shop, number=str(number))), f"SIM{number}")

    assert queries() == few


def test_the_owner_names_who_makes_labels_and_lays_some_in(shop, order, at_desk):
    ana = at_desk(shop)
    path = f"{LIST}settings/"

    told = {"lost_after_days": 9, "remind_after_days": 5, "expire_after_days": 0}
    assert ana.post(path, told | {"label_carrier": "own_carrier"}).status_code == 422
    assert (
        ana.post(path, told | {"label_carrier": "manual", "label_charge": "x"}).status_code == 422
    )
    chosen = {"label_carrier": "manual", "label_charge": "scan"}
    assert ana.post(path, told | chosen).status_code == 302
    file = SimpleUploadedFile("label.pdf", PDF, "application/pdf")
    laid = {"carrier_name": "Colissimo", "tracking_number": "6A 1", "pdf": file}
    assert ana.post(f"{LIST}stock/", laid).status_code == 302

    terms = ShippingTerms.objects.get(shop=shop)
    page = ana.get(path).content.decode()
    assert (terms.label_carrier, terms.lost_after_days) == ("manual", 9)
    assert terms.label_charge == "scan"
    assert "1 prepaid label is left" in page


def test_staff_choose_how_a_return_is_sent_and_replace_the_list_of_places(at_desk):
    shop = labelled(small_shop("atelier", policy=policy("drop_off", "own_carrier")))
    rma = requested_return(order_of(shop))
    ana = at_desk(shop)
    page = f"/desk/atelier/returns/{rma.number}/"

    assert b"not chosen yet" in ana.get(page).content
    assert ana.post(f"{page}sending/", {"method": "drop_off"}).status_code == 302
    assert ana.post(f"{page}sending/", {"method": "counter"}).status_code == 409
    assert chosen_of(rma).method == "drop_off"

    places = "/desk/atelier/parcels/points/"
    good = SimpleUploadedFile("points.csv", POINTS)
    bad = SimpleUploadedFile("points.csv", POINTS.replace(b"relay", b"moon"))
    assert ana.post(places, {"file": good}).status_code == 302
    refused = ana.post(places, {"file": bad})
    assert refused.status_code == 422 and b"Row 2" in refused.content
    assert b"Tabac du Port" in refused.content
    assert ana.post(places).status_code == 422


def test_staff_see_that_an_unused_label_costs_nothing_yet(shop, order, at_desk):
    set_shipping_terms(
        shop, label_carrier="manual", lost_after_days=10, label_charge="scan", by="test"
    )
    lay_in_label(shop, carrier_name="X", tracking_number="6A1", pdf=PDF, by="test")
    rma = requested_return(order)
    label = ask_label(rma.pk, by="test")
    ana, page = at_desk(shop), f"/desk/{shop.slug}/returns/{rma.number}/"

    printed = ana.get(page).content.decode()
    Parcel.objects.filter(pk=label.parcel_id).update(handed_in_at=now())
    used = ana.get(page).content.decode()

    said = "Costs nothing until the carrier scans it"
    assert said in printed and said not in used


def test_what_is_not_a_label_is_not_laid_in(shop, at_desk):
    file = SimpleUploadedFile("label.pdf", b"<html>", "application/pdf")
    laid = {"carrier_name": "Colissimo", "tracking_number": "6A 1", "pdf": file}

    answer = at_desk(shop).post(f"{LIST}stock/", laid)

    assert answer.status_code == 422
    assert b"2 MB" in answer.content


def test_staff_give_a_label_and_open_it(shop, order, at_desk, run_jobs):
    ana = at_desk(shop)
    rma = requested_return(order)
    set_shipping_terms(shop, label_carrier="simulator", lost_after_days=10, by="test")

    answer = ana.post(f"/desk/galerie/returns/{rma.number}/label/")
    label = Label.objects.get(shop=shop)
    send_label(label.pk)
    settle_label(label.pk, LabelAnswer(LabelOutcome.MADE, "lbl_1", "SIM1", PDF))

    assert answer.status_code == 302
    assert "SIM1" in ana.get(f"/desk/galerie/returns/{rma.number}/").content.decode()
    assert ana.get(f"{LIST}labels/{label.pk}/").content == PDF
    assert (
        at_desk(shop, Role.WAREHOUSE, name="Karim D").get(f"{LIST}labels/{label.pk}/").status_code
        == 403
    )


def test_without_a_carrier_for_labels_staff_are_told_so(shop, order, at_desk):
    rma = requested_return(order)

    answer = at_desk(shop).post(f"/desk/galerie/returns/{rma.number}/label/")

    assert answer.status_code == 409
    assert b"no prepaid label" in answer.content


def test_a_label_in_doubt_is_settled_by_a_person(shop, order, at_desk):
    ana = at_desk(shop)
    rma = requested_return(order)
    set_shipping_terms(shop, label_carrier="simulator", lost_after_days=10, by="test")
    label = ask_label(rma.pk, by="shopper")
    send_label(label.pk)
    for _ in range(6):
        settle_label(label.pk, LabelAnswer(LabelOutcome.NO_ANSWER))
    assert rma.number in ana.get(f"{LIST}?view=labels").content.decode()

    ana.post(f"{LIST}labels/{label.pk}/answer/", {})

    assert Label.objects.get(pk=label.pk).state == "refused"


@pytest.mark.parametrize(
    ("answer", "paid", "status", "state"),
    [("paid", "25,50", 302, "paid"), ("paid", "", 422, "open"), ("found", "", 302, "found")],
)
def test_a_lost_parcel_has_an_end(shop, order, at_desk, answer, paid, status, state):
    rma = requested_return(order)
    sent(rma, status="lost")
    claim = ParcelClaim.objects.get(shop=shop)

    said = at_desk(shop).post(f"{LIST}claims/{claim.pk}/", {"answer": answer, "paid": paid})

    claim.refresh_from_db()
    assert (said.status_code, claim.state) == (status, state)
    assert claim.paid_minor == (2550 if state == "paid" else None)


def test_the_slip_comes_as_pdf(shop, order, at_desk):
    rma = requested_return(order)

    answer = at_desk(shop).get(f"/desk/galerie/returns/{rma.number}/slip/")

    assert answer.content.startswith(b"%PDF-")


def test_a_pickup_is_booked_at_the_desk_and_one_that_stands_too_long_is_in_doubt(
    at_desk,
    called,  # noqa: F811
):
    rma = wanted(shop_with_pickups("galerie"))
    client = at_desk(rma.shop)
    page = f"/desk/galerie/returns/{rma.number}/"
    assert b"Send a prepaid label" not in client.get(page).content
    assert b"09:00" in client.get(page + "pickup/").content
    assert client.post(page + "pickup/", {"window": "soon"}).status_code == 422

    client.post(page + "pickup/", {"window": windows_for(rma)[0].key})
    run_jobs()

    assert pickup_of(rma).state == "ready"
    assert b"09:00" in client.get(page).content
    assert client.get(page + "pickup/").status_code == 302
    doubtful = LIST + "?view=labels"
    assert rma.number not in client.get(doubtful).content.decode()
    Return.objects.filter(pk=rma.pk).update(request_state="cancelled")
    assert client.get(doubtful).content.decode().count(f">{rma.number}<") == 1
