"""Webhooks at the desk: an address added, an event that failed, sent again. Phone and desk."""

import os
from pathlib import Path

import pytest
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import expect
from tests.browser.axe import axe_violations
from tests.world import PASSWORD, order_of, requested_return, run_jobs, small_shop, staff_of

from rebond.kernel import egress
from rebond.kernel.egress import Reply
from rebond.outbound.webhooks.models import Delivery

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
LOCALE = {"fr": "fr-FR", "en": "en-GB"}


def check(page, name):
    """No breach of accessibility, nothing wider than the screen."""
    if folder := os.environ.get("PICTURES"):
        size = page.viewport_size["width"]
        page.screenshot(path=str(Path(folder) / f"{name}-{size}.png"), full_page=True)
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def press(page, button):
    with page.expect_navigation():
        button.click()


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_an_event_that_failed_is_looked_at_and_sent_again(
    browser_context, live_server, monkeypatch, screen, language
):
    cache.clear()
    answers = [410, 204]
    monkeypatch.setattr(
        egress, "request", lambda *_, **__: Reply(answers.pop(0), {}, b'{"why": "no such hook"}')
    )
    shop = small_shop()
    staff_of(shop)
    page = browser_context(viewport=screen, locale=LOCALE[language]).new_page()
    page.goto(live_server.url + reverse("backoffice:webhooks", args=[shop.slug]))
    page.fill("#id_email, [name=email]", "ana@galerie.example")
    page.fill("[name=password]", PASSWORD)
    press(page, page.locator("main button[type=submit]").last)
    check(page, f"none-{language}")

    page.fill("#url", "https://client.example/rebond")
    page.fill("#types", "return.requested")
    press(page, page.locator("main form button.btn-primary"))
    expect(page.locator(".key-text")).to_contain_text("whsec_")
    check(page, f"secret-{language}")
    requested_return(order_of(shop), {"LAMP-01": 1})
    run_jobs()
    press(page, page.locator("a[href*='/money/webhooks/']", has_text="client.example").first)
    check(page, f"endpoint-{language}")
    press(page, page.locator("button[name=turn]"))
    press(page, page.locator("main a[href*='/deliveries/']").first)
    expect(page.locator("main")).to_contain_text("no such hook")
    check(page, f"delivery-{language}")

    press(page, page.locator("form[action$='/replay/'] button"))
    run_jobs()
    page.reload()

    check(page, f"again-{language}")
    assert Delivery.objects.get(shop=shop).state == "delivered"


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_the_api_can_be_read_by_people(browser_context, live_server, db, screen, language):
    context = browser_context(viewport=screen, locale=LOCALE[language])
    page, asked = context.new_page(), []
    page.on("request", lambda request: asked.append(request.url))

    page.goto(live_server.url + "/api/v1/")
    page.locator("#create_return summary").click()

    expect(page.locator("#create_return")).to_contain_text("Idempotency-Key")
    check(page, f"api-{language}")
    assert all(url.startswith(live_server.url) for url in asked)
