"""What happened elsewhere, in a browser: a refund gets its articles, a difference its word."""

import pytest
from django.core.cache import cache
from playwright.sync_api import expect
from tests.browser.test_desk import DESK, LOCALE, PHONE, check, log_in, press
from tests.web.backoffice.test_elsewhere import compare, listed
from tests.world import order_of, small_shop, staff_of

from rebond.domain.refunds import actions
from rebond.domain.refunds.models import Discrepancy, OutsideRefund
from rebond.kernel.clock import now

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_from_the_task_to_the_books(browser_context, live_server, screen, language):
    cache.clear()
    shop = small_shop("galerie")
    staff_of(shop)
    order = order_of(shop, provider="stripe")
    strange = listed(None, 700, name="re_2", days_ago=2)
    compare(shop, listed(order, 3333), strange)
    actions.hold_payouts(shop, "stripe", since=now(), by="system")
    page = browser_context(locale=LOCALE[language], viewport=screen, bypass_csp=True).new_page()
    wrong = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    log_in(page, live_server.url)

    page.goto(f"{live_server.url}/desk/galerie/money/")
    check(page)
    page.locator("a[href*='/money/outside/']").click()
    check(page)
    lamps = page.locator(".refund-row input[name$='-quantity']").first
    expect(lamps).to_have_value("1")
    lamps.fill("")
    expect(page.locator("#sum .figures tbody tr")).to_have_count(2)  # a gesture, and the sum
    lamps.fill("1")
    expect(page.locator("#sum")).to_contain_text("Paper lamp")
    press(page, page.locator("button[value=assign]"))
    check(page)
    page.goto(f"{live_server.url}/desk/galerie/money/reconciliation/")
    check(page)
    word = page.locator("input[name=explanation]")
    word.fill("our other shop")
    press(page, page.locator("form:has(input[name=explanation]) button"))
    check(page)

    assert OutsideRefund.objects.get(provider_reference="re_1").state == "assigned"
    assert not Discrepancy.objects.filter(closed_at=None).exists()
    assert wrong == []
