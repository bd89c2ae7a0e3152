"""Other ways to an order, in a browser: a code by e-mail, and a present that comes back."""

import pytest
from playwright.sync_api import Page, expect
from tests.browser.axe import axe_violations
from tests.browser.test_desk import log_in
from tests.world import EMAIL, LAMP, MUG, order_of, requested_return, small_shop, staff_of

from rebond.domain.conversations.actions import write_to_shopper
from rebond.domain.orders.gift_codes import gift_code
from rebond.domain.policies.presets import GENEROUS
from rebond.domain.policies.queries import policy_for
from rebond.domain.proofs.mailboxes import code_of, spaced
from rebond.domain.proofs.models import OneTimeCode
from rebond.domain.returns.actions import request_return
from rebond.domain.returns.gifts import Gift
from rebond.domain.returns.models import Return
from rebond.domain.returns.wishes import Wish
from rebond.kernel.clock import now

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
LOCALE = {"fr": "fr-FR", "en": "en-GB"}
POLICY = {"rules": [*GENEROUS["rules"], {"kind": "gifts"}]}


@pytest.fixture
def order(live_server):
    return order_of(small_shop("galerie", policy=POLICY), lines=(LAMP, MUG))


def check(page: Page) -> None:
    """No breach of accessibility, nothing wider than the screen."""
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def type_the_code(page: Page) -> None:
    code = OneTimeCode.objects.order_by("-asked_at").first()
    page.fill("#code", spaced(code_of(code.shop_id, code.pk)))
    page.locator("main form button").click()


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_a_code_opens_orders_and_messages(browser_context, live_server, order, screen, language):
    page = browser_context(locale=LOCALE[language], viewport=screen).new_page()
    rma = requested_return(order)
    write_to_shopper(rma.pk, "The lamp: which colour was it?", by="staff:Ana")

    page.goto(f"{live_server.url}/s/galerie/")
    check(page)
    page.locator("a[href$='/mailbox/']").click()
    check(page)
    page.fill("#email", EMAIL)
    page.locator("main form button").click()
    page.wait_for_url("**/mailbox/code/")
    page.fill("#code", "0000 0000")
    page.locator("main form button").click()
    expect(page.locator("#code-error")).to_be_visible()
    check(page)
    type_the_code(page)
    page.wait_for_url("**/mailbox/orders/")
    check(page)
    page.locator("a[href$='/order/1001/']").click()
    page.locator(f"a[href$='/r/{rma.number}/']").click()

    expect(page.locator(".talk-list")).to_contain_text("which colour")
    check(page)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_masked_view_offers_a_code(browser_context, live_server, order, language):
    page = browser_context(locale=LOCALE[language], viewport=PHONE).new_page()
    rma = requested_return(order)
    page.goto(f"{live_server.url}/s/galerie/")
    page.fill("#number", "1001")
    page.fill("#proof", EMAIL)
    page.locator("form.sheet button").click()
    page.wait_for_url("**/order/1001/")
    page.goto(f"{live_server.url}/s/galerie/r/{rma.number}/")
    check(page)

    page.locator("form[action$='/code/'] button").click()
    page.wait_for_url("**/mailbox/code/")
    type_the_code(page)
    page.wait_for_url(f"**/r/{rma.number}/")

    expect(page.locator("form[action$='/code/']")).to_have_count(0)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_a_present_comes_back(browser_context, live_server, order, screen, language):
    page = browser_context(locale=LOCALE[language], viewport=screen).new_page()

    page.goto(f"{live_server.url}/s/galerie/")
    page.locator("a[href$='/gift/']").click()
    check(page)
    page.fill("#number", "1001")
    page.fill("#proof", "ABCD-EFGH")
    page.locator("main form button").click()
    expect(page.locator("#errors")).to_be_focused()
    check(page)
    page.fill("#proof", gift_code(order))
    page.locator("main form button").click()
    page.wait_for_url("**/gift/1001/")
    page.locator("button[name=look]").click()
    expect(page.locator("#errors")).to_be_focused()
    check(page)
    page.select_option("#l1", "1")
    page.select_option("#reason", "changed_mind")
    page.fill("#name", "Mila Roy")
    page.fill("#email", "mila@client.example")
    page.locator("button[name=look]").click()
    expect(page.locator("#errors")).to_contain_text("mila@client.example")
    check(page)
    page.locator("button[name=sure]").click()
    rma = Return.objects.get()
    page.wait_for_url(f"**/r/{rma.number}/")

    assert rma.is_gift and rma.shopper.email == "mila@client.example"
    assert "€" not in page.locator("main").inner_text()
    check(page)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_the_desk_shows_a_present(browser_context, live_server, order, screen, language):
    staff_of(order.shop)
    gift = Gift("Mila Roy", "mila@client.example", "gift_card")
    lamp = order.lines.get(sku="LAMP-01")
    rma = request_return(
        order,
        [Wish(lamp.pk, 1, "changed_mind")],
        policy=policy_for(order, now()),
        asked_at=now(),
        language="fr",
        by="shopper",
        origin="gift",
        gift=gift,
    )
    page = browser_context(locale=LOCALE[language], viewport=screen).new_page()
    log_in(page, live_server.url)

    page.goto(f"{live_server.url}/desk/galerie/returns/{rma.number}/")
    expect(page.locator("main")).to_contain_text("mila@client.example")
    check(page)
    page.goto(f"{live_server.url}/desk/galerie/orders/{order.number}/")
    expect(page.locator("main")).to_contain_text(gift_code(order))
    check(page)
