"""Stock told to the shop's system at the desk: chosen, refused, told again. Phone and desk."""

import os
from pathlib import Path

import pytest
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import expect
from tests.browser.axe import axe_violations
from tests.world import PASSWORD, run_jobs, small_shop, staff_of

from rebond.domain.warehouse.actions import add_location, adjust_stock
from rebond.domain.warehouse.kinds import Place
from rebond.outbound.stock.models import Report

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
LOCALE = {"fr": "fr-FR", "en": "en-GB"}


def check(page, name):
    """No breach of accessibility, nothing wider than the screen."""
    if folder := os.environ.get("PICTURES"):
        size = page.viewport_size["width"]
        page.screenshot(path=str(Path(folder) / f"told-{name}-{size}.png"), full_page=True)
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def press(page, button):
    with page.expect_navigation():
        button.click()


def log_in(page, address):
    page.goto(address)
    page.fill("#id_email, [name=email]", "ana@galerie.example")
    page.fill("[name=password]", PASSWORD)
    press(page, page.locator("main button[type=submit]").last)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_a_refused_movement_is_told_again_and_another_left_out(
    browser_context, live_server, monkeypatch, tmp_path, screen, language
):
    cache.clear()
    monkeypatch.setenv("REBOND_STOCK_FOLDER", str(tmp_path))
    monkeypatch.delenv("REBOND_STOCK_SIMULATOR_URL", raising=False)
    shop = small_shop()
    staff_of(shop)
    shelf = add_location(shop, "Shelf A", Place.SELLABLE, by="staff:Ana")
    page = browser_context(viewport=screen, locale=LOCALE[language]).new_page()
    log_in(page, live_server.url + reverse("backoffice:stock_told", args=[shop.slug]))
    check(page, f"none-{language}")

    expect(page.locator("#system-simulator")).to_be_disabled()
    page.check("#system-csv_file")
    press(page, page.locator("form[action$='/told/system/'] button"))
    home = tmp_path / "galerie"
    home.mkdir()
    taken = [home / f"stock-shelf-a-{shelf.pk.hex[-8:]}-{n:09d}.csv" for n in (2, 3)]
    for path in taken:
        path.write_text("somebody else's")
    for pieces in (5, -1, 3, 2):
        adjust_stock(shop, shelf.pk, "LAMP-01", pieces, why="counted", by="staff:Ana")
    run_jobs()
    page.goto(live_server.url + reverse("backoffice:stock", args=[shop.slug]))
    check(page, f"stock-{language}")
    press(page, page.locator(".notice-bad a"))
    check(page, f"refused-{language}")

    taken[0].unlink()
    press(page, page.locator("form[action$='/again/'] button").first)
    run_jobs()
    page.reload()
    page.locator("details summary").first.focus()
    page.keyboard.press("Enter")
    page.get_by_role("textbox").last.fill("sold out")
    check(page, f"leave-{language}")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    run_jobs()
    page.reload()

    check(page, f"end-{language}")
    found = Report.objects.order_by("number").values_list("number", "state")
    assert list(found) == [(1, "told"), (2, "told"), (3, "left_out"), (4, "told")]
