"""Another size or colour, chosen by the shopper."""

import pytest
from django.test import Client
from django.urls import reverse
from tests.world import order_of, requested_return, small_shop

from rebond.domain.exchanges.models import Exchange
from rebond.domain.products.actions import NewProduct, keep_products
from rebond.domain.products.models import Product
from rebond.domain.refunds.models import Settlement
from rebond.domain.returns.actions import cancel_return
from rebond.domain.returns.links import token_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def rma():
    shop = small_shop()
    keep_products(
        shop,
        [
            NewProduct("LAMP-01", "Paper lamp", family="lamp", option="white", stock=0),
            NewProduct("LAMP-02", "Paper lamp", family="lamp", option="red", stock=1),
            NewProduct("VASE-01", "Tall vase", price_minor=5000, stock=5),
        ],
        by="test",
    )
    return requested_return(order_of(shop), {"LAMP-01": 1})


def page_of(rma, name="exchange"):
    return reverse(f"portal:{name}", args=[rma.shop.slug, token_for(rma)])


def field(rma):
    return f"instead-{rma.lines.get().pk}"


def test_the_money_is_there_first_and_chosen_beforehand(rma):
    page = Client().get(page_of(rma)).content.decode()

    assert page.index("Le remboursement") < page.index("Paper lamp · red")
    assert "rien à payer" in page
    assert "· white" not in page


def test_a_shopper_takes_another_colour_and_it_is_kept(rma):
    client = Client()
    answer = client.post(page_of(rma), {field(rma): "LAMP-02"})

    assert answer.status_code == 302
    page = client.get(page_of(rma, "return")).content.decode()
    assert "Ce que vous recevez à la place" in page
    assert "Paper lamp (red)" in page
    assert Product.objects.get(sku="LAMP-02").stock_held == 1
    assert Exchange.objects.get().channel == "link"
    assert client.get(page_of(rma)).status_code == 302


def test_who_comes_too_late_is_told_kindly_and_loses_nothing(rma):
    Product.objects.filter(sku="LAMP-02").update(stock_held=1)
    answer = Client().post(page_of(rma), {field(rma): "LAMP-02"})

    assert answer.status_code == 422
    assert not Exchange.objects.exists()


def test_another_article_is_found_by_its_name(rma):
    page = Client().get(page_of(rma) + "?q=vase").content.decode()
    none = Client().get(page_of(rma) + "?q=zebra").content.decode()

    assert "Tall vase" in page
    assert "50,00" in page
    assert "rien trouvé" in none


@pytest.mark.parametrize("typed", ["", "NO-SUCH", "VASE-01", "é" * 500])
def test_what_is_not_on_offer_is_not_taken(rma, typed):
    answer = Client().post(page_of(rma), {field(rma): typed})

    assert answer.status_code == 422
    assert not Exchange.objects.exists()


def test_a_return_that_is_over_offers_nothing(rma):
    cancel_return(rma.pk, by="shopper")

    assert Client().get(page_of(rma)).status_code == 302
    assert not Settlement.objects.exists()
