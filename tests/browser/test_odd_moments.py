"""The network goes away at the worst moment, and a link from the shop is over."""

import io

import pytest
from django.core.cache import cache
from django.urls import reverse
from PIL import Image
from playwright.sync_api import Error, expect
from tests.browser.test_parcels import DESK, LOCALE, PHONE, check, press
from tests.world import EMAIL, order_of, requested_return, small_shop

from rebond.domain.orders.links import Purpose, portal_token
from rebond.domain.returns.links import token_for
from rebond.domain.returns.models import Photo, Return
from rebond.kernel.clock import now

LOST = {
    "fr": "Plus de réseau : ce que vous avez écrit et choisi reste ici. "
    "Renvoyez dès qu’il revient.",
    "en": "The network is gone. What you wrote and chose stays here: "
    "send it again once it is back.",
}
PDF = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": b"%PDF-1.7\n%%EOF\n"}

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]


def lost(route):
    """The network swallows what is sent; pages that are asked for still come."""
    if route.request.method == "POST":
        route.abort()
    else:
        route.fallback()


def photo():
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(out, "JPEG")
    return {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_a_request_survives_a_tunnel(browser_context, live_server, screen, language):
    cache.clear()
    order = order_of(small_shop())
    context = browser_context(viewport=screen, locale=LOCALE[language])
    page = context.new_page()
    page.goto(f"{live_server.url}/s/galerie/in/{portal_token(order, Purpose.ORDER, until=now())}/")
    check(page, f"link-over-{language}")
    press(page, page.locator("main a.btn-primary"))
    page.fill("#number", order.number)
    page.fill("#proof", EMAIL)
    press(page, page.locator("form.sheet button"))
    page.check("#l1-chosen")
    page.select_option("#l1-reason", "changed_mind")
    press(page, page.locator(".action-bar button"))
    preview = page.url

    context.set_offline(True)
    page.locator("#sending button.btn-primary").click()
    expect(page.locator("[role=alert][data-lost]")).to_have_text(LOST[language])
    check(page, f"tunnel-{language}")
    assert page.url == preview
    page.route("**/*", lost)
    context.set_offline(False)
    try:
        page.locator("#sending button.btn-primary").click()
        page.wait_for_timeout(500)
    except Error:
        pass
    page.unroute("**/*")
    page.goto(preview)
    press(page, page.locator("#sending button.btn-primary"))

    expect(page.locator("main")).to_contain_text(Return.objects.get().number)
    page.go_back()
    page.goto(preview)
    assert Return.objects.count() == 1


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_a_photo_survives_a_tunnel(browser_context, live_server, screen, language):
    cache.clear()
    order = order_of(small_shop())
    page = browser_context(viewport=screen, locale=LOCALE[language]).new_page()
    page.goto(f"{live_server.url}/s/galerie/")
    page.fill("#number", order.number)
    page.fill("#proof", EMAIL)
    press(page, page.locator("form.sheet button"))
    page.check("#l1-chosen")
    page.select_option("#l1-reason", "changed_mind")
    page.fill("#l1-comment", "A scratch on the foot")
    go_on = page.locator(".action-bar button")

    page.set_input_files("#l1-photos", PDF)
    go_on.click()
    expect(page.locator("#l1-photos-error")).to_contain_text("PDF")
    expect(page.locator("#l1-comment")).to_have_value("A scratch on the foot")
    check(page, f"no-picture-{language}")

    words = go_on.inner_text()
    page.set_input_files("#l1-photos", photo())
    page.route("**/*", lost)
    go_on.click()
    expect(page.locator("[role=alert][data-lost]")).to_have_text(LOST[language])
    expect(go_on).to_have_text(words)
    check(page, f"photo-tunnel-{language}")
    assert page.evaluate("document.querySelector('#l1-photos').files.length") == 1

    page.unroute("**/*")
    press(page, go_on)
    press(page, page.locator("#sending button.btn-primary"))
    assert Photo.objects.count() == 1


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_a_photo_for_a_message_too(browser_context, live_server, screen, language):
    """The way on leads back to the page where one is, and says that it arrived."""
    cache.clear()
    rma = requested_return(order_of(small_shop()))
    page = browser_context(viewport=screen, locale=LOCALE[language]).new_page()
    page.goto(live_server.url + reverse("portal:return", args=["galerie", token_for(rma)]))
    page.fill("form[action$='/messages/'] textarea", "Here it is")
    page.set_input_files("#talk-photos", photo())
    button = page.locator("form[action$='/messages/'] button")

    page.route("**/*", lost)
    button.click()
    expect(page.locator("[role=alert][data-lost]")).to_have_text(LOST[language])
    page.unroute("**/*")
    press(page, button)

    expect(page.locator("main [role=status]")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Here it is")
    check(page, f"message-photo-{language}")
    assert (rma.conversation.count(), Photo.objects.count()) == (1, 1)
