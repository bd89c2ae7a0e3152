"""A person asks for their data on a phone; the shop answers at the desk; in two languages."""

import os
from pathlib import Path

import pytest
from django.core.cache import cache
from playwright.sync_api import expect
from tests.browser.axe import axe_violations
from tests.world import PASSWORD, order_of, run_jobs, small_shop, staff_of

from rebond.domain.privacy.actions import remove_some
from rebond.domain.proofs.mailboxes import code_of
from rebond.domain.proofs.models import OneTimeCode
from rebond.domain.shoppers.models import DataRequest, Shopper
from rebond.integrations.channels.email import Email

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
LOCALE = {"fr": "fr-FR", "en": "en-GB"}
MAIL = "zoe@mailbox.example"


def check(page, name):
    """No breach of accessibility, nothing wider than the screen."""
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    if os.environ.get("REBOND_PICTURES"):
        size = page.viewport_size["width"]
        language = page.locator("html").get_attribute("lang")
        folder = Path(os.environ["REBOND_PICTURES"])
        page.screenshot(path=folder / f"{name}-{size}-{language}.png", full_page=True)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_a_person_asks_and_the_shop_erases(
    browser_context, live_server, monkeypatch, screen, language
):
    monkeypatch.setattr(Email, "send", lambda self, letter: None)
    cache.clear()
    shop = small_shop()
    staff_of(shop)
    order_of(shop, email=MAIL, name="Zoé Martin")
    remove_some(shop.pk)
    page = browser_context(viewport=screen, locale=LOCALE[language]).new_page()

    page.goto(f"{live_server.url}/s/galerie/mailbox/")
    page.fill("input[type=email]", MAIL)
    page.keyboard.press("Enter")
    page.wait_for_url("**/mailbox/code/")
    page.fill("#code", code_of(shop.pk, OneTimeCode.objects.latest("asked_at").pk))
    page.keyboard.press("Enter")
    page.wait_for_url("**/mailbox/orders/")
    page.locator("a[href$='/mailbox/data/']").click()
    page.wait_for_url("**/mailbox/data/")
    check(page, "data")
    page.locator("button[value=erase]").click()
    expect(page.locator("#sure-error")).to_be_visible()
    check(page, "data-sure")
    page.check("#sure")
    page.locator("button[value=erase]").click()
    expect(page.locator("[role=status]")).to_be_visible()
    check(page, "data-asked")

    run_jobs()
    page.goto(f"{live_server.url}/desk/galerie/settings/privacy/")
    page.fill("#id_email", "ana@galerie.example")
    page.fill("#id_password", PASSWORD)
    page.locator("main form[action$='/login/'] button").click()
    page.wait_for_url("**/settings/privacy/")
    check(page, "privacy")
    page.goto(f"{live_server.url}/desk/galerie/duties/")
    check(page, "duties")
    page.goto(f"{live_server.url}/desk/galerie/settings/privacy/")
    page.locator(".note button[value=yes]").click()
    expect(page.locator(".note button[value=yes]")).to_have_count(0)
    check(page, "privacy-done")
    assert DataRequest.objects.get(shop=shop).state == "done"
    assert not Shopper.objects.filter(shop=shop, email=MAIL).exists()
