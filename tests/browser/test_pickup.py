"""A pickup at home: chosen in the portal, with day and time, seen at the desk."""

import threading

import pytest
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import expect
from tests.browser.test_parcels import DESK, LOCALE, PHONE, check, press
from tests.domain.shipping.test_pickups import shop_with_pickups, wanted
from tests.world import PASSWORD, run_jobs, staff_of

from rebond.domain.returns.links import token_for
from rebond.domain.shipping.models import Label
from rebond.domain.shipping.pickups import pickup_of
from rebond.simulator.parcels import Depot

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def depot(monkeypatch):
    """The carrier to rehearse with."""
    made = Depot(("127.0.0.1", 0))
    threading.Thread(target=made.serve_forever, args=(0.02,), daemon=True).start()
    monkeypatch.setenv("REBOND_CARRIER_SIMULATOR_URL", made.url)
    yield made
    made.shutdown()
    made.server_close()


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_a_courier_is_booked_and_called_off(browser_context, live_server, depot, screen, language):
    cache.clear()
    rma = wanted(shop_with_pickups())
    shop = rma.shop
    staff_of(shop)
    page = browser_context(viewport=screen, locale=LOCALE[language]).new_page()
    page.goto(live_server.url + reverse("portal:return", args=[shop.slug, token_for(rma)]))
    check(page, f"pickup-to-choose-{language}")
    press(page, page.locator("a[href$='/sending/pickup/']"))
    check(page, f"pickup-windows-{language}")
    page.locator(".way-row input").first.check()
    press(page, page.locator("main form button.btn-lg"))
    check(page, f"pickup-asked-{language}")
    run_jobs()
    page.reload()
    expect(page.locator("section[aria-labelledby='way-back-title']")).to_contain_text("09:00")
    check(page, f"pickup-booked-{language}")
    assert len(depot.labels) == 1

    page.goto(f"{live_server.url}/desk/galerie/returns/{rma.number}/")
    page.fill("#id_email", "ana@galerie.example")
    page.fill("#id_password", PASSWORD)
    press(page, page.locator("main form[action$='/login/'] button"))
    expect(page.locator("section[aria-labelledby='parcels-title']")).to_contain_text("09:00")
    check(page, f"pickup-desk-{language}")
    Label.objects.filter(shop=shop).update(state="unclear")
    page.goto(f"{live_server.url}/desk/galerie/parcels/?view=labels")
    expect(page.locator("main")).to_contain_text("09:00")
    check(page, f"pickup-doubt-{language}")
    Label.objects.filter(shop=shop).update(state="ready")

    page.goto(live_server.url + reverse("portal:return", args=[shop.slug, token_for(rma)]))
    press(page, page.locator("form[action$='/pickup/end/'] button"))
    run_jobs()
    assert pickup_of(rma).state == "void"
    page.goto(f"{live_server.url}/desk/galerie/returns/{rma.number}/pickup/")
    check(page, f"pickup-desk-windows-{language}")
    page.goto(f"{live_server.url}/s/{shop.slug}/policy/")
    check(page, f"pickup-policy-{language}")
