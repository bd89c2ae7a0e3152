"""The network goes away at the worst moment, and a link from the shop is over."""

import pytest
from django.core.cache import cache
from playwright.sync_api import Error, expect
from tests.browser.test_parcels import DESK, LOCALE, PHONE, check, press
from tests.world import EMAIL, order_of, small_shop

from rebond.domain.orders.links import Purpose, portal_token
from rebond.domain.returns.models import Return
from rebond.kernel.clock import now

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_a_request_survives_a_tunnel(browser_context, live_server, screen, language):
    cache.clear()
    order = order_of(small_shop())
    context = browser_context(viewport=screen, locale=LOCALE[language])
    page = context.new_page()
    page.goto(f"{live_server.url}/s/galerie/in/{portal_token(order, Purpose.ORDER, until=now())}/")
    check(page, f"link-over-{language}")
    press(page, page.locator("main a.btn-primary"))
    page.fill("#number", order.number)
    page.fill("#proof", EMAIL)
    press(page, page.locator("form.sheet button"))
    page.check("#l1-chosen")
    page.select_option("#l1-reason", "changed_mind")
    press(page, page.locator(".action-bar button"))
    preview = page.url

    context.set_offline(True)
    try:
        page.locator("#sending button.btn-primary").click()
        page.wait_for_timeout(500)
    except Error:
        pass
    context.set_offline(False)
    page.goto(preview)
    press(page, page.locator("#sending button.btn-primary"))

    expect(page.locator("main")).to_contain_text(Return.objects.get().number)
    page.go_back()
    page.goto(preview)
    assert Return.objects.count() == 1
