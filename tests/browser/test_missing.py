"""Something has not arrived: from the order's page on a phone to the refund at the desk."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from playwright.sync_api import expect
from tests.browser.test_desk import DESK, LOCALE, PHONE, check, log_in, press
from tests.world import EMAIL, order_of, run_jobs, small_shop, staff_of

from rebond.domain.non_deliveries.links import report_token
from rebond.domain.non_deliveries.models import NonDelivery
from rebond.domain.refunds.models import Settlement

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shop(live_server):
    cache.clear()
    shop = small_shop("galerie")
    staff_of(shop)
    return shop


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_missing_lamps_are_reported_awaited_and_paid(
    browser_context, live_server, shop, screen, language, picture
):
    order = order_of(shop)
    page = browser_context(locale=LOCALE[language], viewport=screen, bypass_csp=True).new_page()
    page.goto(f"{live_server.url}/s/galerie/")
    page.fill("#number", "1001")
    page.fill("#proof", EMAIL)
    press(page, page.locator("main form button[type=submit], main form button.btn-primary").first)
    check(page)
    picture(page, "order")
    page.locator("a[href$='/missing/']").click()
    check(page)
    picture(page, "form")
    press(page, page.locator("button.btn-primary"))
    expect(page.locator("#errors")).to_be_focused()
    check(page)
    lamp = order.lines.get(sku="LAMP-01")
    page.fill(f"[name='pieces-{lamp.pk}']", "2")
    page.check("#tracking-delivered")
    page.fill("#text", "Le suivi dit livré, la boîte est vide.")
    press(page, page.locator("button.btn-primary"))
    check(page)
    picture(page, "reported")

    report = NonDelivery.objects.get()
    NonDelivery.objects.update(deliver_by=report.deliver_by - timedelta(days=11))
    page.reload()
    check(page)
    picture(page, "to-be-proved")
    page.goto(f"{live_server.url}/s/galerie/missing/{report_token(report)}/")
    press(page, page.locator("form[action$='/end/'] button"))
    check(page)
    picture(page, "ended")
    run_jobs()

    log_in(page, live_server.url)
    page.goto(f"{live_server.url}/desk/galerie/missing/")
    check(page)
    picture(page, "list")
    page.locator("a.row-link").click()
    check(page)
    for each in page.locator("details.more summary").all():
        each.click()
    check(page)
    picture(page, "one")
    page.locator("a[href$='/refund/']").first.click()
    check(page)
    picture(page, "refund")
    press(page, page.locator("button[value=send]"))
    check(page)

    settlement = Settlement.objects.get()
    assert (settlement.origin, settlement.gross_minor) == ("missing", 6667)
    for place, name in (
        ("orders/1001/", "sale"),
        ("orders/1001/missing/", "phone-call"),
        ("duties/", "board"),
    ):
        page.goto(f"{live_server.url}/desk/galerie/{place}")
        check(page)
        picture(page, name)


@pytest.fixture
def picture(request, tmp_path):
    """Keep a picture of the page beside the test's other files."""
    folder = tmp_path / request.node.name.replace("[", "-").replace("]", "")
    folder.mkdir()

    def take(page, name):
        page.screenshot(path=folder / f"{name}.png", full_page=True)

    return take
