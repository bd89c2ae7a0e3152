"""Places that a carrier tells: seen by a shopper, chosen, and explained at the desk."""

import pytest
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import expect
from tests.browser.test_parcels import DESK, LOCALE, PHONE, check, press
from tests.domain.shipping.test_methods import POINTS
from tests.domain.shipping.test_places import RULES, fake  # noqa: F401
from tests.world import PASSWORD, order_of, requested_return, small_shop, staff_of

from rebond.domain.returns.links import token_for
from rebond.domain.shipping.actions import choose_method, replace_points, set_shipping_terms
from rebond.domain.shipping.point_files import points_in

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_a_place_of_the_carrier_is_chosen(browser_context, live_server, fake, screen, language):  # noqa: F811
    cache.clear()
    shop = small_shop(policy=RULES)
    staff_of(shop)
    replace_points(shop, points_in(POINTS), by="Ana")
    set_shipping_terms(shop, label_carrier="sendcloud", lost_after_days=10, by="Ana")
    rma = requested_return(order_of(shop))
    choose_method(rma.pk, method="drop_off", by="shopper")
    page = browser_context(viewport=screen, locale=LOCALE[language]).new_page()
    there = live_server.url + reverse("portal:points", args=[shop.slug, token_for(rma)])

    page.goto(there)
    check(page, f"told-places-{language}")
    expect(page.locator(".way-row").first).to_contain_text("1 Rue du Puits")
    page.locator(".way-row input").first.check()
    press(page, page.locator("form[method='post'] button.btn-lg"))
    expect(page.locator("main")).to_contain_text("CONSIGNE MONGE")
    check(page, f"told-chosen-{language}")

    replace_points(shop, points_in(POINTS.replace(b";relay;", b";counter;")), by="Ana")
    fake.points = []
    page.goto(f"{there}?postcode=69001")
    check(page, f"told-none-{language}")

    page.goto(f"{live_server.url}/desk/galerie/parcels/points/")
    page.fill("#id_email", "ana@galerie.example")
    page.fill("#id_password", PASSWORD)
    press(page, page.locator("main form[action$='/login/'] button"))
    expect(page.locator("main")).to_contain_text("Sendcloud")
    check(page, f"told-desk-{language}")
