"""A list of products from a file."""

import gzip

import pytest
from tests.world import small_shop

from rebond.cli.importing import CannotImport
from rebond.cli.products import import_products
from rebond.domain.products.actions import dimensions_in, in_centimetres
from rebond.domain.products.models import Product

pytestmark = pytest.mark.django_db
HEAD = "sku,title,category,family,option,price,tax_rate,stock\n"


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("30 x 20 x 10", "300x200x100"),
        ("10×20,5×30", "300x205x100"),
        ("0.1*1*499.9", "4999x10x1"),
    ],
)
def test_how_large_an_article_is_stands_in_millimetres(told, kept):
    assert dimensions_in(told) == kept
    assert dimensions_in(in_centimetres(kept)) == kept


@pytest.mark.parametrize(
    "told", ["30 x 20", "a x b x c", "0 x 1 x 2", "501 x 1 x 1", "-3x2x1", "1e9x1x1"]
)
def test_what_is_no_size_is_refused(told):
    with pytest.raises(ValueError):
        dimensions_in(told)


def test_a_list_adds_and_changes_and_keeps_what_it_does_not_say(tmp_path):
    shop = small_shop()
    file = tmp_path / "products.csv"
    file.write_text(HEAD + 'A,Lamp,light,lamp,red,39.90,0.20,3\nB,Mug,,,,"12,5",0.055,\n')
    first = import_products(file, shop_slug="galerie")
    packed = tmp_path / "again.csv.gz"
    packed.write_bytes(gzip.compress(b"sku,stock\nA,0\n"))
    second = import_products(packed, shop_slug="galerie")

    assert ((first.added, first.changed), (second.added, second.changed)) == ((2, 0), (0, 1))
    lamp, mug = Product.objects.filter(shop=shop).order_by("sku")
    assert (lamp.price_minor, lamp.stock_on_hand, lamp.family, lamp.option) == (
        3990,
        0,
        "lamp",
        "red",
    )
    assert (mug.price_minor, mug.stock_on_hand, mug.tax_rate) == (1250, None, "0.055")


def test_a_list_names_the_page_with_the_measures(tmp_path):
    small_shop()
    file = tmp_path / "products.csv"
    file.write_text("sku,size_chart\nA,https://galerie.example/sizes\nB,\n")

    import_products(file, shop_slug="galerie")

    charts = dict(Product.objects.values_list("sku", "size_chart"))
    assert charts == {"A": "https://galerie.example/sizes", "B": ""}


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("A,Lamp,,,,12.345,,\n", "row 2: price"),
        ("A,Lamp,,,,abc,,\n", "row 2: price"),
        ("A,Lamp,,,,-1,,\n", "price"),
        ("A,Lamp,,,,1,,1.5\n", "row 2: stock"),
        ("A,Lamp,,,,1,,NaN\n", "row 2: stock"),
        ("A,Lamp,,,,1,vat,1\n", "tax_rate"),
        (",Lamp,,,,1,,1\n", "sku"),
        ("A,,,,," + "9" * 40 + ",,\n", "price"),
    ],
)
def test_a_row_that_is_not_right_stops_the_list_and_nothing_is_kept(tmp_path, rows, said):
    small_shop()
    file = tmp_path / "products.csv"
    file.write_text(HEAD + rows)

    with pytest.raises(CannotImport, match=said):
        import_products(file, shop_slug="galerie")
    assert not Product.objects.exists()


def test_a_list_without_stock_codes_or_a_shop_is_refused(tmp_path):
    file = tmp_path / "products.csv"
    file.write_text("title\nLamp\n")

    with pytest.raises(CannotImport, match="no shop"):
        import_products(file, shop_slug="nowhere")
    small_shop()
    with pytest.raises(CannotImport, match="no column sku"):
        import_products(file, shop_slug="galerie")
