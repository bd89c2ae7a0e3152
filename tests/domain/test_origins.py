"""Which addresses may frame the return form: an exact origin over https, nothing wider."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.world import small_shop

from rebond.domain.shops.actions import allow_origins
from rebond.domain.shops.errors import OriginUnreadable
from rebond.domain.shops.origins import origin_in
from rebond.kernel.models import Event


@pytest.mark.parametrize(
    ("typed", "origin"),
    [
        ("https://www.galerie.example", "https://www.galerie.example"),
        (" HTTPS://WWW.Galerie.example/compte?x=1#y ", "https://www.galerie.example"),
        ("www.galerie.example", "https://www.galerie.example"),
        ("https://galerie.example:443", "https://galerie.example"),
        ("https://galerie.example:8443/", "https://galerie.example:8443"),
        ("https://café.example", "https://xn--caf-dma.example"),
        ("http://localhost:3000/", "http://localhost:3000"),
        ("http://127.0.0.1", "http://127.0.0.1"),
    ],
)
def test_an_address_stands_for_its_origin(typed, origin):
    assert origin_in(typed) == origin


@pytest.mark.parametrize(
    "typed",
    ["", "*", "https://*", "https://*.galerie.example", "http://galerie.example", "https:",
     "javascript:alert(1)", "data:text/html,x", "https://a:b@galerie.example", "https://intranet",
     "https://galerie.example; script-src *", "https://galerie.example 'unsafe-inline'",
     "https://galerie.example:99999", "'self'", "https://" + "a" * 300 + ".example", "https://[::1]",
     "https://galerie..example", "ftp://galerie.example", "null"],
)  # fmt: skip
def test_what_is_wider_or_no_address_is_none(typed):
    assert origin_in(typed) == ""


@given(st.text(max_size=60))
def test_nothing_typed_breaks_out_of_the_header(typed):
    origin = origin_in(typed)

    assert not set(origin) & set(" ;,'\"*\r\n\t")
    assert origin == "" or origin_in(origin) == origin


@pytest.mark.django_db
def test_the_list_takes_the_place_of_the_old_one():
    shop = small_shop()
    allow_origins(shop, ["https://a.example", "https://A.example/x"], by="staff:Ana")

    held = allow_origins(shop, ["https://b.example"], by="staff:Ana")
    allow_origins(shop, ["https://b.example"], by="staff:Ana")

    assert held.embed_origins == ["https://b.example"]
    assert Event.objects.filter(shop_id=shop.pk, name="shop.changed").count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    "addresses", [["https://a.example", "*"], [f"https://site{n}.example" for n in range(21)]]
)
def test_a_bad_address_or_too_many_change_nothing(addresses):
    shop = small_shop()

    with pytest.raises(OriginUnreadable):
        allow_origins(shop, addresses, by="staff:Ana")

    shop.refresh_from_db()
    assert shop.embed_origins == []
