"""The code of a return slip finds the order, and proves nothing by itself."""

import pytest
from django.test import Client
from django.urls import reverse
from tests.world import EMAIL

from rebond.domain.shipping.actions import make_slips
from rebond.domain.shipping.slip_codes import printed


@pytest.fixture
def start(order):
    return reverse("portal:start", args=[order.shop.slug])


@pytest.fixture
def code(order):
    return printed(make_slips(order.shop, [order.number], by="test")[0].code)


def test_the_square_on_the_slip_fills_the_code_in(order, start, code):
    page = Client().get(start, {"code": code.replace("-", "")}).content.decode()

    assert f'value="{code}"' in page


def test_a_link_may_name_the_order_and_opens_nothing_by_itself(order, start):
    page = Client().get(start, {"number": f'{order.number}"><b>'}).content.decode()

    assert f'value="{order.number}&quot;&gt;&lt;b&gt;"' in page
    assert 'name="proof" value=""' in page


@pytest.mark.parametrize("nonsense", ["<script>", "S-1", ""])
def test_what_is_no_code_is_not_filled_in(order, start, nonsense):
    assert 'name="number" value=""' in Client().get(start, {"code": nonsense}).content.decode()


@pytest.mark.parametrize("proof", [EMAIL, "75005"])
def test_the_code_stands_for_the_number(order, start, code, proof):
    answer = Client().post(start, {"number": code.lower(), "proof": proof})

    assert answer.headers["Location"] == reverse("portal:order", args=["galerie", order.number])


def test_the_code_alone_opens_nothing(order, start, code):
    answer = Client().post(start, {"number": code, "proof": "69001"})

    assert answer.status_code == 422
    assert "1001" not in answer.content.decode().replace(code, "")
