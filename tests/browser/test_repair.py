"""A faulty lamp is repaired and comes back: the shopper, the warehouse, the desk."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from playwright.sync_api import expect
from tests.browser.axe import axe_violations
from tests.world import EMAIL, LAMP, PASSWORD, findings, order_of, small_shop, staff_of

from rebond.domain.refunds.models import Refund, Settlement
from rebond.domain.repairs.models import Repair
from rebond.domain.returns.models import Return
from rebond.domain.warehouse.actions import inspect_return, receive_return
from rebond.kernel.clock import today

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]

SCREENS = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1440, "height": 900}}
LOCALE = {"fr": "fr-FR", "en": "en-GB"}
PICTURES = os.environ.get("PICTURES")
POLICY = {
    "rules": [
        {"kind": "window", "days": 30, "starts_at": "delivery"},
        {"kind": "outcomes", "offered": ["refund", "replacement", "repair"]},
    ]
}
both_languages = pytest.mark.parametrize("language", ["fr", "en"])
both_screens = pytest.mark.parametrize("screen", ["phone", "desk"])


def check(page, name):
    """No breach of accessibility, nothing wider than the screen."""
    if PICTURES:
        width = page.viewport_size["width"]
        language = page.locator("html").get_attribute("lang")
        page.screenshot(path=Path(PICTURES) / f"{name}-{language}-{width}.png", full_page=True)
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def press(page, button):
    with page.expect_navigation():
        button.click()


def asked_for(page, live_server, name=""):
    """The shopper asks for the repair of one lamp; the address of the status page."""
    page.goto(f"{live_server.url}/s/galerie/")
    page.fill("#number", "1001")
    page.fill("#proof", EMAIL)
    press(page, page.locator("form.sheet button"))
    page.check("#l1-chosen")
    page.select_option("#l1-reason", "not_as_described")
    press(page, page.locator(".action-bar button"))
    page.check("input[value=repair]")
    expect(page.locator("#much")).to_have_count(0)
    if name:
        check(page, name)
    press(page, page.locator(".action-bar button").first)
    return page.url


def to_the_bench(run_jobs):
    rma = Return.objects.get()
    receive_return(rma.pk, {rma.lines.get().pk: 1}, note="", by="staff:Karim")
    inspect_return(rma.pk, findings(Return.objects.get()), by="staff:Karim")
    run_jobs()
    return rma


def desk(page, live_server, rma):
    page.goto(f"{live_server.url}/desk/galerie/returns/{rma.number}/")
    page.fill("#id_email", "ana@galerie.example")
    page.fill("#id_password", PASSWORD)
    press(page, page.locator("main form[action$='/login/'] button"))


def opened(browser_context, screen, language):
    cache.clear()
    shop = small_shop(policy=POLICY)
    staff_of(shop)
    order_of(shop, lines=(LAMP,))
    page = browser_context(viewport=SCREENS[screen], locale=LOCALE[language]).new_page()
    page.wrong = []
    page.on("pageerror", lambda error: page.wrong.append(str(error)))
    return shop, page


@both_languages
@both_screens
def test_a_lamp_is_repaired_and_comes_back(
    browser_context, live_server, run_jobs, screen, language
):
    _, page = opened(browser_context, screen, language)
    status = asked_for(page, live_server, "repair-preview")
    run_jobs()
    page.goto(status)
    expect(page.locator("#repair")).to_be_visible()
    check(page, "repair-awaited")
    rma = to_the_bench(run_jobs)

    desk(page, live_server, rma)
    check(page, "repair-desk-bench")
    here = page.url
    page.goto(f"{live_server.url}/desk/galerie/returns/?view=repair")
    expect(page.locator(f"a:has-text('{rma.number}')").first).to_be_visible()
    check(page, "repair-queue")
    page.goto(here)
    press(page, page.locator("section[aria-labelledby=repair-title] a.btn-primary"))
    page.fill("#steps", "Switch replaced")
    page.fill("#minutes", "20")
    page.fill("#parts", "3.50")
    page.select_option("#way", "repair")
    check(page, "repair-work")
    press(page, page.locator("button.wh-big"))
    run_jobs()
    page.goto(f"{live_server.url}/desk/galerie/warehouse/pieces/?view=back")
    check(page, "repair-pieces")
    page.goto(here)
    page.fill("#back-carrier", "Colissimo")
    page.fill("#back-tracking", "8R123456789")
    check(page, "repair-desk-send")
    press(page, page.locator("form[action$='/repair/shipment/'] button"))
    run_jobs()
    check(page, "repair-desk-done")
    page.goto(status)

    expect(page.locator("main")).to_contain_text("8R123456789")
    check(page, "repair-back")
    assert not Refund.objects.exists()
    assert page.wrong == []


@both_languages
@both_screens
def test_of_two_lamps_one_is_mended_and_the_other_goes_its_own_way(
    browser_context, live_server, run_jobs, screen, language
):
    _, page = opened(browser_context, screen, language)
    page.goto(f"{live_server.url}/s/galerie/")
    page.fill("#number", "1001")
    page.fill("#proof", EMAIL)
    press(page, page.locator("form.sheet button"))
    page.check("#l1-chosen")
    page.select_option("#l1-reason", "not_as_described")
    page.locator("#l1-quantity").fill("2")
    press(page, page.locator(".action-bar button"))
    page.check("input[value=repair]")
    expect(page.locator("#much")).to_have_count(0)
    check(page, "repair-two-preview")
    press(page, page.locator(".action-bar button").first)
    status = page.url
    run_jobs()
    rma = Return.objects.get()
    receive_return(rma.pk, {rma.lines.get().pk: 2}, note="", by="staff:Karim")
    inspect_return(rma.pk, findings(Return.objects.get()), by="staff:Karim")
    run_jobs()

    desk(page, live_server, rma)
    here = page.url
    check(page, "repair-two-bench")
    for way in ("repair", "quarantine"):
        page.goto(here)
        press(page, page.locator("section[aria-labelledby=repair-title] a.btn-primary"))
        page.fill("#steps", "Switch replaced")
        page.fill("#minutes", "20")
        page.fill("#parts", "3.50")
        page.select_option("#way", way)
        press(page, page.locator("button.wh-big"))
        run_jobs()
    apart = Return.objects.get(split_from=rma)
    page.goto(here)
    expect(page.locator("section[aria-labelledby=repair-title]")).to_contain_text(apart.number)
    check(page, "repair-two-mended")
    page.goto(here.replace(rma.number, apart.number))
    expect(page.locator("section[aria-labelledby=repair-title]")).to_contain_text(rma.number)
    check(page, "repair-two-apart-desk")
    page.goto(status)
    check(page, "repair-two-mended-shopper")
    press(page, page.locator(f"section[aria-labelledby=repair] a[href*='{apart.number}']"))
    check(page, "repair-two-apart-shopper")
    press(page, page.locator("form[action$='/repair/money/'] button"))

    assert Repair.objects.get(rma=apart).money_asked_at is not None
    assert Repair.objects.get(rma=rma).state == "repaired"
    assert page.wrong == []


@both_languages
@both_screens
def test_a_late_repair_becomes_money_when_the_shopper_asks(
    browser_context, live_server, run_jobs, screen, language
):
    shop, page = opened(browser_context, screen, language)
    status = asked_for(page, live_server)
    run_jobs()
    rma = to_the_bench(run_jobs)
    Repair.objects.filter(shop=shop).update(asked_on=today(shop.time_zone) - timedelta(days=31))
    page.goto(status)
    check(page, "repair-late")
    press(page, page.locator("form[action$='/repair/money/'] button"))
    check(page, "repair-money-asked")

    desk(page, live_server, rma)
    page.fill("#turn-note", "We are sorry for the delay.")
    check(page, "repair-desk-turn")
    press(page, page.locator("form[action$='/repair/instead/'] button"))
    run_jobs()
    page.goto(page.url)

    check(page, "repair-desk-turned")
    assert Refund.objects.get(shop=shop).amount_minor == 3333  # one of three lamps for 100.00
    assert page.wrong == []


@both_languages
@both_screens
def test_the_price_of_a_faulty_lamp_is_reduced_at_the_desk(
    browser_context, live_server, run_jobs, language, screen
):
    _, page = opened(browser_context, screen, language)
    status = asked_for(page, live_server)
    run_jobs()
    rma = Return.objects.get()

    desk(page, live_server, rma)
    press(page, page.locator("a[href$='/price-reduction/']"))
    check(page, "reduction-empty")
    page.fill("input[name^='share-']", "20")
    page.fill("#note", "Une rayure sur le pied." if language == "fr" else "A scratch on the foot.")
    page.check("#agreed")
    press(page, page.locator("button[value='look']"))
    expect(page.locator("main")).to_contain_text("20")
    check(page, "reduction-sum")
    press(page, page.locator("button[value='send']"))

    assert Settlement.objects.get().gross_minor == 667  # 20 % of 33.33
    check(page, "reduction-done")
    page.goto(status)
    expect(page.locator("main")).to_contain_text("6,67" if language == "fr" else "6.67")
    check(page, "reduction-shopper")
    assert page.wrong == []
