"""Two returns in one parcel: put together by the shopper, received together at the desk."""

import pytest
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import expect
from tests.browser.test_parcels import DESK, LOCALE, PHONE, check, press
from tests.world import PASSWORD, order_of, requested_return, small_shop, staff_of

from rebond.domain.returns.links import token_for
from rebond.domain.returns.models import Return
from rebond.domain.shipping.actions import lay_in_label, set_shipping_terms

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_two_returns_share_a_parcel_and_are_received(
    browser_context, live_server, screen, language
):
    cache.clear()
    shop = small_shop()
    staff_of(shop)
    set_shipping_terms(shop, label_carrier="manual", lost_after_days=10, by="test")
    lay_in_label(
        shop, carrier_name="Colissimo", tracking_number="6A1", pdf=b"%PDF-1.7 label", by="Ana"
    )
    host, guest = (requested_return(order_of(shop, number=n)) for n in ("1001", "1002"))
    for rma in (host, guest):
        terms = rma.terms | {"terms": rma.terms["terms"] | {"shopper_pays_return": False}}
        Return.objects.filter(pk=rma.pk).update(terms=terms)
    page = browser_context(viewport=screen, locale=LOCALE[language]).new_page()
    page.goto(live_server.url + reverse("portal:return", args=[shop.slug, token_for(host)]))
    box = page.locator("section[aria-labelledby='together-title']")
    expect(box).to_contain_text(guest.number)
    check(page, f"together-before-{language}")

    press(page, page.locator("form[action$='/label/'] button"))
    press(page, box.locator("form[action$='/together/'] button"))
    expect(box).to_contain_text(guest.number)
    check(page, f"together-host-{language}")

    press(page, box.locator(f"a:has-text('{guest.number}')"))
    expect(page.locator("a[href*='/label/']")).to_be_visible()
    expect(box).to_contain_text(host.number)
    check(page, f"together-guest-{language}")
    page.goto(page.url + "slip/")
    check(page, f"together-slip-{language}")

    page.goto(f"{live_server.url}/desk/galerie/returns/{host.number}/")
    page.fill("#id_email", "ana@galerie.example")
    page.fill("#id_password", PASSWORD)
    press(page, page.locator("main form[action$='/login/'] button"))
    expect(page.locator("section[aria-labelledby='parcels-title']")).to_contain_text(guest.number)
    check(page, f"together-desk-{language}")
    page.goto(f"{live_server.url}/desk/galerie/returns/{host.number}/receipt/")
    check(page, f"together-receive-{language}")
    expect(page.locator("form.floor h2")).to_have_count(2)
    press(page, page.locator("form.floor button[type=submit]"))
    assert page.url.endswith(f"/returns/{host.number}/")
    expect(page.locator("main")).to_contain_text(guest.number)
    for rma in (host, guest):
        rma.refresh_from_db()
        assert rma.parcel_state == "received"
