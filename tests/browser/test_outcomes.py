"""One return, three outcomes: chosen by a shopper, looked at, sent, seen at the desk."""

import os
from pathlib import Path

import pytest
from django.core.cache import cache
from playwright.sync_api import expect
from tests.browser.axe import axe_violations
from tests.browser.keyboard import shown
from tests.world import BOWL, EMAIL, LAMP, MUG, PASSWORD, order_of, small_shop, staff_of

from rebond.domain.policies.presets import GENEROUS
from rebond.domain.products.actions import NewProduct, keep_products
from rebond.domain.refunds.models import Refund
from rebond.domain.returns.models import Return

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
LOCALE = {"fr": "fr-FR", "en": "en-GB"}
OFFERED = ["refund", "store_credit", "gift_card", "exchange", "replacement"]
PICTURES = os.environ.get("PICTURES")


def check(page, name=""):
    """No breach of accessibility, nothing wider than the screen."""
    if PICTURES and name:
        width = page.viewport_size["width"]
        language = page.locator("html").get_attribute("lang")
        page.screenshot(path=Path(PICTURES) / f"{name}-{language}-{width}.png", full_page=True)
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def press(page, button):
    with page.expect_navigation():
        button.click()


def choose(page, sku, outcome, order):
    """One radio; the page shows at once what it means, and the focus stays."""
    line = order.lines.get(sku=sku).pk
    radio = page.locator(f"input[name='outcome-{line}'][value={outcome}]")
    with page.expect_response(shown):
        radio.check()
    expect(radio).to_be_checked()
    expect(radio).to_be_focused()


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_money_credit_and_the_same_again_in_one_return(
    browser_context, live_server, run_jobs, screen, language
):
    cache.clear()
    rules = [
        {"kind": "outcomes", "offered": OFFERED, "credit_bonus_percent": 10},
    ]
    shop = small_shop(policy={"rules": [*rules, *GENEROUS["rules"]]})
    staff_of(shop)
    keep_products(shop, [NewProduct("BOWL-02", "Wooden bowl", stock=2)], by="test")
    order = order_of(shop, lines=(LAMP, MUG, BOWL))
    page = browser_context(viewport=screen, locale=LOCALE[language]).new_page()
    wrong = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(f"{live_server.url}/s/galerie/")
    page.fill("#number", "1001")
    page.fill("#proof", EMAIL)
    press(page, page.locator("form.sheet button"))
    for place in (1, 2, 3):
        page.check(f"#l{place}-chosen")
        page.select_option(f"#l{place}-reason", "damaged" if place == 3 else "changed_mind")
    press(page, page.locator(".action-bar button"))
    check(page, "preview-all-money")

    choose(page, "MUG-07", "store_credit", order)
    choose(page, "BOWL-02", "replacement", order)
    expect(page.locator("#parts li")).to_have_count(3)
    check(page, "preview-mix")
    press(page, page.locator(".action-bar button.btn-primary"))
    check(page, "return-mix")
    run_jobs()

    rma = Return.objects.get()
    assert set(rma.lines.values_list("sku", "outcome")) == {
        ("LAMP-01", "refund"),
        ("MUG-07", "store_credit"),
        ("BOWL-02", "replacement"),
    }
    assert rma.exchanges.get().state == "agreed"
    assert not Refund.objects.exists()
    page.goto(f"{live_server.url}/desk/galerie/returns/{rma.number}/")
    page.fill("#id_email", "ana@galerie.example")
    page.fill("#id_password", PASSWORD)
    press(page, page.locator("main form[action$='/login/'] button"))
    check(page, "desk-mix")
    assert wrong == []
