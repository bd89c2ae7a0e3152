"""The link to an article's measures stands where a size is spoken of."""

import pytest
from django.test import Client
from django.urls import reverse
from tests.web.portal.steps import page_of
from tests.world import order_of, requested_return, small_shop

from rebond.domain.products.actions import NewProduct, keep_products
from rebond.domain.products.errors import ProductUnreadable
from rebond.domain.products.models import Product
from rebond.domain.returns.links import token_for

pytestmark = pytest.mark.django_db
CHART = "https://galerie.example/sizes?of=lamp&in=cm"
LINK = f'href="{CHART.replace("&", "&amp;")}" target="_blank" rel="noopener noreferrer"'


def told(shop, address, sku="LAMP-01"):
    keep_products(shop, [NewProduct(sku, size_chart=address)], by="test")


def test_it_stands_beside_the_reason_of_its_article_alone(order, visitor):
    told(order.shop, CHART)

    page = visitor.get(page_of(order)).content.decode()

    assert page.count(LINK) == 1
    assert "Size chart<span" in page and ", Paper lamp, opens in a new window" in page


def test_without_one_nothing_is_said(order, visitor):
    assert "Size chart" not in visitor.get(page_of(order)).content.decode()


def test_it_stands_where_another_size_is_chosen():
    shop = small_shop()
    keep_products(
        shop,
        [
            NewProduct("LAMP-01", "Paper lamp", family="lamp", option="S", size_chart=CHART),
            NewProduct("LAMP-02", "Paper lamp", family="lamp", option="M", stock=1),
        ],
        by="test",
    )
    rma = requested_return(order_of(shop), {"LAMP-01": 1})

    page = Client().get(reverse("portal:exchange", args=[shop.slug, token_for(rma)]))

    assert page.content.decode().count(LINK) == 1


@pytest.mark.parametrize(
    "address",
    [
        *("javascript:alert(1)", "http://galerie.example/", "//galerie.example/", "https://"),
        *("https://a b.example/", "https://me:secret@galerie.example/", "https://[::1"),
        'https://galerie.example/"onclick=',
        "https://galerie.example/" + "x" * 300,
    ],
)
def test_an_address_that_is_no_page_is_refused_and_nothing_kept(address):
    shop = small_shop()
    told(shop, CHART)

    with pytest.raises(ProductUnreadable):
        told(shop, address)

    assert Product.objects.get(sku="LAMP-01").size_chart == CHART


def test_nothing_said_keeps_it_and_an_empty_field_takes_it_away():
    shop = small_shop()
    told(shop, CHART)
    told(shop, None)
    kept = Product.objects.get(sku="LAMP-01").size_chart
    told(shop, "")

    assert (kept, Product.objects.get(sku="LAMP-01").size_chart) == (CHART, "")
