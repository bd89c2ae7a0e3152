"""Reasons, letters and articles by a machine with a key."""

import json

import pytest
from tests.api.clients import code, machine, post
from tests.world import small_shop

from rebond.domain.machines.scopes import Scope
from rebond.domain.products.models import Product
from rebond.domain.returns.models import Reason
from rebond.kernel.models import Event
from rebond.outbound.notifications.own_words import KINDS, Words, words_of

pytestmark = pytest.mark.django_db
NOWHERE = "01a3d2b8-0000-7000-8000-000000000000"
LOUD = {"labels": {"fr": "Trop bruyant", "en": "Too loud"}, "family": "product"}


@pytest.fixture
def shop(db):
    return small_shop()


@pytest.fixture
def client(shop):
    return machine(shop)


def put(client, page, body):
    return client.put(f"/api/v1/{page}", json.dumps(body), content_type="application/json")


def test_a_reason_is_added_once_worded_anew_and_put_aside(shop, client):
    before = Reason.objects.count()
    wanted = LOUD | {"is_in_transit": True, "categories": ["lamps"]}
    made = post(client, "reasons", wanted, key="1")

    assert made.status_code == 201
    told = made.json()
    assert (told["code"], told["categories"]) == ("too_loud", ["lamps"])
    assert told["is_our_fault"] is True
    again = post(
        client, "reasons", LOUD | {"is_in_transit": True, "categories": ["lamps"]}, key="1"
    )
    assert again.content == made.content
    assert Reason.objects.count() == before + 1

    words = {"fr": "Fait du bruit", "en": "Makes noise"}
    changed = put(client, f"reasons/{told['id']}", LOUD | {"labels": words, "is_active": False})
    assert (changed.json()["code"], changed.json()["labels"]) == ("too_loud", words)
    offered = [one["code"] for one in client.get("/api/v1/return-reasons").json()]
    known = [one["code"] for one in client.get("/api/v1/reasons").json()]
    assert "too_loud" not in offered and known[-1] == "too_loud"
    assert Event.objects.filter(name="reasons.changed", actor="api:till").count() == 2


def test_reasons_are_put_in_another_order(shop, client):
    codes = [one["code"] for one in client.get("/api/v1/reasons").json()]

    moved = put(client, "reason-order", {"codes": [codes[-1]]}).json()
    unknown = put(client, "reason-order", {"codes": ["no_such_reason"]})

    assert [one["code"] for one in moved] == [codes[-1], *codes[:-1]]
    assert code(unknown) == (422, "unknown_reason")


@pytest.mark.parametrize(
    ("body", "refused"),
    [
        (LOUD | {"parent": "nothing"}, "reason_unreadable"),
        (LOUD | {"labels": {"fr": "Bruyant"}}, "invalid_body"),
        (LOUD | {"labels": {"fr": " ", "en": "Loud"}}, "invalid_body"),
        (LOUD | {"labels": {"fr": "x" * 81, "en": "Loud"}}, "invalid_body"),
        (LOUD | {"family": "weather"}, "invalid_body"),
    ],
)
def test_a_reason_that_cannot_be_changes_nothing(shop, client, body, refused):
    before = Reason.objects.count()

    assert code(post(client, "reasons", body, key="k")) == (422, refused)
    assert Reason.objects.count() == before


def test_a_letter_says_the_shops_words(shop, client):
    letters = client.get("/api/v1/letters").json()
    assert [one["kind"] for one in letters] == list(KINDS)
    assert all(one["languages"] == [] for one in letters)

    words = {"subject": "Merci {name}", "opening": "Bonjour", "closing": ""}
    kept = put(client, "letters/refunded/fr", words)

    assert kept.json() == {"kind": "refunded", "language": "fr"} | words
    assert client.get("/api/v1/letters/refunded/fr").json() == kept.json()
    assert words_of(shop, "refunded", "fr") == Words(**words)
    refunded = next(
        one for one in client.get("/api/v1/letters").json() if one["kind"] == "refunded"
    )
    assert (refunded["placeholders"], refunded["languages"]) == (["name", "shop"], ["fr"])
    put(client, "letters/refunded/fr", {})
    assert not words_of(shop, "refunded", "fr")


def test_words_that_cannot_be_said_change_nothing(shop, client):
    unknown = put(client, "letters/refunded/fr", {"opening": "{number}"})
    long = put(client, "letters/refunded/fr", {"subject": "x" * 151})

    assert code(unknown) == (422, "unknown_placeholder")
    assert code(long) == (422, "invalid_body")
    assert code(put(client, "letters/one_time_code/fr", {})) == (404, "not_found")
    assert code(client.get("/api/v1/letters/refunded/de")) == (404, "not_found")
    assert not words_of(shop, "refunded", "fr")


def test_articles_are_added_changed_and_what_is_left_out_stays(shop, client):
    wanted = {
        "sku": "VASE-1",
        "title": "Vase",
        "category": "home",
        "price_minor": 4990,
        "stock": 3,
        "tags": ["Sale", "sale", "Glass"],
        "dimensions": "10 x 30 x 20,5",
        "hs_code": "7013.99",
    }

    made = post(client, "products", {"products": [wanted, {"sku": "BOWL-1"}]}, key="k1")
    again = post(client, "products", {"products": [wanted, {"sku": "BOWL-1"}]}, key="k1")
    changed = post(
        client, "products", {"products": [{"sku": "VASE-1", "is_final_sale": True}]}, key="k2"
    )

    assert (made.status_code, made.json()) == (201, {"added": 2, "changed": 0})
    assert again.content == made.content
    assert changed.json() == {"added": 0, "changed": 1}
    found = client.get("/api/v1/products", {"sku": "VASE-1"}).json()["items"][0]
    assert client.get(f"/api/v1/products/{found['id']}").json() == found
    shown = {
        "title": "Vase",
        "price_minor": 4990,
        "currency": "EUR",
        "stock": 3,
        "tags": ["sale", "glass"],
        "dimensions": "30 × 20.5 × 10",
        "hs_code": "701399",
        "is_final_sale": True,
        "is_returnable": True,
    }
    assert {name: found[name] for name in shown} == shown


@pytest.mark.parametrize(
    ("second", "refused"),
    [
        ({"sku": "B", "hs_code": "12"}, "product_unreadable"),
        ({"sku": "B", "tax_rate": "2"}, "product_unreadable"),
        ({"sku": "B", "size_chart": "http://x.example"}, "product_unreadable"),
        ({"sku": "A"}, "invalid_body"),
        ({"sku": " "}, "invalid_body"),
        ({"sku": "B", "stock": -1}, "invalid_body"),
        ({"sku": "B", "price": 1}, "invalid_body"),
    ],
)
def test_one_article_that_cannot_be_keeps_all_out(shop, client, second, refused):
    before = Product.objects.count()
    answer = post(client, "products", {"products": [{"sku": "A"}, second]}, key="k")

    assert code(answer) == (422, refused)
    if refused == "product_unreadable":
        assert answer.json()["facts"]["row"] == 2
    assert Product.objects.count() == before


def test_the_catalogue_is_read_in_pages(shop, client):
    rows = [{"sku": f"Z-{n}", "category": "zoo"} for n in range(5)]
    post(client, "products", {"products": rows}, key="k")

    first = client.get("/api/v1/products", {"category": "zoo", "limit": 3}).json()
    rest = client.get(
        "/api/v1/products", {"category": "zoo", "limit": 3, "after": first["next"]}
    ).json()

    assert [one["sku"] for one in [*first["items"], *rest["items"]]] == [r["sku"] for r in rows]
    assert rest["next"] == ""


def test_another_shop_and_a_reader_change_nothing(shop, client):
    reason = client.get("/api/v1/reasons").json()[0]
    post(client, "products", {"products": [{"sku": "VASE-1"}]}, key="k")
    vase = client.get("/api/v1/products", {"sku": "VASE-1"}).json()["items"][0]["id"]
    twin, reader = machine(small_shop("autre")), machine(shop, scopes=(Scope.SETTINGS_READ,))

    assert code(put(twin, f"reasons/{reason['id']}", LOUD)) == (404, "not_found")
    assert code(twin.get(f"/api/v1/products/{vase}")) == (404, "not_found")
    assert code(client.get(f"/api/v1/products/{NOWHERE}")) == (404, "not_found")
    assert twin.get("/api/v1/products", {"sku": "VASE-1"}).json()["items"] == []
    assert code(put(reader, f"reasons/{reason['id']}", LOUD)) == (403, "scope_missing")
    assert code(post(reader, "products", {"products": [{"sku": "X"}]}, key="k")) == (
        403,
        "scope_missing",
    )
    assert code(put(reader, "letters/refunded/fr", {})) == (403, "scope_missing")
    put(client, "letters/refunded/fr", {"opening": "Bonjour"})
    assert twin.get("/api/v1/letters/refunded/fr").json()["opening"] == ""
