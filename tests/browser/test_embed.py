"""The return form on a page of the shop's own site, in a browser that blocks foreign cookies."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core.cache import cache
from playwright.sync_api import expect
from tests.browser.axe import axe_violations
from tests.browser.test_desk import DESK, LOCALE, PHONE
from tests.world import EMAIL, order_of, small_shop

from rebond.domain.shops.actions import allow_origins

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]


PAGE = """<!doctype html><html lang="{language}"><title>Compte</title><main><h1>Compte</h1>
<div data-rebond-return><a href="{portal}/s/galerie/">Retour</a></div></main>
<script src="{portal}/s/galerie/embed/form.js" defer></script></html>"""


@pytest.fixture
def shop(live_server):
    cache.clear()
    return small_shop("galerie")


@pytest.fixture
def site(live_server):
    """A site of the shop's own, on another host, with the snippet that the settings give."""

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self):
            body = PAGE.format(language=self.path.strip("/"), portal=live_server.url).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *told):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_the_form_in_the_page_opens_the_order_in_the_window(
    browser_context, shop, site, screen, language
):
    order_of(shop)
    allow_origins(shop, [site], by="test")
    context = browser_context(locale=LOCALE[language], viewport=screen)
    page = context.new_page()
    page.goto(f"{site}/{language}")
    frame = page.frame_locator("iframe")

    expect(frame.locator("html")).to_have_attribute("lang", language)
    expect(page.locator("iframe")).not_to_have_css("height", "432px")
    assert not [one for one in context.cookies() if one["name"] in {"session", "csrf"}]
    frame.locator("#number").fill("1001")
    frame.locator("#proof").fill(EMAIL)
    frame.locator("button").click()
    page.wait_for_url("**/s/galerie/order/1001/")

    assert axe_violations(page) == []


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_site_that_is_not_on_the_list_shows_a_link(browser_context, shop, site, language):
    allow_origins(shop, ["https://www.galerie.example"], by="test")
    page = browser_context(locale=LOCALE[language]).new_page()
    page.goto(f"{site}/{language}")
    frame = page.frame_locator("iframe")

    expect(frame.locator("code")).to_have_text("origin_not_allowed")
    frame.locator("a").click()

    page.wait_for_url("**/s/galerie/**")
