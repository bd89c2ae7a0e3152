"""The shop's own words in letters: written, looked at while they are typed, kept."""

import os
from pathlib import Path

import pytest
from django.core.cache import cache
from playwright.sync_api import expect
from tests.browser.axe import axe_violations
from tests.browser.test_desk import DESK, LOCALE, PHONE, log_in, press
from tests.world import order_of, requested_return, run_jobs, small_shop, staff_of

from rebond.outbound.notifications.models import LetterWords

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]
LETTERS = "/desk/galerie/settings/letters/"


def check(page, name):
    """No breach of accessibility, nothing wider than the screen."""
    if folder := os.environ.get("PICTURES"):
        language, width = page.locator("html").get_attribute("lang"), page.viewport_size["width"]
        picture = Path(folder) / f"letters-{name}-{language}-{width}.png"
        page.screenshot(path=str(picture), full_page=True)
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_a_letter_begins_and_ends_with_words_of_the_shop(
    browser_context, live_server, screen, language
):
    cache.clear()
    shop = small_shop("galerie")
    staff_of(shop)
    requested_return(order_of(shop), {"MUG-07": 1})
    run_jobs()
    page = browser_context(viewport=screen, locale=LOCALE[language]).new_page()
    log_in(page, live_server.url)
    page.goto(f"{live_server.url}{LETTERS}")
    check(page, "list")
    page.locator("a[href$='/return_approved/fr/']").click()
    check(page, "empty")

    page.fill("#w-opening", "Merci {prenom}")
    expect(page.locator("#letter-look .field-error")).to_be_visible()
    press(page, page.locator("button.btn-primary[type=submit]"))
    check(page, "slip")
    page.fill("#w-opening", "Merci {name}, votre retour {number} est entre de bonnes mains.")
    page.fill("#w-closing", "À bientôt chez {shop} !")
    expect(page.locator("#letter-look")).to_contain_text("R-2026-000001 est entre")
    check(page, "typed")
    press(page, page.locator("button.btn-primary[type=submit]"))
    page.goto(f"{live_server.url}{LETTERS}")
    check(page, "kept")

    assert LetterWords.objects.get().closing == "À bientôt chez {shop} !"
