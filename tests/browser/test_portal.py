"""The portal in a browser: on a phone and on a desk, in two languages, with and without help."""

import brotli
import pytest
from django.core.cache import cache
from PIL import Image
from playwright.sync_api import Page, expect
from tests.browser.axe import axe_violations
from tests.world import (
    BOWL,
    EMAIL,
    LAMP,
    MUG,
    findings,
    order_of,
    received_return,
    requested_return,
    run_jobs,
    small_shop,
)

from rebond.domain.products.models import Product
from rebond.domain.refunds.actions import pay_by_hand
from rebond.domain.refunds.models import Refund
from rebond.domain.returns.actions import cancel_return
from rebond.domain.returns.links import token_for
from rebond.domain.returns.models import Return
from rebond.domain.warehouse.actions import inspect_return
from rebond.kernel.clock import today

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
LOCALE = {"fr": "fr-FR", "en": "en-GB"}
FIRST_LOAD_AT_MOST = 120_000


@pytest.fixture
def order(live_server):
    cache.clear()
    return order_of(small_shop("galerie"), lines=(LAMP, MUG, BOWL), derived=("vat", "delivered_on"))


@pytest.fixture
def start(live_server) -> str:
    return f"{live_server.url}/s/galerie/"


def find(page: Page, start: str) -> None:
    page.goto(start)
    page.fill("#number", "1001")
    page.fill("#proof", EMAIL)
    page.locator("form.sheet button").click()
    page.wait_for_url("**/order/1001/")


def check(page: Page) -> None:
    """No breach of accessibility, nothing wider than the screen."""
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_the_whole_flow_is_accessible(browser_context, order, start, screen, language):
    Product.objects.filter(sku="LAMP-01").update(size_chart="https://galerie.example/sizes")
    page = browser_context(locale=LOCALE[language], viewport=screen).new_page()
    wrong = []
    page.on("pageerror", lambda error: wrong.append(str(error)))

    page.goto(start)
    check(page)
    page.locator("form.sheet button").click()
    expect(page.locator("#errors")).to_be_focused()
    check(page)
    find(page, start)
    check(page)
    page.check("#l1-chosen")
    page.locator(".action-bar button").click()
    expect(page.locator("#errors")).to_be_focused()
    check(page)
    page.select_option("#l1-reason", "size")
    page.locator(".chip").first.click()
    page.locator("#l1-quantity + button").click()
    expect(page.locator("a[href='https://galerie.example/sizes']")).to_be_visible()
    check(page)
    page.locator(".action-bar button").click()
    page.wait_for_url("**/preview/**")
    check(page)
    page.locator(".action-bar button").click()
    page.wait_for_url("**/r/**")
    check(page)

    rma = Return.objects.get()
    line = rma.lines.get()
    assert (line.quantity, line.reason.code, rma.language) == (2, "too_small", language)
    assert wrong == []
    assert page.locator("html").get_attribute("lang") == language


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_stand_of_a_return_is_accessible(browser_context, order, start, language):
    shop = order.shop
    review = requested_return(order, {"MUG-07": 1}, reason="damaged")
    approved = requested_return(order, {"LAMP-01": 1})
    declined = requested_return(order, {"BOWL-02": 1})
    cancelled = requested_return(order_of(shop, number="1002"), {"LAMP-01": 1})
    cancel_return(cancelled.pk, by="shopper")
    paid = received_return(order_of(shop, number="1003"), {"LAMP-01": 3, "MUG-07": 2})
    inspect_return(paid.pk, findings(paid), by="staff:Ana")
    run_jobs()
    refund = Refund.objects.get(settlement__rma=paid)
    pay_by_hand(refund.pk, reference="VIR", paid_on=today("Europe/Paris"), by="staff:Ana")
    run_jobs()
    page = browser_context(locale=LOCALE[language], viewport=PHONE).new_page()

    for rma in (review, approved, declined, cancelled, paid):
        page.goto(f"{start}r/{token_for(rma)}/")
        expect(page.locator(".number strong")).to_have_text(rma.number)
        check(page)
    for part in ("slip/", "cancel/"):
        page.goto(f"{start}r/{token_for(approved)}/{part}")
        check(page)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_kind_pages_are_accessible(browser_context, order, start, language):
    requested_return(order, {"LAMP-01": 3})
    page = browser_context(locale=LOCALE[language], viewport=PHONE).new_page()

    page.goto(f"{start}r/nonsense/")
    check(page)
    find(page, start)
    check(page)
    page.check("#l3-chosen")
    page.select_option("#l3-reason", "changed_mind")
    page.locator(".action-bar button").click()
    page.wait_for_url("**/preview/**")
    check(page)
    for guess in range(11):
        page.goto(start)
        page.fill("#number", "1001")
        page.fill("#proof", f"{guess}@y.example")
        page.locator("form.sheet button").click()
    expect(page.locator(".calm")).to_be_visible()
    check(page)


def test_everything_works_without_javascript(browser_context, order, start, tmp_path):
    picture = tmp_path / "a.png"
    _paint(picture)
    page = browser_context(locale="fr-FR", viewport=PHONE, java_script_enabled=False).new_page()

    find(page, start)
    page.check("#l1-chosen")
    page.fill("#l1-quantity", "2")
    page.select_option("#l1-reason", "too_large")
    page.fill("#l1-comment", "Trop grande pour la table 🪔")
    page.set_input_files("#l1-photos", picture)
    page.locator(".action-bar button").click()
    page.wait_for_url("**/preview/**")
    page.locator(".action-bar button").click()
    page.wait_for_url("**/r/**")

    rma = Return.objects.get()
    line = rma.lines.get()
    assert (line.quantity, line.reason.code, rma.photos.count()) == (2, "too_large", 1)
    expect(page.locator(".number strong")).to_have_text(rma.number)

    page.locator("summary").first.click()
    page.fill("#tracking_number", "6A 123")
    page.locator("details button").click()
    expect(page.get_by_text("6A123")).to_be_visible()
    page.locator(".quiet-link").click()
    page.locator("form.d-grid button").click()
    page.wait_for_url("**/r/**")
    rma.refresh_from_db()
    assert rma.request_state == "cancelled"


def test_the_keyboard_is_enough(browser_context, order, start):
    page = browser_context(locale="en-GB", viewport=DESK).new_page()
    keys = page.keyboard

    page.goto(start)
    _tab_to(page, "#number")
    keys.type("1001")
    keys.press("Tab")
    keys.type(EMAIL)
    keys.press("Enter")
    page.wait_for_url("**/order/1001/")
    _tab_to(page, "#l1-chosen")
    keys.press("Space")
    _tab_to(page, "#l1-reason")
    keys.type("Wrong size")
    _tab_to(page, ".chip input")
    keys.press("Space")
    _tab_to(page, ".action-bar button")
    keys.press("Enter")
    page.wait_for_url("**/preview/**")
    _tab_to(page, ".action-bar button")
    keys.press("Enter")
    page.wait_for_url("**/r/**")

    assert Return.objects.get().lines.get().reason.code == "too_small"


def test_a_double_click_makes_one_return(browser_context, order, start):
    page = browser_context(locale="fr-FR", viewport=PHONE).new_page()
    find(page, start)
    page.check("#l1-chosen")
    page.select_option("#l1-reason", "changed_mind")
    page.locator(".action-bar button").click()
    page.wait_for_url("**/preview/**")

    page.locator(".action-bar button").dblclick()
    page.wait_for_url("**/r/**")

    assert Return.objects.count() == 1


def test_a_large_photo_is_made_smaller_before_it_travels(browser_context, order, start, tmp_path):
    picture = tmp_path / "large.png"
    _paint(picture, side=3000, noisy=True)
    page = browser_context(locale="fr-FR", viewport=PHONE).new_page()
    find(page, start)
    page.check("#l1-chosen")

    page.set_input_files("#l1-photos", picture)
    expect(page.locator(".thumbs img")).to_be_visible()

    sent = page.evaluate("document.querySelector('#l1-photos').files[0].size")
    assert sent < picture.stat().st_size / 2


@pytest.mark.parametrize("path", ["", "order/1001/"])
def test_it_fits_a_screen_of_320_pixels(browser_context, order, start, path):
    page = browser_context(locale="fr-FR", viewport={"width": 320, "height": 640}).new_page()
    find(page, start)
    page.goto(start + path)

    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_what_is_touched_is_large_enough(browser_context, order, start):
    page = browser_context(locale="fr-FR", viewport=PHONE).new_page()
    find(page, start)
    page.check("#l1-chosen")
    page.select_option("#l1-reason", "size")

    small = page.evaluate(
        """() => [...document.querySelectorAll("button, select, .line-head, .chip, header a")]
            .filter(one => one.offsetParent && one.getBoundingClientRect().height < 44)
            .map(one => one.outerHTML.slice(0, 80))"""
    )

    assert small == []


def test_the_first_load_is_light(browser_context, order, start):
    page = browser_context(locale="fr-FR", viewport=PHONE).new_page()
    answers = []
    page.on("response", lambda answer: answers.append(answer))

    page.goto(start, wait_until="networkidle")
    page.evaluate("document.fonts.ready")
    loaded = {answer.url: _on_the_wire(answer) for answer in answers}

    assert len(loaded) >= 5
    assert sum(loaded.values()) < FIRST_LOAD_AT_MOST, loaded


def _on_the_wire(answer) -> int:
    """The body as `rebond serve` sends it: what is static in Brotli, pages as they are."""
    body = answer.body()
    is_text = answer.url.endswith((".css", ".js", ".svg"))
    return len(brotli.compress(body)) if is_text else len(body)


def _tab_to(page: Page, selector: str) -> None:
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"the keyboard does not reach {selector}")


def _paint(path, *, side: int = 80, noisy: bool = False) -> None:
    image = Image.effect_noise((side, side), 90) if noisy else Image.new("RGB", (side, side), "tan")
    image.save(path)
