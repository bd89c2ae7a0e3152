"""A checklist in a browser: written in the settings, answered at the station."""

import pytest
from django.core.cache import cache
from playwright.sync_api import expect
from tests.browser.test_desk import DESK, LOCALE, PHONE, check, log_in, press
from tests.world import order_of, received_return, small_shop, staff_of

from rebond.domain.warehouse.models import Inspection

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_what_the_shop_asks_is_answered_piece_by_piece(
    browser_context, live_server, screen, language
):
    cache.clear()
    shop = small_shop("galerie")
    staff_of(shop)
    rma = received_return(order_of(shop), {"LAMP-01": 2})
    page = browser_context(locale=LOCALE[language], viewport=screen, bypass_csp=True).new_page()
    log_in(page, live_server.url)
    here = f"{live_server.url}/desk/galerie"

    page.goto(f"{here}/settings/checklists/")
    check(page)
    press(page, page.locator("main form button"))
    check(page)
    page.fill("#grade-a-fr", "Jamais portée")
    page.fill("#grade-a-en", "Never worn")
    page.fill("#q-0-fr", "S’allume-t-elle ?")
    page.fill("#q-0-en", "Does it light up?")
    page.select_option("#q-0-best", "c")
    press(page, page.locator("main form button").first)
    check(page)

    page.goto(f"{here}/returns/{rma.number}/inspection/")
    expect(page.locator(".meanings")).to_contain_text(
        "Jamais portée" if language == "fr" else "Never worn"
    )
    page.locator("[data-split]").click()
    for index, (answer, grade) in enumerate((("yes", "a"), ("no", "b"))):
        part = page.locator(".finding").nth(index)
        part.locator(f".ask input[value={answer}] + label").click()
        part.locator(f".grades input[value={grade}] + label").click()
    press(page, page.locator("main .btn-big"))
    expect(page.locator(".field-error")).to_have_count(1)
    check(page)
    page.locator(".finding").nth(1).locator(".grades input[value=c] + label").click()
    press(page, page.locator("main .btn-big"))

    check(page)
    asked = "S’allume-t-elle ?" if language == "fr" else "Does it light up?"
    expect(page.locator(".answered").first).to_contain_text(asked)
    found = Inspection.objects.order_by("grade")
    assert [(one.grade, one.answers[0]["answer"]) for one in found] == [("a", "yes"), ("c", "no")]
