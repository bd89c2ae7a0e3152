"""The accountant's pages in a browser: on a phone and on a desk, in two languages."""

from datetime import date

import pytest
from django.core.cache import cache
from playwright.sync_api import Page
from tests.browser.axe import axe_violations
from tests.world import PASSWORD, findings, order_of, received_return, small_shop, staff_of

from rebond.domain.credit_notes.models import CreditNote, CreditNoteDraft
from rebond.domain.refunds.actions import pay_by_hand
from rebond.domain.refunds.models import Refund
from rebond.domain.shoppers.models import Shopper
from rebond.domain.shops.access import Role
from rebond.domain.warehouse.actions import inspect_return

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]

SCREENS = {"phone": (390, 844), "desk": (1440, 900)}
LOCALE = {"fr": "fr-FR", "en": "en-GB"}


@pytest.fixture
def shop(live_server, run_jobs):
    """One document of a return for a business in France; Claire keeps the books."""
    cache.clear()
    shop = small_shop()
    staff_of(shop, Role.ACCOUNTANT, name="Claire Petit")
    order = order_of(shop)
    Shopper.objects.filter(pk=order.shopper_id).update(vat_number="FR83404833048")
    rma = received_return(order, {"MUG-07": 1})
    inspect_return(rma.pk, findings(rma), by="staff:Karim")
    run_jobs()
    refund = Refund.objects.get(settlement__rma=rma)
    pay_by_hand(refund.pk, reference="VIR-1", paid_on=date(2026, 11, 20), by="staff:Ana")
    run_jobs()
    return shop


def check(page: Page) -> None:
    """No breach of accessibility, nothing wider than the screen."""
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("language", LOCALE)
@pytest.mark.parametrize("screen", SCREENS)
def test_a_credit_note_is_written_from_an_order_number_to_its_paper(
    browser_context, live_server, shop, run_jobs, screen, language
):
    width, height = SCREENS[screen]
    page = browser_context(
        locale=LOCALE[language],
        viewport={"width": width, "height": height},
        bypass_csp=True,
        accept_downloads=True,
    ).new_page()
    page.goto(f"{live_server.url}/desk/galerie/documents/")
    page.fill("#id_email", "claire@galerie.example")
    page.fill("#id_password", PASSWORD)
    page.locator("main form[action$='/login/'] button").click()
    page.wait_for_url("**/documents/")
    check(page)
    page.locator(".row-link").click()
    check(page)
    page.locator(".crumb a").click()

    page.fill("#order-number", "1001")
    page.locator("form[action$='/documents/new/'] button").click()
    page.wait_for_url("**/orders/1001/credit-note/")
    check(page)
    page.locator("input[name$='-pieces']").first.fill("1")
    page.locator("input[name$='-pieces']").nth(1).fill("")
    for amount in page.locator("input[name$='-amount']").all()[1:]:
        amount.fill("")
    page.fill("#reason", "Prix convenu")
    page.locator(".floor-end button").click()
    page.wait_for_url("**/documents/drafts/**")
    check(page)
    draft = CreditNoteDraft.objects.get()
    page.locator("form[action$='/number/'] button").click()
    page.wait_for_url("**/page/")
    run_jobs()
    page.reload()
    check(page)
    with page.expect_download() as download:
        page.locator(".next a").first.click()
    page.goto(f"{live_server.url}/desk/galerie/documents/exports/")
    check(page)
    with page.expect_download() as archive:
        page.locator("form.period button").click()

    assert [line.gross_minor for line in draft.lines.all()] == [3333]  # one of three lamps
    note = CreditNote.objects.get(settlement=None)
    assert download.value.suggested_filename == f"{note.label}.pdf"
    assert download.value.path().read_bytes().startswith(b"%PDF")
    assert archive.value.path().read_bytes().startswith(b"PK")
