"""Papers for customs: when there are any, what they say, and what a scanner reads on them."""

import io
import json
from dataclasses import replace

import pytest
import typst
import zxingcpp
from PIL import Image
from tests.world import LAMP, MUG, order_of, requested_return, small_shop

from rebond.domain.products.actions import NewProduct, keep_products
from rebond.domain.products.errors import ProductUnreadable
from rebond.domain.products.models import Product
from rebond.domain.returns.models import Return
from rebond.domain.shipping import customs_papers
from rebond.domain.shipping.actions import announce_parcel
from rebond.domain.shipping.customs import Form, crosses_a_border, declaration_of
from rebond.domain.shipping.customs_papers import customs_paper
from rebond.domain.shipping.models import ChosenMethod
from rebond.domain.shipping.papers import TEMPLATES
from rebond.domain.shoppers.models import Shopper
from rebond.kernel import typeset as typesetting
from rebond.kernel.clock import now

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    shop = small_shop()
    lamp = NewProduct("LAMP-01", weight_grams=850, hs_code="9405.21", origin_country="cn")
    keep_products(shop, [lamp, NewProduct("MUG-07", weight_grams=300)], by="test")
    return shop


@pytest.fixture
def rma(shop):
    rma = requested_return(order_of(shop, lines=(LAMP, MUG)), {"LAMP-01": 2, "MUG-07": 1})
    return moved_to(rma, "CH")


def moved_to(rma, country):
    Shopper.objects.filter(pk=rma.shopper_id).update(country=country)
    return Return.objects.get(pk=rma.pk)


@pytest.mark.parametrize(
    ("sender", "recipient", "passes"),
    [
        ("FR", "FR", False),
        ("DE", "FR", False),
        ("CH", "FR", True),
        ("GB", "FR", True),
        ("UK", "GB", False),
        ("FR", "GB", True),
        ("", "FR", False),
    ],
)
def test_only_a_customs_border_asks_for_papers(sender, recipient, passes):
    assert crosses_a_border(sender, recipient) is passes


@pytest.mark.parametrize(("method", "is_declared"), [("counter", False), ("drop_off", True)])
def test_what_is_carried_to_the_counter_of_the_shop_is_not_declared(rma, method, is_declared):
    ChosenMethod.objects.create(
        shop=rma.shop, rma=rma, method=method, fee_minor=0, currency="EUR", chosen_at=now()
    )

    assert (declaration_of(rma) is not None) is is_declared


def test_what_was_paid_and_what_it_weighs_is_declared(rma):
    told = declaration_of(rma)

    lamp, mug = told.goods
    assert (lamp.quantity, lamp.value_minor, lamp.grams) == (2, 6667, 1700)  # 100.00 for three
    assert (lamp.hs_code, lamp.origin_country) == ("940521", "CN")
    assert told.incomplete == [mug.title]
    assert (told.value_minor, told.grams) == (6667 + 1295, 2000)


def test_a_small_parcel_takes_the_small_form_and_others_the_large_one(rma):
    told = declaration_of(rma)

    assert told.form is Form.CN22
    assert replace(told, currency="GBP").form is Form.CN23
    heavy = replace(told.goods[0], grams=2500)
    dear = replace(told.goods[0], value_minor=40_000)
    unknown = replace(told.goods[0], grams=None)
    for goods in (heavy, dear, unknown):
        assert replace(told, goods=(goods,)).form is Form.CN23


def test_nothing_is_declared_within_the_union_or_for_what_is_kept(rma):
    assert declaration_of(moved_to(rma, "DE")) is None
    Return.objects.filter(pk=rma.pk).update(goods="kept")
    assert declaration_of(moved_to(rma, "CH")) is None


def texts_and_codes(monkeypatch, rma, form):
    """The data of the paper, and what a scanner reads on it at 203 dots an inch."""
    kept = {}
    plain = typesetting.typeset

    def catch(template, data, *, made_at):
        kept.update(template=template, data=data, made_at=made_at)
        return plain(template, data, made_at=made_at)

    monkeypatch.setattr(customs_papers, "typeset", catch)
    made = customs_paper(rma, declaration_of(rma), form, made_at=now())
    assert made.startswith(b"%PDF-")
    moment = kept["made_at"]
    picture = typst.compile(
        str(kept["template"]),
        root=str(TEMPLATES),
        format="png",
        ppi=203,
        font_paths=[str(typesetting.FONTS)],
        sys_inputs={
            "data": json.dumps(kept["data"]),
            "made": json.dumps([moment.year, moment.month, moment.day]),
        },
    )
    pages = picture if isinstance(picture, list) else [picture]
    assert len(pages) == 1
    page = Image.open(io.BytesIO(pages[0])).convert("L")
    return kept["data"], {(one.format.name, one.text) for one in zxingcpp.read_barcodes(page)}


@pytest.mark.parametrize("form", [Form.CN22, Form.CN23])
def test_a_scanner_reads_the_declaration(monkeypatch, rma, form):
    announce_parcel(
        rma.pk,
        carrier="manual",
        carrier_name="La Poste",
        tracking_number="RR123456785CH",
        by="shopper",
    )

    data, read = texts_and_codes(monkeypatch, rma, form)

    assert read == {("QRCode", rma.number), ("Code128", "RR123456785CH")}
    assert data["total"] == "79.62"
    assert data["recipient"][0] == "Galerie"


def test_a_number_that_is_no_postal_item_has_no_bars(monkeypatch, rma):
    _, read = texts_and_codes(monkeypatch, rma, Form.CN23)

    assert read == {("QRCode", rma.number)}


def test_a_scanner_reads_the_invoice(monkeypatch, rma):
    data, read = texts_and_codes(monkeypatch, rma, Form.INVOICE)

    assert read == {("Code128", rma.number), ("QRCode", rma.number)}
    assert data["invoice"] == "FA-1001"
    assert [line["hs_code"] for line in data["lines"]] == ["940521", ""]


@pytest.mark.parametrize(
    ("field", "bad"), [("hs_code", "94"), ("hs_code", "9405210"), ("origin_country", "CHN")]
)
def test_a_code_that_customs_do_not_know_is_refused(shop, field, bad):
    with pytest.raises(ProductUnreadable):
        keep_products(shop, [NewProduct("LAMP-01", **{field: bad})], by="test")


def test_an_empty_cell_keeps_what_is_known(shop):
    keep_products(shop, [NewProduct("LAMP-01", weight_grams=900)], by="test")

    assert Product.objects.get(sku="LAMP-01").hs_code == "940521"
