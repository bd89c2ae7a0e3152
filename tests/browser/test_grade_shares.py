"""A worn article: the desk proposes what its grade is worth, the customer reads why."""

import pytest
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import expect
from tests.browser.test_parcels import DESK, LOCALE, PHONE, check, press
from tests.domain.warehouse.test_grade_shares import RULE, arrived, shop_with
from tests.world import PASSWORD, staff_of

from rebond.domain.policies.actions import create_draft
from rebond.domain.returns.links import token_for
from rebond.domain.warehouse.models import Inspection

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]
NAME = {"fr": "articles usés", "en": "worn goods"}


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_the_refund_follows_the_grade(browser_context, live_server, screen, language):
    cache.clear()
    rule = RULE | {"id": NAME[language]}
    shop = shop_with(rule)
    staff_of(shop)
    rma = arrived(shop)
    draft = create_draft(shop, {"rules": [rule]}, note="", by="staff:Ana")
    page = browser_context(viewport=screen, locale=LOCALE[language]).new_page()
    page.goto(f"{live_server.url}/desk/galerie/returns/{rma.number}/inspection/")
    page.fill("#id_email", "ana@galerie.example")
    page.fill("#id_password", PASSWORD)
    press(page, page.locator("main form[action$='/login/'] button"))
    name = f"{rma.lines.get().pk}-0"
    page.locator(f"label[for='{name}-c']").click()
    kept = page.locator(f"[id='{name}-kept']")
    expect(kept).to_have_attribute("placeholder", "30")
    page.locator(f"[id='{name}-incomplete']").check()
    expect(kept).to_have_attribute("placeholder", "50")
    page.locator(f"[id='{name}-incomplete']").uncheck()
    check(page, f"shares-inspect-{language}")
    press(page, page.locator(".floor-end button"))
    expect(page.locator("main")).to_contain_text(NAME[language])
    check(page, f"shares-return-{language}")
    assert Inspection.objects.get().kept_percent == 30

    editor = reverse("backoffice:policy_edit", args=[shop.slug, draft.number])
    page.goto(f"{live_server.url}{editor}?open=r0")
    check(page, f"shares-policy-{language}")
    page.goto(live_server.url + reverse("portal:return", args=[shop.slug, token_for(rma)]))
    expect(page.locator("#graded")).to_be_visible()
    check(page, f"shares-portal-{language}")
    page.goto(live_server.url + reverse("portal:policy", args=[shop.slug]) + "#s-grades")
    check(page, f"shares-public-{language}")
