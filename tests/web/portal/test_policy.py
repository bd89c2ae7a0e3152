"""The policy as everybody reads it: both languages, older versions, the form, a piece to embed."""

import io
import re

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader
from tests.world import small_shop

from rebond.domain.policies.actions import publish_policy
from rebond.domain.policies.presets import PRESETS
from rebond.domain.withdrawals.models import Statement

pytestmark = pytest.mark.django_db
FORBIDDEN = ("no refund", "aucun remboursement", "final sale only", "ec.europa.eu/consumers/odr")


def read(shop, page="policy", *, language="en", **more):
    address = reverse(f"portal:{page}", args=[shop.slug, *more.values()])
    return Client().get(address, {"lang": language})


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize(
    ("language", "law", "promise", "function"),
    [
        ("en", "Your legal rights", "What we promise on top", "Withdraw online"),
        ("fr", "Vos droits légaux", "Ce que nous promettons en plus", "Se rétracter en ligne"),
    ],
)
def test_law_and_promise_stand_apart_in_both_languages(preset, language, law, promise, function):
    shop = small_shop(policy=PRESETS[preset])

    answer = read(shop, language=language)
    page = answer.content.decode()

    assert answer.status_code == 200 and "X-Robots-Tag" not in answer.headers
    assert page.index(law) < page.index(promise)
    assert function in page and reverse("portal:withdraw", args=[shop.slug]) in page
    for article in ("L221-18", "L217-3", "1641"):
        assert article in page
    assert "732829320" in page and shop.email in page and "12 rue des Lices" in page
    assert not any(word in page.lower() for word in FORBIDDEN)
    assert "{" not in re.sub(r"<[^>]*>", "", page.partition("<main")[2].partition("</main>")[0])


def test_it_says_what_the_rules_say():
    shop = small_shop(policy=PRESETS["fashion"])

    page = read(shop).content.decode()

    assert "60 days, from the day your order arrived." in page
    assert "Bought from 1 November to 24 December: until 31 January at least." in page
    assert "We pay the way back." in page
    assert "Store credit instead, if you like: worth 10 % more." in page
    assert "underwear, swimwear" in page and "L221-28 5°" in page
    assert "€8.00" in page and "we are at fault" in page


def test_a_fee_is_told_with_its_cap_and_never_on_a_withdrawal():
    page = read(small_shop(policy=PRESETS["electronics"]), language="fr").content.decode()

    assert "10 % sont retenus, au plus 50,00" in page.replace("\xa0", " ")
    assert "retours au-delà de vos droits légaux" in page
    assert "Jamais sur une rétractation légale." in page


def test_earlier_versions_stay_readable_with_their_day():
    shop = small_shop()
    publish_policy(shop, PRESETS["fashion"], note="", by="test")

    now_holds, old = read(shop), read(shop, "policy_version", number=1)

    assert reverse("portal:policy_version", args=[shop.slug, 1]) in now_holds.content.decode()
    assert "version 2" in now_holds.content.decode()
    page = old.content.decode()
    assert "30 days, from the day your order arrived." in page
    assert "This version no longer holds for new orders." in page and "noindex" in page
    assert read(shop, "policy_version", number=3).status_code == 404


def test_only_the_fragment_may_be_framed_or_fetched_by_other_sites():
    shop = small_shop()
    shared = {name: read(shop, name) for name in ("policy_fragment", "policy_embed")}
    own = {name: read(shop, name) for name in ("policy", "policy_form", "withdraw", "start")}

    fragment = shared["policy_fragment"]
    assert fragment.headers["Access-Control-Allow-Origin"] == "*"
    assert "X-Frame-Options" not in fragment.headers
    assert "frame-ancestors *" in fragment.headers["Content-Security-Policy"]
    assert "<html" not in fragment.content.decode() and "<script" not in fragment.content.decode()
    links = re.findall(r'href="([^"]+)"', fragment.content.decode())
    assert links and all(link.startswith("http") for link in links)
    assert shared["policy_embed"].headers["Content-Type"].startswith("text/javascript")
    for answer in own.values():
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("fr", "Veuillez compléter et renvoyer le présent formulaire uniquement"),
        ("en", "Complete and return this form only if you wish to withdraw"),
    ],
)
def test_the_model_form_is_a_tagged_pdf_in_the_words_of_the_law(language, said):
    pdf = read(small_shop(), "policy_form_pdf", language=language).content

    document = PdfReader(io.BytesIO(pdf))
    text = " ".join(document.pages[0].extract_text().split())
    assert said in text and "Galerie SARL, 12 rue des Lices, 69000 Lyon" in text
    assert "bonjour@galerie.example" in text
    assert document.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert document.trailer["/Root"]["/Lang"] == language


def test_the_filled_in_form_becomes_a_statement():
    shop = small_shop()
    visitor = Client(headers={"accept-language": "fr"})
    filled = {
        "goods": "Lampe, commande 1001",
        "ordered_on": "2026-11-02",
        "received_on": "2026-11-05",
        "name": "Camille Œuvrard",
        "address": "3 rue du Puits, 75005 Paris",
        "email": "camille@client.example",
    }

    page = visitor.post(reverse("portal:policy_form", args=[shop.slug]), filled)
    sealed = re.search(r'name="sealed" value="([^"]+)"', page.content.decode())[1]
    confirm = reverse("portal:withdraw_confirm", args=[shop.slug])
    visitor.post(confirm, {"sealed": sealed, "lang": "fr"})

    statement = Statement.objects.get()
    assert statement.contract == (
        "Lampe, commande 1001; commandé le 2 novembre 2026; reçu le 5 novembre 2026; "
        "3 rue du Puits, 75005 Paris"
    )
    assert statement.name == "Camille Œuvrard" and statement.language == "fr"


def test_what_is_missing_in_the_form_is_said():
    answer = Client().post(reverse("portal:policy_form", args=[small_shop().slug]), {"goods": "x"})

    assert answer.status_code == 422 and 'href="#id_name"' in answer.content.decode()


def test_a_shop_where_no_such_right_exists_shows_no_form():
    shop = small_shop()
    type(shop).objects.filter(pk=shop.pk).update(country="US")

    assert read(shop, "policy_form").status_code == 404
    assert "Withdraw online" not in read(shop).content.decode()


def test_every_page_of_the_portal_leads_to_it():
    shop = small_shop()

    for name in ("start", "withdraw"):
        assert reverse("portal:policy", args=[shop.slug]) in read(shop, name).content.decode()


@pytest.mark.parametrize(("country", "told"), [("FR", "CNIL"), ("DE", "authority"), ("US", "")])
def test_the_page_says_what_becomes_of_personal_data(client, country, told):
    shop = small_shop()
    type(shop).objects.filter(pk=shop.pk).update(country=country)

    page = client.get("/s/galerie/policy/", headers={"accept-language": "en"}).content.decode()

    assert ("Your data" in page) is bool(told)
    assert told in page
    assert bool(told) is ("write to bonjour@galerie.example" in page)
