"""Labels and papers in the portal."""

import pytest
from django.test import Client
from django.urls import reverse
from tests.web.portal.steps import status_page
from tests.world import order_of, requested_return, run_jobs, small_shop

from rebond.domain.returns.links import token_for
from rebond.domain.returns.models import Return
from rebond.domain.shipping.actions import (
    announce_parcel,
    lay_in_label,
    set_shipping_terms,
    take_scans,
)
from rebond.domain.shipping.models import Label
from rebond.domain.shipping.tracking import Scan, TrackingStatus
from rebond.kernel.clock import now
from rebond.outbound.notifications.models import Message

PDF = b"%PDF-1.7 a label"


@pytest.fixture
def rma(order):
    """A return whose way back the shop pays, with one label in stock."""
    lay_in_label(order.shop, carrier_name="Colissimo", tracking_number="6A1", pdf=PDF, by="Ana")
    set_shipping_terms(order.shop, label_carrier="manual", lost_after_days=10, by="Ana")
    rma = requested_return(order)
    terms = rma.terms | {"terms": rma.terms["terms"] | {"shopper_pays_return": False}}
    Return.objects.filter(pk=rma.pk).update(terms=terms)
    rma.refresh_from_db()
    return rma


def at(name, rma, *more):
    return reverse(f"portal:{name}", args=[rma.shop.slug, token_for(rma), *more])


def test_a_label_is_asked_for_told_and_opened(rma, client):
    assert b"Get my prepaid label" in client.get(at("return", rma), **EN).content

    assert client.post(at("ask_label", rma)).status_code == 302
    run_jobs()

    label = Label.objects.get(shop=rma.shop)
    page = client.get(at("return", rma), **EN).content
    assert b"6A1" in page
    assert b"Get my prepaid label" not in page
    assert client.get(at("label", rma, label.pk)).content == PDF
    assert Message.objects.filter(shop=rma.shop, kind="label_ready").exists()


EN = {"headers": {"accept-language": "en"}}


def test_who_pays_the_way_back_is_offered_no_label(rma, client):
    terms = rma.terms | {"terms": rma.terms["terms"] | {"shopper_pays_return": True}}
    Return.objects.filter(pk=rma.pk).update(terms=terms)

    answer = client.post(at("ask_label", rma), **EN)

    assert answer.status_code == 409
    assert not Label.objects.filter(shop=rma.shop).exists()


def test_a_label_of_another_return_opens_nothing(rma, client):
    client.post(at("ask_label", rma))
    label = Label.objects.get(shop=rma.shop)
    other = requested_return(order_of(rma.shop, number="2002"))
    elsewhere = requested_return(order_of(small_shop("atelier")))

    assert client.get(at("label", other, label.pk)).status_code == 404
    assert client.get(at("label", elsewhere, label.pk)).status_code == 404


def test_a_visitor_without_the_link_does_not_see_the_address(rma, visitor):
    client = Client()
    client.post(at("ask_label", rma))
    label = Label.objects.get(shop=rma.shop)

    by_number = reverse("portal:label", args=[rma.shop.slug, rma.number, label.pk])

    assert visitor.get(by_number).status_code == 404


@pytest.mark.parametrize("paper", ["a4", "a6"])
def test_the_papers_come_as_pdf(rma, client, paper):
    assert client.get(at("address_pdf", rma, paper)).content.startswith(b"%PDF-")
    assert client.get(at("slip_pdf", rma)).content.startswith(b"%PDF-")
    assert client.get(at("address_pdf", rma, "a5")).status_code == 404


def test_the_carriers_reports_stand_on_the_page(rma, client):
    announce_parcel(
        rma.pk, carrier="simulator", carrier_name="", tracking_number="SIM9", by="shopper"
    )
    take_scans(
        rma.shop_id,
        "simulator",
        [Scan("s1", "SIM9", TrackingStatus.OUT_FOR_DELIVERY, now(), "Lyon")],
    )

    page = client.get(at("return", rma), **EN).content.decode()

    assert "Out for delivery" in page
    assert "Lyon" in page


def test_papers_for_customs_are_offered_over_a_border_to_who_holds_the_link(order, visitor, client):
    rma = requested_return(order, {"LAMP-01": 1})
    type(rma.shopper).objects.filter(pk=rma.shopper_id).update(country="CH")
    by_link = reverse("portal:return", args=[order.shop.slug, token_for(rma)])

    page = client.get(by_link).content.decode()
    paper = client.get(f"{by_link}customs/cn23.pdf")
    masked = visitor.get(f"{status_page(order, rma.number)}customs/cn23.pdf")

    assert "For customs" in page or "Pour la douane" in page
    assert paper.content.startswith(b"%PDF-")
    assert masked.status_code == 404
    assert client.get(f"{by_link}customs/cn99.pdf").status_code == 404


def test_within_the_country_there_are_none(order, client):
    rma = requested_return(order, {"LAMP-01": 1})
    by_link = reverse("portal:return", args=[order.shop.slug, token_for(rma)])

    assert "customs/" not in client.get(by_link).content.decode()
    assert client.get(f"{by_link}customs/cn23.pdf").status_code == 404
