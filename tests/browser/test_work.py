"""An agent's day in a browser: home, ticks by keyboard, many at once, a talk with the customer."""

import os

import pytest
from django.core.cache import cache
from playwright.sync_api import expect
from tests.browser.test_desk import DESK, LOCALE, PHONE, check, log_in, press
from tests.world import order_of, requested_return, small_shop, staff_of

from rebond.domain.conversations.actions import keep_template
from rebond.domain.returns.links import token_for
from rebond.domain.returns.models import Return
from rebond.domain.returns.states import RequestState
from rebond.domain.work.actions import write_note

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]


def picture_of(page, name):
    """Keep a picture of the page where somebody asked for pictures."""
    folder = os.environ.get("REBOND_PICTURES")
    if folder:
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_an_agents_day(browser_context, live_server, run_jobs, screen, language):
    cache.clear()
    shop = small_shop("galerie")
    staff_of(shop)
    returns = [
        requested_return(order_of(shop, number=str(number)), {"MUG-07": 1})
        for number in (1001, 1002)
    ]
    Return.objects.filter(shop=shop).update(request_state=RequestState.REQUESTED)
    keep_template(
        shop, None, title="Photo", language="fr", text="Bonjour {name}, une photo de {articles} ?"
    )
    write_note(returns[0].pk, "@ana the mug is chipped", by="staff:Karim Haddad")
    page = browser_context(locale=LOCALE[language], viewport=screen, bypass_csp=True).new_page()
    wrong = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    name = f"{language}-{screen['width']}"
    log_in(page, live_server.url)

    page.goto(f"{live_server.url}/desk/galerie/home/")
    check(page)
    picture_of(page, f"home-{name}")
    page.goto(f"{live_server.url}/desk/galerie/returns/?view=review&days=0&reason=changed_mind")
    check(page)
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("input[name=pick]:checked")).to_have_count(1)
    picture_of(page, f"queue-{name}")
    page.keyboard.press("a")
    expect(page.locator("input[name=pick]:checked")).to_have_count(2)
    press(page, page.locator("#bulk button[value=ask]"))
    check(page)
    picture_of(page, f"bulk-{name}")
    press(page, page.locator(".bulk-sure button"))
    check(page)
    run_jobs()
    expect(page.locator(".run-rows .yes")).to_have_count(2)
    check(page)
    picture_of(page, f"run-{name}")
    talk_with_the_customer(page, live_server.url, token_for(returns[0]), name)

    assert wrong == []


def talk_with_the_customer(page, server, token, name):
    """The customer answers; a template is put in, sent, and the return taken."""
    page.goto(f"{server}/s/galerie/r/{token}/")
    check(page)
    page.fill("#talk-text", "Voici, elle est ébréchée.")
    press(page, page.locator("#conversation button"))
    check(page)
    picture_of(page, f"portal-{name}")

    page.goto(f"{server}/desk/galerie/returns/?view=answer")
    page.locator(".row-link").click()
    press(page, page.locator(".talk-template button"))
    expect(page.locator("#talk-text")).to_have_value(
        "Bonjour Camille Œuvrard, une photo de Blue mug ?"
    )
    check(page)
    picture_of(page, f"return-{name}")
    press(page, page.locator(".talk-buttons button"))
    expect(page.locator(".talk-shop")).to_have_count(2)
    page.locator("h1").click()
    press(page, page.locator('[data-key="m"]'))
    check(page)
    page.goto(f"{server}/desk/galerie/templates/")
    check(page)
    page.fill("#t-text", "{name} ?")
    expect(page.locator("#template-look")).to_contain_text("Camille Œuvrard ?")
    check(page)
    picture_of(page, f"templates-{name}")


def test_on_a_phone_the_menu_shows_where_one_is(browser_context, live_server):
    cache.clear()
    staff_of(small_shop("galerie"))
    page = browser_context(locale="fr-FR", viewport=PHONE).new_page()
    log_in(page, live_server.url)
    told = {}

    for place in ("home", "settings"):
        page.goto(f"{live_server.url}/desk/galerie/{place}/")
        mine = page.locator(".rail-nav [aria-current]")
        box, menu = mine.bounding_box(), page.locator(".rail-nav").bounding_box()
        told[place] = page.evaluate("document.querySelector('.rail-nav').scrollLeft") > 0
        assert menu["x"] <= box["x"] and box["x"] + box["width"] <= menu["x"] + menu["width"]

    assert told == {"home": False, "settings": True}
