"""A prepaid label in the portal and parcels at the desk: phone and desk, two languages."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import expect
from tests.browser.axe import axe_violations
from tests.world import PASSWORD, order_of, requested_return, run_jobs, small_shop, staff_of

from rebond.domain.returns.links import token_for
from rebond.domain.returns.models import Return
from rebond.domain.shipping.actions import (
    announce_parcel,
    lay_in_label,
    set_shipping_terms,
    take_scans,
)
from rebond.domain.shipping.tracking import Scan, TrackingStatus
from rebond.kernel.clock import now, today

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
LOCALE = {"fr": "fr-FR", "en": "en-GB"}


def check(page, name):
    """No breach of accessibility, nothing wider than the screen."""
    if folder := os.environ.get("PICTURES"):
        size = page.viewport_size["width"]
        page.screenshot(path=str(Path(folder) / f"{name}-{size}.png"), full_page=True)
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def press(page, button):
    with page.expect_navigation():
        button.click()


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_a_label_is_taken_sent_with_lost_and_paid(browser_context, live_server, screen, language):
    cache.clear()
    shop = small_shop()
    staff_of(shop)
    set_shipping_terms(shop, label_carrier="manual", lost_after_days=10, by="test")
    lay_in_label(
        shop, carrier_name="Colissimo", tracking_number="6A1", pdf=b"%PDF-1.7 label", by="Ana"
    )
    rma = requested_return(order_of(shop))
    terms = rma.terms | {"terms": rma.terms["terms"] | {"shopper_pays_return": False}}
    Return.objects.filter(pk=rma.pk).update(terms=terms)
    page = browser_context(viewport=screen, locale=LOCALE[language]).new_page()
    page.goto(live_server.url + reverse("portal:return", args=[shop.slug, token_for(rma)]))
    check(page, f"offer-{language}")

    press(page, page.locator("form[action$='/label/'] button"))
    expect(page.locator("a[href*='/label/']")).to_be_visible()
    at = now() - timedelta(days=2)
    scans = [
        Scan("s1", "6A1", TrackingStatus.IN_TRANSIT, at, "Paris"),
        Scan("s2", "6A1", TrackingStatus.LOST, at + timedelta(days=1), "Lyon"),
    ]
    take_scans(shop.pk, "manual", scans)
    run_jobs()
    page.reload()
    check(page, f"label-{language}")

    page.goto(f"{live_server.url}/desk/galerie/parcels/?view=lost")
    page.fill("#id_email", "ana@galerie.example")
    page.fill("#id_password", PASSWORD)
    press(page, page.locator("main form[action$='/login/'] button"))
    check(page, f"list-{language}")
    press(page, page.locator("a.row-link"))
    page.locator("section[aria-labelledby='parcels-title'] summary").click()
    check(page, f"return-{language}")
    page.fill("input[name='paid']", "25,50")
    press(page, page.locator("button[value='paid']"))
    expect(page.locator("section[aria-labelledby='parcels-title']")).to_contain_text("25")
    page.goto(f"{live_server.url}/desk/galerie/parcels/settings/")
    check(page, f"settings-{language}")

    other = requested_return(order_of(shop, number="1002"))
    announce_parcel(
        other.pk, carrier="manual", carrier_name="Post", tracking_number="6A2", by="shopper"
    )
    day = today(shop.time_zone) + timedelta(days=1)
    take_scans(
        shop.pk, "manual", [Scan("s1", "6A2", TrackingStatus.IN_TRANSIT, now(), expected_on=day)]
    )
    page.goto(f"{live_server.url}/desk/galerie/parcels/")
    expect(page.locator(".arrivals tbody tr")).to_have_count(7)
    check(page, f"coming-{language}")
