"""From a question on the portal to a return at the desk, in a browser."""

import pytest
from django.core.cache import cache
from playwright.sync_api import expect
from tests.browser.test_desk import DESK, LOCALE, PHONE, check, log_in, press
from tests.world import EMAIL, order_of, small_shop, staff_of

from rebond.domain.enquiries.models import Enquiry
from rebond.domain.returns.models import Return
from rebond.web.portal.forms import contact

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shop(live_server, monkeypatch):
    cache.clear()
    monkeypatch.setattr(contact, "SOONEST", 0)
    shop = small_shop("galerie")
    staff_of(shop)
    return shop


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_a_question_becomes_a_return(browser_context, live_server, shop, screen, language):
    order = order_of(shop)
    page = browser_context(locale=LOCALE[language], viewport=screen, bypass_csp=True).new_page()
    page.goto(f"{live_server.url}/s/galerie/")
    page.locator("footer a[href$='/contact/']").click()
    check(page)
    page.locator("form.sheet button").click()
    expect(page.locator("#errors")).to_be_focused()
    check(page)
    page.fill("#email", EMAIL)
    page.fill("#number", "1001")
    page.fill("#text", "Hello, the paper lamp is too dark. May I send it back?")
    page.wait_for_timeout(1100)
    press(page, page.locator("form.sheet button"))
    check(page)

    enquiry = Enquiry.objects.get()
    log_in(page, live_server.url)
    page.goto(f"{live_server.url}/desk/galerie/enquiries/")
    check(page)
    page.locator("a.row-link").click()
    check(page)
    page.locator("a[href*='?enquiry=']").click()
    check(page)
    page.locator("select[name$='-reason']").first.select_option("changed_mind")
    press(page, page.locator("form.floor button.btn-primary"))

    enquiry.refresh_from_db()
    assert enquiry.rma == Return.objects.get(order=order)
    assert enquiry.rma.lines.get().sku == "LAMP-01"
