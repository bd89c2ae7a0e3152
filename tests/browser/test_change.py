"""A return changed before it is sent: phone and desk, two languages."""

import pytest
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import expect
from tests.browser.test_parcels import DESK, LOCALE, PHONE, check, press
from tests.world import BOWL, LAMP, MUG, order_of, requested_return, small_shop

from rebond.domain.returns.links import token_for

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_a_shopper_changes_what_comes_back(browser_context, live_server, screen, language):
    cache.clear()
    order = order_of(small_shop(), lines=(LAMP, MUG, BOWL))
    rma = requested_return(order, {"LAMP-01": 2})
    page = browser_context(viewport=screen, locale=LOCALE[language]).new_page()
    page.goto(live_server.url + reverse("portal:return", args=[rma.shop.slug, token_for(rma)]))
    check(page, f"change-before-{language}")

    press(page, page.locator("a[href$='/change/']"))
    page.check("#l2-chosen")
    page.select_option("#l2-reason", "changed_mind")
    page.fill("#l1-quantity", "1")
    check(page, f"change-choose-{language}")
    press(page, page.locator(".action-bar button"))
    check(page, f"change-preview-{language}")
    expect(page.locator("table.sum")).to_contain_text("46.28" if language == "en" else "46,28")

    press(page, page.locator("#sending button"))
    check(page, f"change-done-{language}")
    assert dict(rma.lines.values_list("sku", "quantity")) == {"LAMP-01": 1, "MUG-07": 1}
