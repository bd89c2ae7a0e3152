"""The counter in a browser: a sale without its number, goods without a receipt."""

import pytest
from django.core.cache import cache
from playwright.sync_api import expect
from tests.browser.test_desk import DESK, LOCALE, PHONE, check, log_in, press
from tests.world import order_of, small_shop, staff_of

from rebond.domain.no_receipt.models import NoReceiptReturn
from rebond.domain.policies.actions import publish_policy
from rebond.domain.policies.presets import GENEROUS
from rebond.domain.refunds.models import Settlement
from rebond.domain.returns.models import Return

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_from_a_name_to_the_refund_and_what_has_no_receipt(
    browser_context, live_server, run_jobs, screen, language
):
    cache.clear()
    shop = small_shop("galerie")
    rule = {"kind": "no_receipt", "cap_minor": 7000, "needs_second_person": False}
    publish_policy(shop, {"rules": [*GENEROUS["rules"], rule]}, note="", by="test")
    staff_of(shop)
    order = order_of(shop)
    context = browser_context(locale=LOCALE[language], viewport=screen, bypass_csp=True)
    page = context.new_page()
    log_in(page, live_server.url)
    here = f"{live_server.url}/desk/galerie"

    page.goto(f"{here}/orders/")
    press(page, page.locator(f"a[href$='{shop.slug}/sales/']"))
    check(page)
    page.fill("#id_name", "œuvrard")
    press(page, page.locator("main form button"))
    check(page)
    press(page, page.locator(".sales a.btn"))
    check(page)
    lamp = order.lines.get(sku="LAMP-01")
    page.fill(f"[id='line-{lamp.pk}-quantity']", "1")
    page.select_option(f"[id='line-{lamp.pk}-reason']", "changed_mind")
    page.select_option("#where", "counter")
    press(page, page.locator("main .btn-big"))
    expect(page).to_have_url(f"{here}/returns/{Return.objects.get().number}/inspection/")
    page.locator(".grades input[value=a] + label").click()
    press(page, page.locator("main .btn-big"))
    run_jobs()
    assert Settlement.objects.get().gross_minor == 3333
    page.goto(f"{here}/orders/1001/")
    check(page)
    expect(page.locator("#story-title")).to_be_visible()

    page.goto(f"{here}/without-receipt/")
    check(page)
    press(page, page.locator(".head a.btn-primary"))
    page.fill("#id_sku", "MUG-07")
    page.fill("#id_email", "zoe@client.example")
    press(page, page.locator("button[formmethod=get]"))
    check(page)
    expect(page.locator("#id_sku")).to_have_value("MUG-07")
    press(page, page.locator("main form .btn-primary"))
    check(page)
    press(page, page.locator("main form .btn-primary"))
    check(page)
    assert NoReceiptReturn.objects.get().state == "paid"
