"""The shop's own settings: people, looks, reasons, articles, passwords, the first start."""

import io
import re
from dataclasses import replace

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from PIL import Image
from tests.world import order_of, requested_return, small_shop, staff_of

from rebond.domain.orders.models import Order
from rebond.domain.orders.new import TEST_SOURCE
from rebond.domain.policies.queries import version_in_force
from rebond.domain.products.models import Product
from rebond.domain.returns.models import Reason, Return
from rebond.domain.returns.states import RequestState
from rebond.domain.shops.access import Role
from rebond.domain.shops.models import Shop, Staff, User
from rebond.domain.shops.passwords import link_for
from rebond.kernel.clock import now
from rebond.outbound.notifications.models import Message
from rebond.web.backoffice import first_key
from rebond.web.backoffice.forms.settings import ShopForm
from rebond.web.ui.contrast import contrast, ink_on

pytestmark = pytest.mark.django_db
LONG = "a rather long password"


def url(name, shop, *args):
    return reverse(f"backoffice:{name}", args=[shop.slug, *args])


def typed(page):
    """What a browser would send back from the form of a page."""
    form = page.context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {
        name: "\n".join(value) if isinstance(value, list) else value
        for name, value in values.items()
        if value not in (None, False)
    }


# --- the shop -----------------------------------------------------------------------------


def test_the_shop_is_named_anew_and_keeps_what_nobody_touched(shop, at_desk):
    client = at_desk(shop)
    form = typed(client.get(url("settings_shop", shop)))
    form |= {"name": "Galerie Neuve", "domain": "https://Retours.galerie.example/"}

    assert client.post(url("settings_shop", shop), form).status_code == 302

    after = Shop.objects.get(pk=shop.pk)
    assert (after.name, after.domain) == ("Galerie Neuve", "retours.galerie.example")
    assert after.legal == shop.legal
    assert after.return_address == shop.return_address
    assert after.languages == ["fr", "en"]


def test_two_shops_never_share_a_web_address(shop, at_desk):
    Shop.objects.filter(pk=small_shop("atelier").pk).update(domain="retours.example.com")
    client = at_desk(shop)
    form = typed(client.get(url("settings_shop", shop))) | {"domain": "retours.example.com"}

    answer = client.post(url("settings_shop", shop), form)

    assert answer.status_code == 422
    assert "Another shop has this address." in answer.content.decode()


@pytest.mark.parametrize(("colour", "kept"), [("#0f6b57", True), ("#ffee99", False)])
def test_a_colour_nobody_can_read_is_refused(shop, at_desk, colour, kept):
    answer = at_desk(shop).post(url("settings_brand", shop), {"brand": colour})

    shop.refresh_from_db()
    assert answer.status_code == (302 if kept else 422)
    assert (shop.colours.get("brand") == colour) is kept
    if kept:
        assert contrast(colour, shop.colours["brand_ink"]) >= 4.5


def test_the_writing_follows_the_colour():
    assert ink_on("#000000") == "#ffffff"
    assert ink_on("#ffff00") == "#10201b"
    assert round(contrast("#ffffff", "#000000")) == 21


def test_a_logo_is_drawn_anew_and_shown_to_shoppers(shop, at_desk, client):
    drawn = io.BytesIO()
    Image.new("RGBA", (300, 100), (200, 30, 30, 255)).save(drawn, "PNG")
    drawn.seek(0)
    drawn.name = "logo.png"

    at_desk(shop).post(url("settings_brand", shop), {"brand": "#0f6b57", "logo": drawn})

    page = client.get("/s/galerie/").content.decode()
    assert "/s/galerie/logo.jpg" in page
    answer = client.get("/s/galerie/logo.jpg")
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert Image.open(io.BytesIO(answer.content)).size == (300, 100)


def test_a_pdf_named_logo_is_refused_in_words(shop, at_desk):
    fake = io.BytesIO(b"%PDF-1.7 not a picture")
    fake.name = "logo.jpg"

    answer = at_desk(shop).post(url("settings_brand", shop), {"brand": "#0f6b57", "logo": fake})

    assert answer.status_code == 422
    shop.refresh_from_db()
    assert shop.logo == ""


# --- people -------------------------------------------------------------------------------


def test_somebody_invited_chooses_a_password_once(shop, at_desk, run_jobs, client):
    owner = at_desk(shop)
    person = {"name": "Bo Petit", "email": "Bo@galerie.example", "role": "agent"}
    owner.post(url("settings_people", shop), person)
    run_jobs()
    letter = Message.objects.get(kind="password_link")
    [link] = re.findall(r"/desk/password/\S+/", letter.text)

    assert letter.to_address == "bo@galerie.example"
    assert client.get(link).status_code == 200
    assert client.post(link, {"password": "short"}).status_code == 422
    assert client.post(link, {"password": LONG}).status_code == 302
    assert client.get("/desk/galerie/returns/").status_code == 200
    assert Client().get(link).status_code == 404
    assert User.objects.get(email="bo@galerie.example").check_password(LONG)


def test_a_forgotten_password_tells_nobody_who_works_here(
    shop, client, run_jobs, settings, tmp_path
):
    settings.SMTP_URL = f"file://{tmp_path}/outbox"
    cache.clear()
    staff_of(shop)

    answers = [
        client.post("/desk/password/", {"email": email}, follow=True).content.decode()
        for email in ("ana@galerie.example", "nobody@galerie.example")
    ]
    run_jobs()

    assert all("is on its way to you" in answer or "vous arrive" in answer for answer in answers)
    assert Message.objects.filter(kind="password_link").count() == 1


def test_letters_to_one_person_have_an_end(shop, client, run_jobs):
    cache.clear()
    staff_of(shop)
    for _ in range(9):
        client.post("/desk/password/", {"email": "ana@galerie.example"})
    run_jobs()

    assert Message.objects.filter(kind="password_link").count() == 5


def test_where_no_letter_leaves_invitations_are_said_to_wait(shop, at_desk, settings, tmp_path):
    client, page = at_desk(shop), url("settings_people", shop)
    settings.SMTP_URL = ""
    without = client.get(page).content.decode()
    settings.SMTP_URL = f"file://{tmp_path}/outbox"
    with_server = client.get(page).content.decode()

    assert "invitations wait" in without and "rebond staff password-link" in without
    assert "invitations wait" not in with_server


def test_a_link_of_somebody_elses_or_of_nobody_opens_nothing(shop, client):
    one, two = staff_of(shop), staff_of(shop, Role.AGENT, name="Bo Petit")
    token = link_for(one.user).rstrip("/").rpartition("/")[2]
    for person in (two.user.pk.hex, "0" * 32, "x"):
        assert client.get(f"/desk/password/{person}/{token}/").status_code == 404


def test_the_last_owner_stays(shop, at_desk):
    client = at_desk(shop)
    me = Staff.objects.get(shop=shop, role=Role.OWNER)

    answer = client.post(url("settings_person", shop, me.pk), {"role": "agent", "do": "keep"})

    assert answer.status_code == 409
    assert "last owner" in answer.content.decode()
    me.refresh_from_db()
    assert me.role == Role.OWNER


def test_who_is_let_go_is_out_and_may_come_back(shop, at_desk):
    client = at_desk(shop)
    bo = staff_of(shop, Role.AGENT, name="Bo Petit")
    outside = Client()
    outside.force_login(bo.user)

    client.post(url("settings_person", shop, bo.pk), {"role": "agent", "do": "end"})
    assert outside.get("/desk/galerie/returns/").status_code == 404
    client.post(url("settings_person", shop, bo.pk), {"role": "warehouse", "do": "keep"})

    bo.refresh_from_db()
    assert (bo.is_active, bo.role) == (True, Role.WAREHOUSE)


def test_people_of_another_shop_are_not_there(shop, at_desk):
    other = staff_of(small_shop("atelier"), Role.AGENT, name="Zoé Autre")

    answer = at_desk(shop).post(
        url("settings_person", shop, other.pk), {"role": "owner", "do": "keep"}
    )

    assert answer.status_code == 404


# --- reasons ------------------------------------------------------------------------------


def test_a_reason_of_ones_own_is_offered_in_the_portal(shop, at_desk, client):
    order_of(shop)
    form = {
        "label_fr": "Trop lourd",
        "label_en": "Too heavy",
        "family": "product",
        "is_active": "on",
    }

    assert at_desk(shop).post(url("settings_reason_new", shop), form).status_code == 302

    made = Reason.objects.get(shop=shop, code="too_heavy")
    assert made.position == Reason.objects.filter(shop=shop).count() - 1
    client.post("/s/galerie/", {"number": "1001", "proof": "camille@client.example"})
    page = client.get("/s/galerie/order/1001/", headers={"accept-language": "fr"})
    assert "Trop lourd" in page.content.decode()


def test_reasons_refine_one_level_only(shop, at_desk):
    client = at_desk(shop)
    child = Reason.objects.filter(shop=shop).exclude(parent=None).first()
    form = typed(client.get(url("settings_reason_new", shop)))
    form |= {"label_fr": "x", "label_en": "x", "family": "product", "parent": child.code}

    assert client.post(url("settings_reason_new", shop), form).status_code == 422
    assert not Reason.objects.filter(shop=shop, code="x").exists()


def test_reasons_are_put_in_order(shop, at_desk):
    codes = list(
        Reason.objects.filter(shop=shop).order_by("position").values_list("code", flat=True)
    )

    at_desk(shop).post(url("settings_reasons", shop), {"move": f"down:{codes[0]}"})

    after = Reason.objects.filter(shop=shop).order_by("position").values_list("code", flat=True)
    assert list(after) == [codes[1], codes[0], *codes[2:]]


# --- articles -----------------------------------------------------------------------------


def test_an_article_gets_tags_that_policies_read(shop, at_desk):
    order_of(shop)
    lamp = Product.objects.get(shop=shop, sku="LAMP-01")
    client = at_desk(shop)
    form = typed(client.get(url("settings_product", shop, lamp.pk)))
    form |= {"tags": "Final-Sale, summer , final-sale", "weight_grams": "850"}

    assert client.post(url("settings_product", shop, lamp.pk), form).status_code == 302

    lamp.refresh_from_db()
    assert (lamp.tags, lamp.weight_grams) == (["final-sale", "summer"], 850)
    assert lamp.is_returnable
    assert (
        "final-sale" in client.get(url("settings_products", shop), {"q": "lamp"}).content.decode()
    )


def test_the_size_chart_of_an_article_is_an_https_page(shop, at_desk):
    order_of(shop)
    lamp = Product.objects.get(shop=shop, sku="LAMP-01")
    client = at_desk(shop)
    page = url("settings_product", shop, lamp.pk)
    form = typed(client.get(page))

    wrong = client.post(page, form | {"size_chart": "javascript:alert(1)"})
    right = client.post(page, form | {"size_chart": "https://galerie.example/sizes"})

    assert (wrong.status_code, right.status_code) == (422, 302)
    assert "An address that begins with https://, please." in wrong.content.decode()
    lamp.refresh_from_db()
    assert lamp.size_chart == "https://galerie.example/sizes"


def test_how_large_an_article_is_told_as_people_write_it(shop, at_desk):
    order_of(shop)
    lamp = Product.objects.get(shop=shop, sku="LAMP-01")
    client = at_desk(shop)
    page = url("settings_product", shop, lamp.pk)
    form = typed(client.get(page))

    wrong = client.post(page, form | {"dimensions": "large"})
    right = client.post(page, form | {"dimensions": "10 × 20,5 × 30"})

    assert (wrong.status_code, right.status_code) == (422, 302)
    assert "Three lengths, please" in wrong.content.decode()
    lamp.refresh_from_db()
    assert lamp.dimensions == "300x205x100"
    assert 'value="30 × 20.5 × 10"' in client.get(page).content.decode()


# --- the first start ----------------------------------------------------------------------


@pytest.fixture
def empty(db, settings, tmp_path):
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, home=tmp_path)
    return Client(headers={"accept-language": "en"})


BEGINNING = {
    "shop": "Chez Léa",
    "name": "Léa Blanc",
    "email": "lea@chez.example",
    "password": LONG,
    "again": LONG,
    "country": "FR",
    "currency": "EUR",
}


def test_only_the_key_opens_the_first_shop_and_only_once(empty):
    address = first_key.first_address()
    key = address.partition("key=")[2]

    assert empty.get("/desk/begin/").status_code == 200
    assert empty.post("/desk/begin/", BEGINNING).status_code == 200
    assert empty.post("/desk/begin/", BEGINNING | {"key": "guessed"}).status_code == 403
    assert not Shop.objects.exists()
    assert empty.post("/desk/begin/", BEGINNING | {"key": key}).status_code == 302
    assert empty.get("/desk/chez-lea/first-steps/").status_code == 200
    second = Client().post("/desk/begin/", BEGINNING | {"key": key, "shop": "Mine"})
    assert second.status_code == 302
    assert list(Shop.objects.values_list("slug", flat=True)) == ["chez-lea"]
    assert Reason.objects.exists()


def test_a_slip_in_the_first_password_locks_nobody_out(empty):
    key = first_key.first_address().partition("key=")[2]
    answer = empty.post("/desk/begin/", BEGINNING | {"key": key, "again": LONG + "x"})

    page = answer.content.decode()
    assert (answer.status_code, Shop.objects.exists()) == (422, False)
    assert "The two passwords are not the same." in page
    assert 'value="Chez Léa"' in page and LONG not in page


def test_five_steps_lead_to_a_first_return(empty):
    key = first_key.first_address().partition("key=")[2]
    empty.post("/desk/begin/", BEGINNING | {"key": key})
    shop = Shop.objects.get()
    here = url("first_steps", shop)

    assert empty.get(here).context["done"].next == "shop"
    form = typed(empty.get(url("settings_shop", shop)))
    form |= {"return_address": "Chez Léa\n69000 Lyon", "legal_address": "1 rue\n69000 Lyon"}
    assert (
        empty.post(url("settings_shop", shop), form | {"next": "steps"})
        .headers["Location"]
        .endswith("/first-steps/")
    )
    assert empty.get(here).context["done"].next == "policy"
    empty.post(url("first_policy", shop), {"preset": "fashion"})
    assert version_in_force(shop, now()).number == 1
    empty.post(url("first_order", shop))
    empty.post(url("first_order", shop))
    assert Order.objects.filter(shop=shop).count() == 1
    assert empty.get(here).context["done"].next == "return"
    shopper = Client(headers={"accept-language": "en"})
    found = shopper.post(
        f"/s/{shop.slug}/", {"number": "TEST-1", "proof": "lea@chez.example"}, follow=True
    )
    assert "Test" in found.content.decode() or "essai" in found.content.decode()


def test_a_first_return_needs_an_address_and_nothing_else(empty):
    key = first_key.first_address().partition("key=")[2]
    empty.post("/desk/begin/", BEGINNING | {"key": key})
    shop = Shop.objects.get()
    form = typed(empty.get(url("settings_shop", shop), {"next": "steps"}))
    form |= {"return_address": "Chez Léa\n3 rue du Puits\n69001 Lyon", "next": "steps"}

    assert set(form) - {"next"} == set(ShopForm.FIRST)
    assert empty.post(url("settings_shop", shop), form).status_code == 302

    after = Shop.objects.get()
    assert after.legal == {
        "legal_name": "Chez Léa",
        "address": ["3 rue du Puits", "69001 Lyon"],
    }
    assert (after.name, after.email, after.country) == (shop.name, shop.email, shop.country)
    assert (after.languages, after.time_zone) == (shop.languages, shop.time_zone)


def test_a_company_of_no_address_is_where_its_parcels_go(shop, at_desk):
    client = at_desk(shop)
    form = typed(client.get(url("settings_shop", shop)))
    form |= {"return_address": "1 rue du Puits\n69001 Lyon", "legal_address": ""}

    assert client.post(url("settings_shop", shop), form).status_code == 302

    after = Shop.objects.get(pk=shop.pk)
    assert after.legal["address"] == ["1 rue du Puits", "69001 Lyon"]


def test_the_steps_end_with_a_closed_return_and_say_what_customers_need(shop, at_desk, settings):
    settings.SMTP_URL = ""
    client = at_desk(shop)
    rma = requested_return(order_of(shop))
    Order.objects.update(source=TEST_SOURCE)

    way = client.get(url("first_steps", shop))
    Return.objects.filter(pk=rma.pk).update(request_state=RequestState.CLOSED)
    end = client.get(url("first_steps", shop))

    assert not way.context["done"].is_through and end.context["done"].is_through
    assert rma.number in way.content.decode()
    ready = end.context["ready"]
    assert (ready.mail, ready.address, ready.orders) == (False, False, False)
    order_of(shop, number="real")
    settings.SMTP_URL, settings.BASE_URL = "smtp://mail.example", "https://returns.example"
    ready = client.get(url("first_steps", shop)).context["ready"]
    assert (ready.mail, ready.address, ready.orders) == (True, True, True)


def test_home_leads_to_the_first_steps_until_a_customer_ordered(shop, at_desk):
    there = url("first_steps", shop)
    owner, agent = at_desk(shop), at_desk(shop, Role.AGENT, name="Karim Haddad")

    assert there in owner.get(url("today", shop)).content.decode()
    assert there not in agent.get(url("today", shop)).content.decode()
    order_of(shop)
    assert there not in owner.get(url("today", shop)).content.decode()


def test_nobody_but_an_owner_changes_settings(shop, at_desk):
    client = at_desk(shop, Role.MANAGER)

    for name in ("settings", "settings_shop", "settings_people", "settings_reasons"):
        assert client.get(url(name, shop)).status_code == 403
