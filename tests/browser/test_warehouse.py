"""The receiving desk in a browser: a scanner that types, a network that comes and goes."""

import pytest
import zxingcpp
from django.core.cache import cache
from playwright.sync_api import expect
from tests.browser.test_desk import DESK, LOCALE, PHONE, check, log_in, press
from tests.world import findings, order_of, received_return, requested_return, small_shop, staff_of

from rebond.domain.products.actions import NewProduct, keep_products
from rebond.domain.products.models import Product
from rebond.domain.warehouse.actions import inspect_return
from rebond.domain.warehouse.grades import Grade
from rebond.domain.warehouse.models import LooseParcel, Scan, Unit

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]
FILM = """() => {
    const canvas = document.createElement("canvas");
    window.film = canvas;
    navigator.mediaDevices.getUserMedia = async () => canvas.captureStream(10);
}"""


@pytest.fixture
def shop(live_server):
    cache.clear()
    shop = small_shop("galerie")
    staff_of(shop)
    keep_products(shop, [NewProduct("LAMP-01", stock=4), NewProduct("VASE-03")], by="test")
    return shop


def shoot(page, code):
    """A hand scanner: it types and presses Enter."""
    page.keyboard.type(code)
    page.keyboard.press("Enter")


def heard(page, what):
    expect(page.locator(f"[data-heard={what}]")).to_be_visible()


def open_desk(browser_context, live_server, screen=DESK, language="en"):
    page = browser_context(locale=LOCALE[language], viewport=screen, bypass_csp=True).new_page()
    page.wrong = []
    page.on("pageerror", lambda error: page.wrong.append(str(error)))
    log_in(page, live_server.url)
    page.goto(f"{live_server.url}/desk/galerie/warehouse/receiving/")
    return page


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_from_the_parcel_to_the_shelf(
    browser_context, live_server, shop, run_jobs, screen, language
):
    rma = requested_return(order_of(shop), {"LAMP-01": 2, "MUG-07": 1})
    looked_at = received_return(order_of(shop, number="1002"), {"LAMP-01": 1})
    inspect_return(looked_at.pk, findings(looked_at, Grade.A), by="staff:Ana")
    page = open_desk(browser_context, live_server, screen, language)
    check(page)

    shoot(page, rma.number)
    heard(page, "opened")
    shoot(page, "LAMP-01")
    heard(page, "piece")
    shoot(page, "VASE-03")
    heard(page, "wrong_item")
    check(page)
    for button in page.locator(".wh-desk button:visible").all():
        assert button.bounding_box()["height"] >= 56
    page.locator("button[value=book_in]").click()
    heard(page, "booked_in")
    shoot(page, "LP 00 77")
    heard(page, "unknown")
    page.locator("button[value=set_aside]").click()
    heard(page, "set_aside")

    page.goto(f"{live_server.url}/desk/galerie/warehouse/")
    check(page)
    page.goto(f"{live_server.url}/desk/galerie/warehouse/stock/")
    page.fill("#name", "Allée 3")
    press(page, page.locator("form[action$='/places/'] button"))
    check(page)
    page.goto(f"{live_server.url}/desk/galerie/warehouse/pieces/")
    check(page)
    press(page, page.locator(".wh-place button"))
    check(page)
    run_jobs()

    assert rma.lines.get(sku="LAMP-01").received_quantity == 1
    assert LooseParcel.objects.get().code == "LP 00 77"
    assert Unit.objects.get().state == "placed"
    assert Product.objects.get(sku="LAMP-01").stock_on_hand == 5
    assert page.wrong == []


def test_scans_made_without_a_network_are_sent_once_when_it_is_back(
    browser_context, live_server, shop
):
    rma = requested_return(order_of(shop), {"LAMP-01": 2, "MUG-07": 1})
    page = open_desk(browser_context, live_server)
    waiting = page.locator("#waiting")

    page.context.set_offline(True)
    for code in (rma.number, "LAMP-01", "LAMP-01", "MUG-07"):
        shoot(page, code)
    expect(waiting).to_have_attribute("data-count", "4")
    expect(waiting).to_contain_text("4 scans wait")
    assert not Scan.objects.exists()
    page.context.set_offline(False)
    expect(waiting).to_have_attribute("data-count", "0")
    expect(page.locator(".bench-full")).to_have_count(2)

    assert [scan.heard for scan in Scan.objects.filter(shop=shop).order_by("id")] == [
        "opened",
        "piece",
        "piece",
        "piece",
    ]
    assert page.wrong == []


def test_an_answer_that_is_lost_on_its_way_does_not_count_twice(browser_context, live_server, shop):
    rma = requested_return(order_of(shop), {"LAMP-01": 2})
    page = open_desk(browser_context, live_server)
    shoot(page, rma.number)
    heard(page, "opened")
    lost = []

    def lose(route):
        if lost:
            route.continue_()
            return
        lost.append(route.fetch())
        route.abort()

    page.route("**/receiving/scans/", lose)
    shoot(page, "LAMP-01")
    expect(page.locator("#waiting")).to_have_attribute("data-count", "0", timeout=15000)

    assert len(lost) == 1
    assert Scan.objects.filter(shop=shop, heard="piece").count() == 1


def test_scans_outlive_the_page(browser_context, live_server, shop):
    page = open_desk(browser_context, live_server)
    page.route("**/receiving/scans/", lambda route: route.abort())
    shoot(page, "LP1")
    expect(page.locator("#waiting")).to_have_attribute("data-count", "1")

    page.unroute("**/receiving/scans/")
    page.reload()
    expect(page.locator("#waiting")).to_have_attribute("data-count", "0")

    assert Scan.objects.get().code == "LP1"


def test_two_scanners_at_one_return_count_what_is_there(browser_context, live_server, shop):
    rma = requested_return(order_of(shop), {"LAMP-01": 2})
    one = open_desk(browser_context, live_server)
    two = open_desk(browser_context, live_server)
    for page in (one, two):
        shoot(page, rma.number)
        heard(page, "opened")
        shoot(page, "LAMP-01")
        heard(page, "piece")

    shoot(one, "LAMP-01")
    heard(one, "extra")
    two.locator("button[value=book_in]").click()
    heard(two, "booked_in")

    assert rma.lines.get().received_quantity == 2


def test_the_camera_reads_a_label_under_the_pages_own_policy(browser_context, live_server, shop):
    rma = requested_return(order_of(shop), {"LAMP-01": 2})
    code = zxingcpp.create_barcode(rma.number, zxingcpp.BarcodeFormat.Code128)
    page = browser_context(locale="en-GB", viewport=DESK).new_page()
    blocked = []
    page.on("console", lambda said: blocked.append(said.text) if said.type == "error" else None)
    log_in(page, live_server.url)
    page.add_init_script(f"({FILM})()")
    page.goto(f"{live_server.url}/desk/galerie/warehouse/receiving/")
    page.evaluate(DRAW, code.to_svg())

    page.locator("#camera").click()
    heard(page, "opened")
    page.locator("#camera").click()

    assert Scan.objects.filter(shop=shop).count() == 1
    assert blocked == []


DRAW = """svg => new Promise((done, failed) => {
    const picture = new Image();
    picture.onload = () => {
        const brush = window.film.getContext("2d");
        window.film.width = 900; window.film.height = 400;
        setInterval(() => {
            brush.fillStyle = "#ffffff"; brush.fillRect(0, 0, 900, 400);
            brush.drawImage(picture, 60, 80, 780, 220);
        }, 100);
        done();
    };
    picture.onerror = failed;
    picture.src = "data:image/svg+xml," + encodeURIComponent(svg);
})"""
