"""Articles that stay with the shopper: for less, for nothing, or given away."""

import os
from pathlib import Path

import pytest
from django.core.cache import cache
from playwright.sync_api import expect
from tests.browser.axe import axe_violations
from tests.browser.keyboard import shown
from tests.world import EMAIL, LAMP, MUG, PASSWORD, order_of, small_shop, staff_of

from rebond.domain.policies.presets import GENEROUS
from rebond.domain.refunds.models import Refund
from rebond.domain.returns.models import Return

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]

SCREENS = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1440, "height": 900}}
LOCALE = {"fr": "fr-FR", "en": "en-GB"}
PICTURES = os.environ.get("PICTURES")
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


def find_order(page, live_server):
    page.goto(f"{live_server.url}/s/galerie/")
    page.fill("#number", "1001")
    page.fill("#proof", EMAIL)
    press(page, page.locator("form.sheet button"))


def choose_first(page, reason="changed_mind"):
    page.check("#l1-chosen")
    page.select_option("#l1-reason", reason)
    press(page, page.locator(".action-bar button"))


def log_in(page, address):
    page.goto(address)
    page.fill("#id_email", "ana@galerie.example")
    page.fill("#id_password", PASSWORD)
    press(page, page.locator("main form[action$='/login/'] button"))


def opened(browser_context, screen, language):
    cache.clear()
    page = browser_context(viewport=SCREENS[screen], locale=LOCALE[language]).new_page()
    page.wrong = []
    page.on("pageerror", lambda error: page.wrong.append(str(error)))
    return page


@both_languages
@both_screens
def test_an_article_is_kept_for_less(browser_context, live_server, run_jobs, screen, language):
    rule = {"kind": "keep_discount", "percent": 20, "cap_minor": 600}
    shop = small_shop(policy={"rules": [rule, *GENEROUS["rules"]]})
    staff_of(shop)
    order_of(shop, lines=(LAMP, MUG))
    page = opened(browser_context, screen, language)
    find_order(page, live_server)
    choose_first(page)
    expect(page.locator("section[aria-labelledby=keep] form button")).to_be_visible()
    check(page, "discount-preview")

    press(page, page.locator("section[aria-labelledby=keep] form button"))
    expect(page.locator("#kept-title")).to_be_visible()
    check(page, "discount-kept")
    run_jobs()

    assert Refund.objects.get().amount_minor == 600
    log_in(page, f"{live_server.url}/desk/galerie/orders/1001/")
    check(page, "discount-desk")
    page.goto(f"{live_server.url}/s/galerie/policy/")
    check(page, "discount-policy")
    assert page.wrong == []


@both_languages
@both_screens
def test_a_small_thing_stays_where_it_is(browser_context, live_server, run_jobs, screen, language):
    rule = {"kind": "keep_it", "below_minor": 900, "parcel_cost_minor": 5000}
    shop = small_shop(policy={"rules": [rule, *GENEROUS["rules"]]})
    staff_of(shop)
    order_of(shop, lines=(LAMP, MUG))
    page = opened(browser_context, screen, language)
    find_order(page, live_server)
    choose_first(page)
    words = {"fr": "il n’y a rien à renvoyer", "en": "nothing has to be sent back"}
    expect(page.locator(".notice-good")).to_contain_text(words[language])
    check(page, "kept-preview")

    press(page, page.locator("#sending button.btn-primary"))
    check(page, "kept-return")
    run_jobs()
    page.reload()
    expect(page.locator(".track li")).to_have_count(3)
    check(page, "kept-paid")

    rma = Return.objects.get()
    assert rma.goods == "kept"
    log_in(page, f"{live_server.url}/desk/galerie/returns/{rma.number}/")
    check(page, "kept-desk")
    page.goto(f"{live_server.url}/desk/galerie/returns/?view=all")
    check(page, "kept-queue")
    assert page.wrong == []


@both_languages
@both_screens
def test_an_article_is_given_to_a_charity(browser_context, live_server, run_jobs, screen, language):
    rule = {"kind": "donate", "charity": ["Emmaüs", "2 rue Haute"], "donation_proof": "word"}
    shop = small_shop(policy={"rules": [rule, *GENEROUS["rules"]]})
    staff_of(shop)
    order_of(shop, lines=(LAMP, MUG))
    page = opened(browser_context, screen, language)
    find_order(page, live_server)
    choose_first(page)
    with page.expect_response(shown):
        page.locator("input[value=donate]").check()
    expect(page.locator("input[value=donate]")).to_be_checked()
    check(page, "donation-preview")

    press(page, page.locator("#sending button.btn-primary"))
    expect(page.locator("#donation")).to_be_visible()
    check(page, "donation-return")
    press(page, page.locator("section[aria-labelledby=donation] form button"))
    expect(page.locator("#errors")).to_be_visible()
    check(page, "donation-empty")
    page.fill("#donation-note", "Samedi, rue Haute")
    press(page, page.locator("section[aria-labelledby=donation] form button"))
    check(page, "donation-shown")
    run_jobs()

    rma = Return.objects.get()
    assert (rma.goods, Refund.objects.count()) == ("donated", 0)
    log_in(page, f"{live_server.url}/desk/galerie/returns/{rma.number}/")
    check(page, "donation-desk")
    press(page, page.locator(".next form button.btn-primary"))
    assert Refund.objects.get().amount_minor == 3333
    page.goto(f"{live_server.url}/s/galerie/policy/")
    check(page, "donation-policy")
    assert page.wrong == []


@both_languages
@both_screens
def test_one_article_is_given_and_the_other_sent_back(
    browser_context, live_server, run_jobs, screen, language
):
    rule = {"kind": "donate", "charity": ["Emmaüs", "2 rue Haute"], "donation_proof": "photo"}
    shop = small_shop(policy={"rules": [rule, *GENEROUS["rules"]]})
    staff_of(shop)
    order_of(shop, lines=(LAMP, MUG))
    page = opened(browser_context, screen, language)
    find_order(page, live_server)
    page.check("#l2-chosen")
    page.select_option("#l2-reason", "changed_mind")
    choose_first(page)
    given = page.locator("fieldset", has_text="Blue mug").locator("input[value=donate]")
    with page.expect_response(shown):
        given.check()
    expect(page.locator(".facts")).to_contain_text("Emmaüs")
    check(page, "half-given-preview")

    press(page, page.locator("#sending button.btn-primary"))
    check(page, "half-given-sent")
    run_jobs()
    press(page, page.locator("section[aria-labelledby=apart-title] a"))
    expect(page.locator("#donation")).to_be_visible()
    check(page, "half-given-donation")

    sent, gift = Return.objects.order_by("number")
    assert (sent.goods, gift.goods, gift.split_from) == ("sent_back", "donated", sent)
    log_in(page, f"{live_server.url}/desk/galerie/returns/{sent.number}/")
    check(page, "half-given-desk")
    press(page, page.locator(f"#main a[href$='{gift.number}/']").first)
    check(page, "half-given-desk-gift")
    assert page.wrong == []
