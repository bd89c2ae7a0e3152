"""Credit, cards and points in a browser: on a phone and on a desk, in two languages."""

from uuid import uuid4

import pytest
from django.core.cache import cache
from playwright.sync_api import expect
from tests.browser.axe import axe_violations
from tests.world import EMAIL, PASSWORD, order_of, small_shop, staff_of

from rebond.domain.ledger.models import Account
from rebond.domain.ledger.refunding import Owed
from rebond.domain.store_credit.actions import refund_into_credit, spend_credit
from rebond.kernel.money import Money

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}
LOCALE = {"fr": "fr-FR", "en": "en-GB"}


def check(page):
    """No breach of accessibility, nothing wider than the screen."""
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def press(page, button):
    with page.expect_navigation():
        button.click()


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_credit_is_given_paid_out_and_a_card_issued(browser_context, live_server, screen, language):
    cache.clear()
    shop = small_shop()
    staff_of(shop)
    shopper = order_of(shop).shopper
    owed = Owed(shop.pk, uuid4(), Money(8000, "EUR"), "pay_1", "system")
    refund_into_credit(owed, shopper, bonus_percent=10)
    spend_credit(shopper, Money(2000, "EUR"), reference="order-7", by="system")
    page = browser_context(viewport=screen, locale=LOCALE[language]).new_page()
    desk = f"{live_server.url}/desk/galerie/balances"
    page.goto(f"{desk}/")
    page.fill("#id_email", "ana@galerie.example")
    page.fill("#id_password", PASSWORD)
    press(page, page.locator("main form[action$='/login/'] button"))
    check(page)

    press(page, page.locator("a[href$='/balances/new/']"))
    check(page)
    page.fill("#id_email", EMAIL)
    page.select_option("#id_kind", "gesture")
    page.fill("#id_amount", "5,00")
    page.fill("#id_reason", "Colis en retard")
    press(page, page.locator("main .btn-big"))
    check(page)
    page.locator("details:has(#id_payout-amount) summary").click()
    page.fill("#id_payout-amount", "10")
    page.fill("#id_payout-reason", "Demandé au téléphone")
    page.fill("#id_payout-reference", "VIR-1")
    press(page, page.locator("form[action$='/payout/'] button"))
    expect(page.locator(".balance-sum")).to_contain_text("63")
    for details in page.locator(".balance-steps summary").all():
        details.click()
    check(page)

    page.goto(f"{desk}/new-card/")
    page.fill("#id_amount", "25")
    page.fill("#id_reason", "Vendue au comptoir")
    press(page, page.locator("main .btn-big"))
    check(page)
    code = page.locator(".balance-code").inner_text()
    page.goto(f"{desk}/?kind=gift_card")
    check(page)
    page.fill("#code", code)
    press(page, page.locator("form[action$='/code/'] button"))
    expect(page.locator("h1")).to_contain_text(code[-4:])
    for place in ("report/", "terms/", "?kind=points"):
        page.goto(f"{desk}/{place}")
        check(page)

    account = Account.objects.get(shop=shop, owner=shopper.pk)
    assert account.balance_minor == 8800 - 2000 + 500 - 1000
