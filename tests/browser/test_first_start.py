"""From an empty installation to a first test return that is paid, by what the screens say alone."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, expect
from tests.browser.axe import axe_violations

from rebond.domain.refunds.models import Refund
from rebond.domain.returns.models import Return
from rebond.domain.returns.states import RequestState
from rebond.web.backoffice import first_key

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]

SCREENS = [{"width": 390, "height": 844}, {"width": 1440, "height": 900}]
PICTURES = os.environ.get("PICTURES")


def press(page: Page, button) -> None:
    with page.expect_navigation():
        button.click()


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
    browser_context, live_server, settings, tmp_path, run_jobs, language, screen
):
    cache.clear()
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, home=tmp_path)
    settings.BASE_URL = live_server.url
    page = browser_context(locale=f"{language}-FR", viewport=screen).new_page()
    shopper = browser_context(locale=f"{language}-FR", viewport=SCREENS[0]).new_page()

    open_the_shop(page, live_server.url)
    shopper.goto(page.locator(".is-next a.btn-primary").get_attribute("href"))
    ask_for_a_return(shopper)
    run_jobs()
    page.locator(".is-next .btn-quiet").click()
    expect(page.locator(".steps .is-done")).to_have_count(4)
    check(page, "steps-way")
    page.locator(".is-next a.btn-primary").click()
    take_it_to_the_refund(page, run_jobs)
    page.goto(f"{live_server.url}/desk/chez-lea/home/")
    page.locator("main .notice a").click()
    expect(page.locator(".steps .is-done")).to_have_count(5)
    check(page, "steps-done")

    assert Return.objects.get().request_state == RequestState.CLOSED
    assert Refund.objects.get().amount_minor == 3900
    for place in ("", "shop/", "brand/", "people/", "reasons/", "reasons/new/", "products/"):
        page.goto(f"{live_server.url}/desk/chez-lea/settings/{place}")
        check(page, f"settings-{place.replace('/', '') or 'all'}")
    page.locator("tbody th a").first.click()
    check(page, "settings-product")


def open_the_shop(page: Page, address: str) -> None:
    """From the front page to the order that is tried with."""
    page.goto(address)
    page.locator("main a.btn-primary").click()
    check(page, "begin-key")
    page.goto(first_key.first_address())
    check(page, "begin")
    page.fill("#id_shop", "Chez Léa")
    page.fill("#id_name", "Léa Blanc")
    page.fill("#id_email", "lea@chez.example")
    page.fill("#id_password", "une phrase assez longue")
    page.fill("#id_again", "une phrase assez longe")
    press(page, page.locator("form button.btn-primary"))
    expect(page.locator("#id_again_error")).to_be_visible()
    check(page, "begin-slip")
    page.fill("#id_password", "une phrase assez longue")
    page.fill("#id_again", "une phrase assez longue")
    page.locator("form button.btn-primary").click()
    page.wait_for_url("**/first-steps/")
    check(page, "steps-shop")
    page.locator(".is-next a.btn-primary").click()
    check(page, "steps-address")
    page.fill("#id_return_address", "Chez Léa\n3 rue du Puits\n69001 Lyon")
    page.locator("main form button.btn-primary").click()
    page.wait_for_url("**/first-steps/")
    check(page, "steps-policy")
    page.locator("button[value=fashion]").click()
    page.locator("form[action$='/first-steps/order/'] button").click()
    expect(page.locator(".test-facts")).to_contain_text("TEST-1")
    check(page, "steps-return")


def ask_for_a_return(shopper: Page) -> None:
    """As the customer, on the page that the steps lead to."""
    expect(shopper.locator("#number")).to_have_value("TEST-1")
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


def take_it_to_the_refund(page: Page, run_jobs: Callable[[], int]) -> None:
    """By the button that each page of the return offers."""
    check(page, "first-return")
    page.locator("a[href$='/receipt/']").click()
    press(page, page.locator(".floor-end button"))
    run_jobs()
    page.locator("a[href$='/inspection/']").first.click()
    page.locator("label.pick-a").click()
    press(page, page.locator(".floor-end button"))
    run_jobs()
    page.reload()
    press(page, page.locator(".pay button"))
    expect(page.locator(".pay .field-error")).to_be_in_viewport()
    check(page, "first-return-pay")
    page.locator(".pay input[name$='reference']").fill("essai")
    press(page, page.locator(".pay button"))
    run_jobs()
