"""Who comes in: an app with codes, a passkey, a form that asks once more; by browser."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from tests.browser.axe import axe_violations
from tests.world import PASSWORD, small_shop, staff_of

from rebond.domain.machines.models import ApiKey
from rebond.domain.sign_in.models import DeskSession, Factor
from rebond.domain.sign_in.totp import code_of, step_at
from rebond.kernel.clock import now

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
LOCALE = {"fr": "fr-FR", "en": "en-GB"}


@pytest.fixture
def ana(live_server):
    return staff_of(small_shop("galerie")).user


def check(page: Page) -> None:
    """No breach of accessibility, nothing wider than the screen."""
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def type_password(page: Page, server: str) -> None:
    page.goto(f"{server}/desk/login/")
    page.fill("#id_email", "ana@galerie.example")
    page.fill("#id_password", PASSWORD)
    page.locator("main form[action$='/login/'] button").click()


def log_out(page: Page, server: str) -> None:
    page.goto(f"{server}/desk/galerie/returns/")
    page.locator(".rail-out").click()
    page.wait_for_url("**/login/")


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_an_app_with_codes_is_set_up_and_asked_for(
    browser_context, live_server, ana, screen, language
):
    page = browser_context(locale=LOCALE[language], viewport=screen, bypass_csp=True).new_page()
    type_password(page, live_server.url)
    page.wait_for_url("**/desk/galerie/returns/")

    page.locator(".rail-person a").click()
    check(page)
    page.locator("a[href$='/account/app/']").click()
    check(page)
    secret = page.locator(".secret").inner_text().replace(" ", "")
    page.fill("#code", code_of(secret, step_at(now())))
    page.locator("main button[type=submit]").click()
    codes = page.locator(".recovery code").all_inner_texts()
    check(page)
    assert len(codes) == 10
    page.locator("main a.btn").click()
    check(page)

    log_out(page, live_server.url)
    type_password(page, live_server.url)
    page.wait_for_url("**/login/second/")
    check(page)
    page.fill("#code", codes[0])
    page.locator("main form button").last.click()
    page.wait_for_url("**/desk/galerie/returns/")


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_a_passkey_opens_the_desk_and_confirms(browser_context, live_server, ana, screen, language):
    page = browser_context(locale=LOCALE[language], viewport=screen, bypass_csp=True).new_page()
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    type_password(page, live_server.url)
    page.wait_for_url("**/desk/galerie/returns/")

    page.goto(f"{live_server.url}/desk/account/")
    page.fill("#passkey-title", "Laptop")
    page.locator("[data-new-passkey] button").click()
    expect(page.locator(".recovery code")).to_have_count(10)
    assert Factor.objects.get().title == "Laptop"

    log_out(page, live_server.url)
    type_password(page, live_server.url)
    page.wait_for_url("**/login/second/")
    check(page)
    page.locator("[data-passkey] button").click()
    page.wait_for_url("**/desk/galerie/returns/")
    assert Factor.objects.get().last_used_at is not None

    DeskSession.objects.update(confirmed_at=now() - timedelta(hours=1))
    page.goto(f"{live_server.url}/desk/galerie/money/keys/")
    page.fill("#title", "Till")
    page.locator("input[name=scopes]").first.check()
    page.locator("aside button[type=submit]").click()
    check(page)
    page.locator("[data-passkey] button").click()
    expect(page.locator(".key-text")).to_be_visible()
    check(page)
    assert re.fullmatch("Till", ApiKey.objects.get().title)
