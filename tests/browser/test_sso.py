"""The way to the identity provider and back, in a real browser: log in, and confirm a step."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from playwright.sync_api import expect
from tests.browser.axe import axe_violations
from tests.browser.test_desk import DESK, LOCALE, PHONE
from tests.web.backoffice.identity_provider import CLIENT, SECRET, IdentityProvider
from tests.world import small_shop, staff_of

from rebond.domain.sign_in.models import DeskSession
from rebond.domain.sign_in.sessions import CONFIRMED_FOR
from rebond.kernel.clock import now

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def house(settings, live_server):
    cache.clear()
    server = IdentityProvider()
    settings.BASE_URL = live_server.url
    settings.OIDC = {
        "issuer": server.url,
        "client_id": CLIENT,
        "client_secret": SECRET,
        "title": "Maison Galerie",
    }
    yield server
    server.close()


def check(page, name):
    """No breach of accessibility, nothing wider than the screen."""
    if folder := os.environ.get("PICTURES"):
        language, width = page.locator("html").get_attribute("lang"), page.viewport_size["width"]
        page.screenshot(path=str(Path(folder) / f"sso-{name}-{language}-{width}.png"))
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_in_by_the_house_and_once_more_before_a_step(
    browser_context, live_server, house, screen, language
):
    staff_of(small_shop("galerie"))
    page = browser_context(viewport=screen, locale=LOCALE[language]).new_page()
    page.goto(f"{live_server.url}/desk/galerie/settings/people/")
    check(page, "door")

    page.locator("a[href*='login/house/']").click()
    page.wait_for_url("**/settings/people/")
    old = now() - CONFIRMED_FOR - timedelta(minutes=1)
    DeskSession.objects.update(confirmed_at=old, begun_at=old)
    page.goto(f"{live_server.url}/desk/galerie/money/keys/")
    page.fill("#title", "Kasse")
    page.locator("form:has(#title) button[type=submit]").click()
    check(page, "confirm")
    page.locator("a[href*='login/house/']").click()
    expect(page.locator("[role=status]").first).to_be_visible()

    assert DeskSession.objects.get().confirmed_at > old
