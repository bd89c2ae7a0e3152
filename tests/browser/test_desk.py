"""The desk in a browser: on a phone and on a desk, in two languages, and by keyboard."""

import io

import pytest
from django.core.cache import cache
from PIL import Image
from playwright.sync_api import Page, expect
from tests.browser.axe import axe_violations
from tests.world import PASSWORD, order_of, received_return, requested_return, small_shop, staff_of

from rebond.domain.credit_notes.models import CreditNote
from rebond.domain.refunds.models import Refund
from rebond.domain.returns.models import Return
from rebond.domain.shops.access import Role
from rebond.domain.warehouse.models import Inspection

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
LOCALE = {"fr": "fr-FR", "en": "en-GB"}


@pytest.fixture
def shop(live_server):
    cache.clear()
    shop = small_shop("galerie")
    staff_of(shop)
    return shop


@pytest.fixture
def waiting(shop):
    """A return that somebody has to decide on."""
    order = order_of(shop, days_since_delivery=20)
    return requested_return(order, {"MUG-07": 2}, reason="damaged")


def check(page: Page) -> None:
    """No breach of accessibility, nothing wider than the screen."""
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def log_in(page: Page, server: str) -> None:
    page.goto(f"{server}/desk/")
    page.fill("#id_email", "ana@galerie.example")
    page.fill("#id_password", PASSWORD)
    page.locator("main form[action$='/login/'] button").click()
    page.wait_for_url("**/desk/galerie/returns/")


def press(page: Page, button) -> None:
    with page.expect_navigation():
        button.click()


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_a_return_is_worked_from_request_to_document(
    browser_context, live_server, waiting, run_jobs, screen, language
):
    page = browser_context(
        locale=LOCALE[language], viewport=screen, bypass_csp=True, accept_downloads=True
    ).new_page()
    wrong = []
    page.on("pageerror", lambda error: wrong.append(str(error)))

    page.goto(f"{live_server.url}/desk/login/")
    check(page)
    log_in(page, live_server.url)
    check(page)
    page.locator(".row-link").click()
    check(page)
    press(page, page.locator("form[action$='/approval/'] button"))
    check(page)
    page.locator("a[href$='/receipt/']").click()
    check(page)
    press(page, page.locator(".floor-end button"))
    page.locator("a[href$='/inspection/']").first.click()
    page.locator("[data-split]").click()
    first, second = page.locator(".finding").all()
    first.locator("label.pick-a").click()
    second.locator("label.pick-d").click()
    second.locator("[name$='-accepted']").uncheck()
    check(page)
    press(page, page.locator(".floor-end button"))
    run_jobs()
    page.reload()
    check(page)
    page.locator(".pay input[name$='reference']").fill("VIR-42")
    press(page, page.locator(".pay button"))
    run_jobs()
    page.reload()
    check(page)
    with page.expect_download() as download:
        page.locator(".paper a").click()
    for path in ("documents/", "orders/", "orders/1001/", "returns/?view=all", "returns/?q=zzz"):
        page.goto(f"{live_server.url}/desk/galerie/{path}")
        check(page)

    assert download.value.path().read_bytes().startswith(b"%PDF")
    assert CreditNote.objects.get().gross_minor == 1295  # one of two mugs for 25.90
    assert list(Inspection.objects.order_by("grade").values_list("grade", "is_accepted")) == [
        ("a", True),
        ("d", False),
    ]
    assert wrong == []


def test_a_return_is_accepted_by_keyboard_alone(browser_context, live_server, waiting):
    page = browser_context(locale="en-GB", viewport=DESK).new_page()
    page.goto(f"{live_server.url}/desk/")
    page.locator("#id_email").focus()
    page.keyboard.type("ana@galerie.example")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/galerie/returns/")

    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
    page.keyboard.press("j")
    expect(page.locator(".row-link")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{waiting.number}/")
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest(\"form[action$='/approval/']\")"):
            break
    page.keyboard.press("Enter")
    expect(page.locator("[role=status]")).to_be_visible()

    assert Return.objects.get().request_state == "approved"


def test_the_keys_can_be_switched_off(browser_context, live_server, waiting):
    page = browser_context(locale="en-GB", viewport=DESK).new_page()
    log_in(page, live_server.url)

    page.keyboard.press("?")
    page.locator("#keys-on").uncheck()
    page.locator("#keys form button").click()
    page.keyboard.press("j")

    expect(page.locator(".row-link")).not_to_be_focused()


def test_hits_come_while_typing_and_the_policy_of_the_page_holds(
    browser_context, live_server, shop
):
    for number in ("1001", "2002"):
        requested_return(order_of(shop, number=number))
    page = browser_context(locale="fr-FR", viewport=DESK).new_page()
    refused = []
    page.on("console", lambda message: refused.append(message.text))
    log_in(page, live_server.url)

    page.locator("#q").press_sequentially("200", delay=20)

    expect(page.locator(".row-link")).to_have_count(1)
    expect(page).to_have_url(f"{live_server.url}/desk/galerie/returns/?q=200")
    assert refused == []


def test_the_whole_desk_works_without_script(browser_context, live_server, waiting, run_jobs):
    page = browser_context(locale="en-GB", viewport=PHONE, java_script_enabled=False).new_page()
    log_in(page, live_server.url)
    page.fill("#q", "mug")
    press(page, page.locator(".search button"))
    page.locator(".row-link").click()
    press(page, page.locator("form[action$='/approval/'] button"))
    page.locator("a[href$='/receipt/']").click()
    press(page, page.locator(".floor-end button"))
    page.locator("a[href$='/inspection/']").first.click()
    press(page, page.locator("[data-split]"))
    first, second = page.locator(".finding").all()
    first.locator("label.pick-a").click()
    second.locator("label.pick-c").click()
    press(page, page.locator(".floor-end button"))
    run_jobs()

    assert Refund.objects.get().amount_minor == 2590
    assert Inspection.objects.count() == 2


def test_a_phone_takes_a_photo_along(browser_context, live_server, shop, small_picture):
    karim = staff_of(shop, Role.WAREHOUSE, name="Karim Benali")
    rma = received_return(order_of(shop), {"MUG-07": 1})
    page = browser_context(locale="fr-FR", viewport=PHONE).new_page()
    page.goto(f"{live_server.url}/desk/galerie/returns/{rma.number}/inspection/")
    page.fill("#id_email", karim.user.email)
    page.fill("#id_password", PASSWORD)
    press(page, page.locator("main form[action$='/login/'] button"))
    page.locator("label.pick-d").click()
    expect(page.locator("[data-proposal]")).to_have_text("Recycler")
    page.locator("[type=file]").set_input_files(
        {"name": "x.jpg", "mimeType": "image/jpeg", "buffer": small_picture}
    )
    press(page, page.locator(".floor-end button"))

    expect(page.locator(".photos img")).to_have_js_property("complete", True)
    assert Inspection.objects.get().photo is not None


@pytest.fixture
def small_picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (80, 60), "#7a4").save(out, "JPEG")
    return out.getvalue()
