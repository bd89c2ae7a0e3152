"""Papers for customs on the page of the return and at the desk, in two languages."""

import pytest
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import expect
from tests.browser.test_parcels import DESK, LOCALE, PHONE, check, press
from tests.world import PASSWORD, order_of, requested_return, small_shop, staff_of

from rebond.domain.returns.links import token_for
from rebond.domain.shoppers.models import Shopper

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_a_parcel_from_abroad_has_its_papers(browser_context, live_server, screen, language):
    cache.clear()
    shop = small_shop()
    staff_of(shop)
    rma = requested_return(order_of(shop), {"LAMP-01": 1})
    Shopper.objects.filter(pk=rma.shopper_id).update(country="CH")
    page = browser_context(viewport=screen, locale=LOCALE[language]).new_page()
    page.goto(live_server.url + reverse("portal:return", args=[shop.slug, token_for(rma)]))
    expect(page.locator("section[aria-labelledby='customs-title'] a")).to_have_count(2)
    check(page, f"customs-page-{language}")

    page.goto(f"{live_server.url}/desk/galerie/returns/{rma.number}/")
    page.fill("#id_email", "ana@galerie.example")
    page.fill("#id_password", PASSWORD)
    press(page, page.locator("main form[action$='/login/'] button"))
    expect(page.locator("a[href*='/customs/']")).to_have_count(2)
    check(page, f"customs-desk-{language}")
