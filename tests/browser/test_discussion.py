"""A worn article: shown at the desk, answered on the phone, in two languages; also by keyboard."""

import io

import pytest
from django.core.cache import cache
from django.urls import reverse
from PIL import Image
from playwright.sync_api import expect
from tests.browser.test_parcels import DESK, LOCALE, PHONE, check, press
from tests.world import LAMP, PASSWORD, order_of, received_return, small_shop, staff_of

from rebond.domain.discussions.models import Discussion
from rebond.domain.returns.links import token_for

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_the_customer_is_asked_before_anything_is_decided(
    browser_context, live_server, screen, language
):
    cache.clear()
    shop = small_shop()
    staff_of(shop)
    rma = received_return(order_of(shop, lines=(LAMP,)), {"LAMP-01": 1})
    line = rma.lines.get()
    page = browser_context(viewport=screen, locale=LOCALE[language]).new_page()
    page.goto(f"{live_server.url}/desk/galerie/returns/{rma.number}/")
    page.fill("#id_email", "ana@galerie.example")
    page.fill("#id_password", PASSWORD)
    press(page, page.locator("main form[action$='/login/'] button"))
    page.locator("section[aria-labelledby='discussion-title'] summary").click()
    page.fill(f"#kept-{line.pk}", "30")
    page.fill("#discuss-text", "L’abat-jour est taché.")
    page.set_input_files(
        "#discuss-photos", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": _jpeg()}
    )
    check(page, f"discuss-form-{language}")
    press(page, page.locator("form[action$='/discussion/'] button[type='submit']"))
    check(page, f"discuss-asked-{language}")

    page.goto(live_server.url + reverse("portal:return", args=[shop.slug, token_for(rma)]))
    check(page, f"discuss-portal-{language}")
    expect(page.locator("section[aria-labelledby='discussed']")).to_contain_text("taché")
    page.focus("#reply-accept")
    page.keyboard.press("Space")
    press(page, page.locator("form[action$='/discussion/'] button"))
    check(page, f"discuss-answered-{language}")
    assert Discussion.objects.get().state == "accepted"


def _jpeg():
    out = io.BytesIO()
    Image.new("RGB", (640, 480), "teal").save(out, "JPEG")
    return out.getvalue()
