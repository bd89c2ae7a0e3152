"""How it is sent: chosen in the portal, handed in at a place, seen at the desk."""

import pytest
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import expect
from tests.browser.keyboard import shown
from tests.browser.test_parcels import DESK, LOCALE, PHONE, check, press
from tests.domain.shipping.test_methods import POINTS, labelled, policy
from tests.world import EMAIL, PASSWORD, order_of, small_shop, staff_of

from rebond.domain.returns.links import token_for
from rebond.domain.returns.models import Return
from rebond.domain.shipping.actions import replace_points
from rebond.domain.shipping.methods import chosen_of
from rebond.domain.shipping.models import Label
from rebond.domain.shipping.point_files import points_in

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]

NEARER = (
    b"R2;relay;Presse Monge;12 rue Monge;75005;Paris;FR;Mondial Relay;"
    b"48.8486;2.3526;Mo-Fr 7-19 | Sa 8-13;yes\n"
    b"L1;locker;Consigne Gare de Lyon;20 bd Diderot;75012;Paris;FR;Mondial Relay;"
    b"48.8443;2.3735;Daily 6-24;yes\n"
    b"P1;post_office;La Poste Censier;8 rue de Mirbel;75005;Paris;FR;Colissimo;"
    b"48.8408;2.3524;;no\n"
)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_a_shopper_hands_a_labelled_parcel_in_nearby(
    browser_context, live_server, screen, language
):
    cache.clear()
    rules = policy(
        "own_carrier",
        "prepaid_label",
        "drop_off",
        "counter",
        label_fee_minor=490,
        drop_off_fee_minor=390,
    )
    shop = labelled(small_shop(policy=rules))
    staff_of(shop)
    replace_points(shop, points_in(POINTS + NEARER), by="Ana")
    order = order_of(shop)
    page = browser_context(viewport=screen, locale=LOCALE[language]).new_page()
    page.goto(f"{live_server.url}/s/{shop.slug}/")
    page.fill("#number", order.number)
    page.fill("#proof", EMAIL)
    press(page, page.locator("form.sheet button"))
    page.check("#l1-chosen")
    page.select_option("#l1-reason", "changed_mind")
    press(page, page.locator(".action-bar button"))
    check(page, f"sending-preview-{language}")
    with page.expect_response(shown):
        page.locator("input[name='method'][value='drop_off']").check()
    expect(page.locator("table.sum")).to_contain_text("3.90" if language == "en" else "3,90")
    check(page, f"sending-chosen-{language}")
    press(page, page.locator("#sending button.btn-primary"))
    check(page, f"sending-status-{language}")

    press(page, page.locator("a[href*='/points/']"))
    page.fill("#postcode", "75012")
    press(page, page.locator("form[method='get'] button"))
    check(page, f"sending-points-{language}")
    expect(page.locator(".way-row").first).to_contain_text("Gare de Lyon")
    page.locator(".way-row input").first.check()
    press(page, page.locator("form[method='post'] button.btn-lg"))
    expect(page.locator("main")).to_contain_text("Consigne Gare de Lyon")
    check(page, f"sending-done-{language}")
    rma = Return.objects.get(shop=shop)
    assert chosen_of(rma).point["reference"] == "L1"
    assert (chosen_of(rma).method, chosen_of(rma).fee_minor) == ("drop_off", 390)
    page.goto(page.url + "sending/")
    check(page, f"sending-ways-{language}")

    page.goto(live_server.url + reverse("portal:return", args=[shop.slug, token_for(rma)]))
    press(page, page.locator("form[action$='/label/'] button"))
    Label.objects.filter(shop=shop).update(drop_off_code="DROP-OFF-42")
    page.reload()
    expect(page.locator(".drop-off-code")).to_contain_text("DROP-OFF-42")
    check(page, f"sending-code-{language}")

    page.goto(f"{live_server.url}/desk/galerie/returns/{rma.number}/")
    page.fill("#id_email", "ana@galerie.example")
    page.fill("#id_password", PASSWORD)
    press(page, page.locator("main form[action$='/login/'] button"))
    expect(page.locator("section[aria-labelledby='parcels-title']")).to_contain_text("Gare de Lyon")
    check(page, f"sending-desk-{language}")
    see_the_desk(page, shop, language, live_server.url)


def see_the_desk(page, shop, language, url):
    """The list of places, a file that is no list, and the policy as everybody reads it."""
    page.goto(f"{url}/desk/galerie/parcels/points/")
    check(page, f"sending-places-{language}")
    page.set_input_files("#file", {"name": "p.csv", "mimeType": "text/csv", "buffer": b"a,b\n1,2"})
    press(page, page.locator("main form button"))
    expect(page.locator("[role='alert']")).to_be_visible()
    check(page, f"sending-refused-{language}")
    page.goto(f"{url}/s/{shop.slug}/policy/")
    check(page, f"sending-policy-{language}")
