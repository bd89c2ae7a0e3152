"""The public policy, its form, and the trial of a policy, in a browser."""

import os
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.browser.axe import axe_violations
from tests.world import LAMP, MUG, PASSWORD, order_of, requested_return, small_shop, staff_of

from rebond.domain.policies.actions import create_draft, publish_policy
from rebond.domain.policies.presets import ELECTRONICS, FASHION
from rebond.domain.withdrawals.models import Statement

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
def test_everybody_reads_the_policy_and_fills_in_the_form(
    browser_context, live_server, language, screen
):
    shop = small_shop(policy=FASHION)
    publish_policy(shop, ELECTRONICS, note="", by="test")
    page = browser_context(locale=f"{language}-FR", viewport=screen, bypass_csp=True).new_page()

    page.goto(f"{live_server.url}/s/galerie/")
    page.locator("a[href$='/policy/']").click()
    check(page, "policy")
    page.goto(f"{live_server.url}/s/galerie/policy/versions/1/")
    check(page, "policy-old")
    page.goto(f"{live_server.url}/s/galerie/policy/form/")
    check(page, "policy-form")
    page.fill("#id_goods", "Lampe")
    page.fill("#id_name", "Camille")
    page.fill("#id_email", "camille@client.example")
    page.locator("form.sheet button").click()
    expect(page.locator(".declared")).to_contain_text("Lampe")
    check(page, "policy-recap")
    page.locator("#confirm").click()
    page.wait_for_url("**/withdraw/*/?lang=*")

    assert Statement.objects.get().contract == "Lampe"


def test_the_piece_for_other_pages_takes_the_place_of_its_link(
    browser_context, live_server, tmp_path
):
    small_shop(policy=FASHION)
    page = browser_context(locale="fr-FR").new_page()
    policy = f"{live_server.url}/s/galerie/policy/"
    body = (
        f'<html lang="fr"><body><div data-rebond-policy><a href="{policy}">Retours</a></div>'
        f'<script src="{policy}embed.js" defer></script></body></html>'
    )
    (tmp_path / "index.html").write_text(body, encoding="utf-8")
    serve = partial(SimpleHTTPRequestHandler, directory=str(tmp_path))
    site = ThreadingHTTPServer(("localhost", 0), serve)
    threading.Thread(target=site.serve_forever, daemon=True).start()

    try:
        page.goto(f"http://localhost:{site.server_port}/")
        expect(page.locator(".rebond-policy")).to_contain_text("Vos droits légaux")
    finally:
        site.shutdown()
        site.server_close()

    assert page.locator(".rebond-policy a").first.get_attribute("href").startswith("http")


@pytest.mark.parametrize("screen", SCREENS, ids=["390", "1440"])
@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("scripts", [True, False], ids=["js", "no-js"])
def test_a_policy_is_tried(browser_context, live_server, run_jobs, language, screen, scripts):
    shop = small_shop()
    staff_of(shop)
    for number, days in (("1001", 5), ("1002", 20), ("1003", 35), ("1004", 48)):
        order = order_of(shop, number=number, lines=(LAMP, MUG), days_since_delivery=days)
        requested_return(order, {"LAMP-01": 1, "MUG-07": 1})
    order_of(shop, number="1005")
    document = {"rules": [*FASHION["rules"], {"id": "no mugs", "kind": "verdict", "say": "review"}]}
    draft = create_draft(shop, document, note="", by="test")
    page = browser_context(
        locale=f"{language}-FR", viewport=screen, bypass_csp=True, java_script_enabled=scripts
    ).new_page()
    page.goto(f"{live_server.url}/desk/?lang={language}")
    page.fill("#id_email", "ana@galerie.example")
    page.fill("#id_password", PASSWORD)
    page.locator("main form[action$='/login/'] button").click()
    page.wait_for_url("**/desk/galerie/returns/")
    looked = check if scripts else (lambda page, name: None)

    page.goto(f"{live_server.url}/desk/galerie/policy/{draft.number}/trial/")
    looked(page, "trial-form")
    page.locator("main form .btn-primary").click()
    expect(page.locator("progress")).to_be_visible()
    looked(page, "trial-progress")
    run_jobs()

    expect(page.locator("#headline")).to_be_visible(timeout=10_000)
    looked(page, "trial-result")
    page.goto(f"{live_server.url}/desk/galerie/policy/public/")
    looked(page, "policy-desk")
