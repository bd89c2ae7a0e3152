"""From an empty installation to a first test return, by what the screens say alone."""

import os
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect
from tests.browser.axe import axe_violations

from rebond.domain.returns.models import Return
from rebond.web.backoffice import first_key

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]

SCREENS = [{"width": 390, "height": 844}, {"width": 1440, "height": 900}]
PICTURES = os.environ.get("PICTURES")


def check(page: Page, name: str) -> None:
    """No breach of accessibility, nothing wider than the screen."""
    if PICTURES:
        width = page.viewport_size["width"]
        language = page.locator("html").get_attribute("lang")
        path = Path(PICTURES) / f"{name}-{language}-{width}.png"
        page.screenshot(path=path, full_page=True)
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("screen", SCREENS, ids=["390", "1440"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_first_return_in_five_steps(
    browser_context, live_server, settings, tmp_path, language, screen
):
    cache.clear()
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, home=tmp_path)
    settings.BASE_URL = live_server.url
    page = browser_context(locale=f"{language}-FR", viewport=screen).new_page()

    page.goto(live_server.url)
    page.locator("main a.btn-primary").click()
    check(page, "begin-key")
    page.goto(first_key.first_address())
    check(page, "begin")
    page.fill("#id_shop", "Chez Léa")
    page.fill("#id_name", "Léa Blanc")
    page.fill("#id_email", "lea@chez.example")
    page.fill("#id_password", "une phrase assez longue")
    page.locator("form button.btn-primary").click()
    page.wait_for_url("**/first-steps/")
    check(page, "steps-shop")
    page.locator(".is-next a.btn-primary").click()
    check(page, "settings-shop")
    page.fill("#id_return_address", "Chez Léa\n3 rue du Puits\n69001 Lyon")
    page.fill("#id_legal_address", "3 rue du Puits\n69001 Lyon")
    page.locator("main form button.btn-primary").click()
    page.wait_for_url("**/first-steps/")
    check(page, "steps-policy")
    page.locator("button[value=fashion]").click()
    page.locator("form[action$='/first-steps/order/'] button").click()
    expect(page.locator(".test-facts")).to_contain_text("TEST-1")
    check(page, "steps-return")

    shopper = browser_context(locale=f"{language}-FR", viewport=SCREENS[0]).new_page()
    shopper.goto(page.locator(".is-next a.btn-primary").get_attribute("href"))
    shopper.fill("#number", "TEST-1")
    shopper.fill("#proof", "lea@chez.example")
    shopper.locator("form.sheet button").click()
    shopper.check("#l1-chosen")
    shopper.select_option("#l1-reason", "changed_mind")
    for yes in shopper.locator("input[name^=l1-][value=yes]").all():
        yes.check()
    shopper.locator(".action-bar button").click()
    shopper.wait_for_url("**/preview/**")
    refund = shopper.locator("input[name=outcome][value=refund]")
    if refund.count():
        refund.check()
    shopper.locator(".action-bar button.btn-primary").click()
    shopper.wait_for_url("**/r/**")

    page.reload()
    expect(page.locator(".steps .is-done")).to_have_count(5)
    check(page, "steps-done")
    assert Return.objects.get().order.number == "TEST-1"
    for place in ("", "brand/", "people/", "reasons/", "reasons/new/", "products/"):
        page.goto(f"{live_server.url}/desk/chez-lea/settings/{place}")
        check(page, f"settings-{place.replace('/', '') or 'all'}")
    page.locator("tbody th a").first.click()
    check(page, "settings-product")
