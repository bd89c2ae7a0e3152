"""Other goods instead of money, at the desk."""

import pytest
from django.urls import reverse
from tests.world import findings, order_of, requested_return, run_jobs, small_shop

from rebond.domain.exchanges.models import Exchange, SaleDocument
from rebond.domain.orders.models import Order
from rebond.domain.products.actions import NewProduct, keep_products
from rebond.domain.products.models import Product
from rebond.domain.returns.actions import approve_return
from rebond.domain.returns.models import Return
from rebond.domain.returns.states import RequestState
from rebond.domain.shops.access import Role
from rebond.domain.warehouse.actions import inspect_return, receive_return

pytestmark = pytest.mark.django_db


@pytest.fixture
def rma():
    """A return of one lamp, of which there are two other colours and a dear vase."""
    shop = small_shop()
    keep_products(
        shop,
        [
            NewProduct("LAMP-01", "Paper lamp", family="lamp", option="white"),
            NewProduct("LAMP-02", "Paper lamp", family="lamp", option="red", stock=2),
            NewProduct("VASE-01", "Tall vase", price_minor=5000, stock=5),
        ],
        by="test",
    )
    rma = requested_return(order_of(shop), {"LAMP-01": 1})
    if rma.request_state == RequestState.REQUESTED:
        approve_return(rma.pk, by="test")
    return Return.objects.get(pk=rma.pk)


def at(rma, page):
    return reverse(f"backoffice:{page}", args=[rma.shop.slug, rma.number])


def chosen(rma, sku, **more):
    return {f"instead-{rma.lines.get().pk}": sku, "channel": "phone", **more}


def arrive(rma):
    counts = {line.pk: line.quantity for line in rma.lines.all()}
    receive_return(rma.pk, counts, note="", by="test")
    inspect_return(rma.pk, findings(rma), by="test")
    run_jobs()


def text(client, address):
    return client.get(address).content.decode()


def test_an_agent_agrees_and_the_exchange_runs_by_itself(rma, at_desk):
    client = at_desk(rma.shop)
    assert at(rma, "exchange_agree") in text(client, at(rma, "return"))
    page = text(client, at(rma, "exchange_agree"))
    assert "Paper lamp · red (LAMP-02), same price, 2 in stock" in " ".join(page.split())
    assert "VASE-01" not in page

    assert client.post(at(rma, "exchange_agree"), chosen(rma, "LAMP-02")).status_code == 302
    page = text(client, at(rma, "return"))
    assert "Agreed, goods held" in page
    assert at(rma, "settle") not in page
    arrive(rma)

    page = text(client, at(rma, "return"))
    assert "1001-E1" in page
    note = SaleDocument.objects.get()
    pdf = client.get(reverse("backoffice:sale_document", args=[rma.shop.slug, note.pk]))
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF")
    assert Order.objects.get(number="1001-E1").invoice_number in page


def test_another_article_is_found_by_name_and_its_difference_noted(rma, at_desk):
    client = at_desk(rma.shop)
    found = text(client, at(rma, "exchange_agree") + "?q=vase")
    assert "VASE-01" in found
    client.post(at(rma, "exchange_agree"), chosen(rma, "VASE-01", q="vase"))
    arrive(rma)
    assert "€16.67 are owed" in text(client, at(rma, "return"))

    wrong = client.post(at(rma, "exchange_difference"), {"way": "hope"})
    assert wrong.status_code == 404
    client.post(at(rma, "exchange_difference"), {"way": "card", "reference": "T-9"})
    run_jobs()

    assert Exchange.objects.get().state == "released"


def test_a_form_without_a_choice_or_a_word_is_given_back(rma, at_desk):
    client = at_desk(rma.shop)

    nothing = client.post(at(rma, "exchange_agree"), {"channel": "phone"})
    silent = client.post(at(rma, "exchange_agree"), chosen(rma, "LAMP-02", channel=""))
    strange = client.post(at(rma, "exchange_agree"), chosen(rma, "VASE-01"))

    assert (nothing.status_code, silent.status_code, strange.status_code) == (422, 422, 422)
    assert "selected" in silent.content.decode()
    assert not Exchange.objects.exists()


def test_an_exchange_is_called_off_and_the_goods_are_free(rma, at_desk):
    client = at_desk(rma.shop)
    client.post(at(rma, "exchange_agree"), chosen(rma, "LAMP-02"))
    client.post(at(rma, "exchange_end"))
    again = client.post(at(rma, "exchange_end"))

    assert Product.objects.get(sku="LAMP-02").stock_held == 0
    assert again.status_code == 409
    assert at(rma, "exchange_agree") in text(client, at(rma, "return"))


def test_a_return_that_is_cancelled_lets_the_goods_go(rma, at_desk):
    client = at_desk(rma.shop)
    client.post(at(rma, "exchange_agree"), chosen(rma, "LAMP-02"))
    client.post(at(rma, "cancel"), {"version": Return.objects.get().version})
    run_jobs()

    assert Exchange.objects.get().state == "cancelled"
    assert Product.objects.get(sku="LAMP-02").stock_held == 0


def test_who_may_not_decide_agrees_on_nothing(rma, at_desk):
    client = at_desk(rma.shop, Role.WAREHOUSE, name="Karim Benali")

    assert client.post(at(rma, "exchange_agree"), chosen(rma, "LAMP-02")).status_code == 403
    assert client.post(at(rma, "exchange_settle")).status_code == 403
    assert client.post(at(rma, "exchange_difference"), {"way": "card"}).status_code == 403


def test_another_shop_sees_none_of_it(rma, at_desk):
    at_desk(rma.shop).post(at(rma, "exchange_agree"), chosen(rma, "LAMP-02"))
    arrive(rma)
    note = SaleDocument.objects.get()
    client = at_desk(small_shop("autre"))

    assert client.get(at(rma, "exchange_agree")).status_code == 404
    theirs = reverse("backoffice:sale_document", args=["autre", note.pk])
    assert client.get(theirs).status_code == 404
