"""A contested grade: asked for on the phone, answered at the desk, in two languages."""

import pytest
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import expect
from tests.browser.test_parcels import DESK, LOCALE, PHONE, check, press
from tests.world import (
    PASSWORD,
    findings,
    order_of,
    received_return,
    run_jobs,
    small_shop,
    staff_of,
)

from rebond.domain.contests.models import Contest
from rebond.domain.returns.links import token_for
from rebond.domain.warehouse.actions import inspect_return
from rebond.domain.warehouse.grades import Grade

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_somebody_else_looks_again(browser_context, live_server, screen, language):
    cache.clear()
    shop = small_shop()
    staff_of(shop)
    rma = received_return(order_of(shop, days_since_delivery=20), {"LAMP-01": 1})
    inspect_return(rma.pk, findings(rma, Grade.C, kept_percent=30), by="staff:Karim")
    run_jobs()
    status = live_server.url + reverse("portal:return", args=[shop.slug, token_for(rma)])
    page = browser_context(viewport=screen, locale=LOCALE[language]).new_page()
    page.goto(status)
    page.locator("section[aria-labelledby='graded'] summary").click()
    page.fill("#contest-text", "Je ne m’en suis pas servi.")
    check(page, f"contest-form-{language}")
    press(page, page.locator("form[action$='/contest/'] button"))
    check(page, f"contest-asked-{language}")

    page.goto(f"{live_server.url}/desk/galerie/returns/?view=contested")
    page.fill("#id_email", "ana@galerie.example")
    page.fill("#id_password", PASSWORD)
    press(page, page.locator("main form[action$='/login/'] button"))
    expect(page.locator("main")).to_contain_text(rma.number)
    check(page, f"contest-queue-{language}")
    page.goto(f"{live_server.url}/desk/galerie/returns/{rma.number}/")
    check(page, f"contest-desk-{language}")
    page.check("input[name='outcome'][value='corrected']")
    page.check("input[name='corrected']")
    page.fill("#contest-answer", "Vous avez raison.")
    press(page, page.locator("form[action$='/contest/'] button"))
    check(page, f"contest-answered-{language}")
    assert Contest.objects.get().outcome == "corrected"

    page.goto(status)
    check(page, f"contest-told-{language}")
    expect(page.locator("section[aria-labelledby='graded']")).to_contain_text("Vous avez raison.")
