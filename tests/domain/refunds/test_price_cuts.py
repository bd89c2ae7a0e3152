"""Money given back for a line without a piece of it, and then the pieces come back."""

import pytest
from tests.world import findings, order_of, received_return, small_shop

from rebond.domain.refunds.actions import refund_order, settle_return
from rebond.domain.refunds.errors import QuoteRefused
from rebond.domain.refunds.wishes import OrderRefund, WantedPieces
from rebond.domain.warehouse.actions import inspect_return
from rebond.insights.verification.promises import PROMISES

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(db):
    return order_of(small_shop())


def cut(order, minor, sku="LAMP-01"):
    line = order.lines.get(sku=sku)
    wish = OrderRefund((WantedPieces(line.pk, 0, amount_minor=minor),), reason="a scratch")
    return refund_order(order.pk, wish, by="staff:Ana")


def sent_back(order, quantity, sku="LAMP-01"):
    rma = received_return(order, {sku: quantity})
    inspect_return(rma.pk, findings(rma), by="staff:Karim")
    return settle_return(rma.pk, by="staff:Ana")


def kept_promises():
    return [breach for promise in PROMISES for breach in promise.breaches()] == []


def test_all_pieces_after_a_price_cut_bring_what_is_left_of_them(order):
    cut(order, 500)

    settlement = sent_back(order, 3)

    assert settlement.gross_minor == 10000 - 500
    assert settlement.lines.get().quantity == 3
    assert kept_promises()


def test_piece_by_piece_the_line_never_gives_back_more_than_it_cost(order):
    cut(order, 500)

    sums = [sent_back(order, 1).gross_minor for _ in range(3)]

    assert sums == [3333, 3333, 2834]
    assert sum(sums) == 10000 - 500
    assert kept_promises()


def test_with_other_goods_only_the_line_that_was_cut_brings_less(order):
    cut(order, 2000)
    rma = received_return(order, {"LAMP-01": 3, "MUG-07": 1})
    inspect_return(rma.pk, findings(rma), by="staff:Karim")

    settlement = settle_return(rma.pk, by="staff:Ana")

    by_sku = dict(settlement.lines.values_list("order_line__sku", "gross_minor"))
    assert by_sku == {"LAMP-01": 8000, "MUG-07": 1295}
    assert kept_promises()


def test_of_a_line_that_was_refunded_whole_nothing_is_left(order):
    cut(order, 10000)

    with pytest.raises(QuoteRefused):
        sent_back(order, 1)
    assert kept_promises()
