"""Return slips in a browser: printed from the list of orders, scanned when nobody announced."""

import pytest
from django.core.cache import cache
from playwright.sync_api import expect
from tests.browser.test_desk import DESK, LOCALE, PHONE, check, log_in, press
from tests.world import EMAIL, order_of, small_shop, staff_of

from rebond.domain.returns.models import Return
from rebond.domain.shipping.actions import make_slips
from rebond.domain.shipping.slip_codes import printed
from rebond.domain.warehouse.models import LooseParcel

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shop(live_server):
    cache.clear()
    shop = small_shop("galerie")
    staff_of(shop)
    return shop


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_a_slip_goes_out_and_comes_back_unannounced(
    browser_context, live_server, shop, screen, language
):
    order = order_of(shop)
    order_of(shop, number="1002")
    page = browser_context(
        locale=LOCALE[language], viewport=screen, bypass_csp=True, accept_downloads=True
    ).new_page()
    log_in(page, live_server.url)
    page.goto(f"{live_server.url}/desk/galerie/orders/")
    page.get_by_role("checkbox").first.check()
    check(page)
    with page.expect_download() as made:
        page.locator("#slips button").click()
    assert made.value.suggested_filename == "return-slips.pdf"

    slip = make_slips(shop, ["1001"], by="test")[0]
    page.goto(f"{live_server.url}/desk/galerie/warehouse/receiving/")
    page.locator("#code").fill(printed(slip.code))
    page.locator("#code").press("Enter")
    expect(page.locator("[data-heard=slip]")).to_be_visible()
    check(page)
    page.goto(f"{live_server.url}/desk/galerie/warehouse/")
    check(page)
    page.locator("a[href*='?parcel=']").click()
    check(page)
    page.locator("input[name$='-quantity']").first.fill("1")
    page.locator("select[name$='-reason']").first.select_option("changed_mind")
    press(page, page.locator("form.floor button.btn-primary"))
    page.wait_for_url("**/receipt/")

    assert LooseParcel.objects.get().rma == Return.objects.get(order=order)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_square_on_the_slip_leads_to_the_order(browser_context, live_server, shop, language):
    order_of(shop)
    slip = make_slips(shop, ["1001"], by="test")[0]
    page = browser_context(locale=LOCALE[language], viewport=PHONE, bypass_csp=True).new_page()

    page.goto(f"{live_server.url}/s/galerie/?code={slip.code}")
    check(page)
    page.locator("#proof").fill(EMAIL)
    page.locator("form.sheet button").click()

    page.wait_for_url("**/order/1001/")
