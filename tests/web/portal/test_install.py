"""The portal on a phone's home screen."""

from io import BytesIO

import pytest
from django.test import Client
from PIL import Image
from tests.world import small_shop

from rebond.kernel.files import keep

pytestmark = pytest.mark.django_db
HOME = "/s/galerie/"


@pytest.fixture
def shop(db):
    return small_shop()


def with_logo(shop):
    drawn = BytesIO()
    Image.new("RGB", (300, 100), "#c00000").save(drawn, "JPEG")
    shop.logo = keep(drawn.getvalue(), shop_id=shop.pk, folder="logos", suffix=".jpg")
    shop.colours = {"brand": "#123456"}
    shop.save()


def test_a_phone_learns_how_the_portal_is_called_and_where_it_begins(shop):
    page = Client().get(HOME).content.decode()
    told = Client(headers={"accept-language": "fr"}).get(f"{HOME}app.webmanifest")

    assert f'<link rel="manifest" href="{HOME}app.webmanifest">' in page
    assert told["Content-Type"] == "application/manifest+json"
    known = told.json()
    assert (known["name"], known["start_url"], known["scope"]) == ("Galerie : retours", HOME, HOME)
    assert [one["type"] for one in known["icons"]] == ["image/svg+xml"]


def test_a_shop_with_a_logo_lends_it_as_the_icon(shop):
    with_logo(shop)

    known = Client().get(f"{HOME}app.webmanifest").json()
    icons = {one["sizes"]: Client().get(one["src"]) for one in known["icons"]}

    assert known["theme_color"] == "#123456"
    assert set(icons) == {"192x192", "512x512"}
    for sizes, answer in icons.items():
        with Image.open(BytesIO(answer.content)) as drawn:
            assert (drawn.format, f"{drawn.width}x{drawn.height}") == ("PNG", sizes)
            assert drawn.getpixel((0, 0)) == (255, 255, 255)
            red, green, _ = drawn.getpixel((drawn.width // 2, drawn.height // 2))
            assert red > 150 > green


@pytest.mark.parametrize("size", [0, 1, 191, 100_000])
def test_no_other_size_is_drawn(shop, size):
    with_logo(shop)

    assert Client().get(f"{HOME}icon-{size}.png").status_code == 404


def test_without_a_logo_there_is_no_icon_to_draw(shop):
    assert Client().get(f"{HOME}icon-192.png").status_code == 404
