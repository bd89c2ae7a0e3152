"""Other goods instead of money: held, settled with the return, documented, or let go."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from tests.world import findings, order_of, requested_return, small_shop, staff_of

from rebond.domain.credit_notes.heads import written_heads
from rebond.domain.credit_notes.models import CreditNote
from rebond.domain.exchanges.actions import (
    WAIVED,
    agree_exchange,
    document_sale,
    end_exchange,
    settle_difference,
    settle_exchange,
)
from rebond.domain.exchanges.documents import sale_pdf
from rebond.domain.exchanges.errors import (
    DifferenceOwed,
    ExchangeExists,
    ExchangeMoved,
    NotForExchange,
    NothingToExchange,
    NotTheDifference,
)
from rebond.domain.exchanges.jobs import lapse_exchanges, write_all_heads
from rebond.domain.exchanges.models import Exchange, SaleDocument
from rebond.domain.exchanges.wishes import Instead
from rebond.domain.orders.models import Order, Payment
from rebond.domain.products.actions import NewProduct, keep_products
from rebond.domain.products.errors import OutOfStock, UnknownProduct
from rebond.domain.products.models import Product
from rebond.domain.refunds.actions import pay_by_hand, settle_return
from rebond.domain.refunds.errors import ExchangeOpen
from rebond.domain.refunds.models import Consent, Refund, Settlement
from rebond.domain.refunds.ways import Channel, Yes
from rebond.domain.returns.actions import approve_return
from rebond.domain.returns.errors import IllegalTransition
from rebond.domain.returns.models import Return
from rebond.domain.returns.states import MoneyState, RequestState
from rebond.domain.warehouse.actions import inspect_return, receive_return
from rebond.domain.warehouse.grades import Grade
from rebond.insights.verification.promises import PROMISES
from rebond.kernel.clock import now
from rebond.kernel.models import Event

pytestmark = pytest.mark.django_db
YES = Yes(Channel.LINK, "Camille Œuvrard")
STAFF = "staff:Ana"


@pytest.fixture
def shop():
    """Lamps in three colours, a mug for 45 euros, a dear vase, a cheap spoon."""
    shop = small_shop()
    lamp = {"family": "lamp", "price_minor": 4000}
    keep_products(
        shop,
        [
            NewProduct("LAMP-01", "Paper lamp", option="white", stock=3, **lamp),
            NewProduct("LAMP-02", "Paper lamp", option="red", stock=2, **lamp),
            NewProduct("LAMP-03", "Paper lamp, large", option="white", family="lamp",
                       price_minor=9000, stock=1),
            NewProduct("VASE-01", "Vase", price_minor=5000, tax_rate="0.20", stock=5),
            NewProduct("SPOON-01", "Spoon", price_minor=500, tax_rate="0.20"),
            NewProduct("RUG-01", "Rug", stock=4),
        ],
        by=STAFF,
    )  # fmt: skip
    return shop


@pytest.fixture
def rma(shop):
    """A return of one lamp (33.33 of 100.00 for three) and one mug (12.95)."""
    rma = requested_return(order_of(shop, days_since_delivery=20), {"LAMP-01": 1, "MUG-07": 1})
    if rma.request_state == RequestState.REQUESTED:
        approve_return(rma.pk, by=STAFF)
    return Return.objects.get(pk=rma.pk)


def agreed(rma, sku="LAMP-02", *, line="LAMP-01", quantity=1):
    wish = Instead(rma.lines.get(sku=line).pk, sku, quantity)
    return agree_exchange(rma.pk, [wish], YES, by="shopper")


def come_back(rma, run_jobs, *, grade=Grade.A, **more):
    """The goods arrive, are looked at, and what follows is done."""
    counts = {line.pk: line.quantity for line in rma.lines.all()}
    receive_return(rma.pk, counts, note="", by=STAFF)
    inspect_return(rma.pk, findings(rma, grade, **more), by=STAFF)
    run_jobs()


def stock_of(sku):
    product = Product.objects.get(sku=sku)
    return product.stock_on_hand, product.stock_held


def broken():
    return [breach for promise in PROMISES for breach in promise.breaches()]


# --- agreeing -----------------------------------------------------------------------------


def test_the_goods_are_held_as_soon_as_it_is_agreed(rma):
    exchange = agreed(rma)

    assert stock_of("LAMP-02") == (2, 1)
    assert exchange.expires_at - exchange.agreed_at == timedelta(days=14)
    assert rma.lines.get(sku="LAMP-01").outcome == "exchange"
    assert rma.lines.get(sku="MUG-07").outcome == "refund"
    assert Event.objects.get(name="exchange.agreed").payload["goods"] == "1 × LAMP-02"


def test_the_last_piece_is_promised_once(shop):
    keep_products(shop, [NewProduct("LAMP-02", stock=1)], by=STAFF)
    first, second = (
        requested_return(order_of(shop, number=number), {"LAMP-01": 1}) for number in ("1", "2")
    )
    agreed(first)

    with pytest.raises(OutOfStock) as refusal:
        agreed(second)

    assert refusal.value.facts == {"sku": "LAMP-02", "asked": 1, "free": 0}
    assert stock_of("LAMP-02") == (1, 1)
    assert second.lines.get().outcome == "refund"


def test_what_nobody_counts_is_never_out_of_stock(rma):
    agreed(rma, "SPOON-01")

    assert stock_of("SPOON-01") == (None, 1)


def test_the_database_refuses_to_promise_more_than_there_is():
    shop = small_shop()
    keep_products(shop, [NewProduct("A", stock=1)], by=STAFF)

    with pytest.raises(IntegrityError), transaction.atomic():
        Product.objects.filter(shop=shop, sku="A").update(stock_held=2)


def test_a_count_below_what_is_promised_keeps_the_promises(rma, shop):
    agreed(rma)
    keep_products(shop, [NewProduct("LAMP-02", stock=0)], by=STAFF)

    assert stock_of("LAMP-02") == (1, 1)


@pytest.mark.parametrize(
    ("sku", "quantity", "error"),
    [
        ("NO-SUCH", 1, UnknownProduct),
        ("LAMP-02", 2, NotForExchange),
        ("LAMP-02", 0, NotForExchange),
        ("RUG-01", 1, NotForExchange),
    ],
)
def test_what_cannot_be_exchanged_is_refused_and_nothing_is_held(rma, sku, quantity, error):
    with pytest.raises(error):
        agreed(rma, sku, quantity=quantity)

    assert not Exchange.objects.exists()
    assert stock_of("LAMP-02") == (2, 0)


def test_one_exchange_at_a_time(rma):
    agreed(rma)

    with pytest.raises(ExchangeExists):
        agreed(rma, "VASE-01", line="MUG-07")
    with pytest.raises(NothingToExchange):
        agree_exchange(requested_return(order_of(rma.shop, number="2")).pk, [], YES, by="shopper")


def test_a_return_that_is_over_is_not_exchanged(rma, run_jobs):
    come_back(rma, run_jobs)

    with pytest.raises(IllegalTransition):
        agreed(rma)


# --- settling -----------------------------------------------------------------------------


def test_the_same_thing_in_another_colour_costs_nobody_a_cent(rma, run_jobs):
    agreed(rma)
    come_back(rma, run_jobs)
    exchange = Exchange.objects.get()
    settlement = Settlement.objects.get()
    parts = {refund.provider: refund.amount_minor for refund in settlement.refunds.all()}

    assert exchange.state == "released"
    assert (exchange.sale_minor, exchange.applied_minor, exchange.due_minor) == (3333, 3333, 0)
    assert parts == {"exchange": 3333, "paper": settlement.gross_minor - 3333}
    assert Consent.objects.get().way == "exchange"
    assert stock_of("LAMP-02") == (1, 0)
    order = exchange.new_order
    assert (order.number, order.total_minor, order.source) == ("1001-E1", 3333, "exchange")
    assert [(line.sku, line.quantity, line.total_minor) for line in order.lines.all()] == [
        ("LAMP-02", 1, 3333)
    ]
    assert broken() == []


def test_a_cheaper_thing_gives_the_rest_back(rma, run_jobs):
    agreed(rma, "SPOON-01")
    come_back(rma, run_jobs)
    settlement = Settlement.objects.get()

    assert {r.provider: r.amount_minor for r in settlement.refunds.all()} == {
        "exchange": 500,
        "paper": settlement.gross_minor - 500,
    }
    assert broken() == []


def test_a_dearer_thing_waits_for_the_difference(rma, run_jobs):
    """The lamp and the mug are worth 46.28; the vase costs 50.00: 3.72 are owed."""
    agreed(rma, "VASE-01")
    come_back(rma, run_jobs)
    exchange = Exchange.objects.get()

    assert (exchange.state, exchange.due_minor) == ("unpaid", 5000 - 4628)
    assert not Settlement.objects.exists()
    assert stock_of("VASE-01") == (5, 1)
    with pytest.raises(DifferenceOwed):
        settle_exchange(rma.pk, by=STAFF, who=staff_of(rma.shop))
    with pytest.raises(NotTheDifference):
        settle_difference(exchange.pk, amount_minor=371, way="card", reference="T-1", by=STAFF)

    settle_difference(exchange.pk, amount_minor=372, way="card", reference="T-1", by=STAFF)
    run_jobs()

    exchange.refresh_from_db()
    assert exchange.state == "released"
    assert [(p.provider, p.method, p.captured_minor) for p in _payments(exchange)] == [
        ("exchange", "exchange", 4628),
        ("paper", "card", 372),
    ]
    assert stock_of("VASE-01") == (4, 0)
    assert Return.objects.get().money_state == MoneyState.SUCCEEDED
    assert broken() == []


def test_the_shop_may_let_the_difference_go(rma, run_jobs):
    exchange = agreed(rma, "VASE-01")
    come_back(rma, run_jobs)
    settle_difference(exchange.pk, amount_minor=372, way=WAIVED, reference="", by=STAFF)
    run_jobs()
    order = Exchange.objects.get().new_order

    assert order.total_minor == 4628
    assert order.lines.get().discount_minor == 372
    assert [payment.captured_minor for payment in order.payments.all()] == [4628]
    assert broken() == []


def test_what_is_kept_for_its_state_is_owed_for_an_even_exchange(rma, run_jobs):
    """Lamp and mug are worth 46.28, half of each is kept: 23.13 pay for a lamp of 33.33."""
    agreed(rma)
    come_back(rma, run_jobs, grade=Grade.C, kept_percent=50)
    exchange = Exchange.objects.get()

    assert (exchange.state, exchange.sale_minor) == ("unpaid", 3333)
    assert (exchange.applied_minor, exchange.due_minor) == (2313, 1020)


def test_nothing_accepted_is_nothing_exchanged(rma, run_jobs):
    agreed(rma)
    counts = {line.pk: line.quantity for line in rma.lines.all() if line.sku == "MUG-07"}
    receive_return(rma.pk, counts, note="", by=STAFF)
    inspect_return(rma.pk, findings(rma), by=STAFF)
    run_jobs()

    assert Exchange.objects.get().state == "cancelled"
    assert stock_of("LAMP-02") == (2, 0)
    assert {r.provider for r in Refund.objects.all()} == {"paper"}
    assert broken() == []


def test_money_is_not_sent_while_goods_are_agreed(rma, run_jobs):
    agreed(rma)

    with pytest.raises(ExchangeOpen):
        settle_return(rma.pk, by=STAFF)


# --- ending -------------------------------------------------------------------------------


def test_when_the_time_is_over_the_goods_are_free_and_the_money_goes_back(rma, run_jobs):
    agreed(rma)
    with time_machine.travel(now() + timedelta(days=15), tick=False):
        lapse_exchanges()
        run_jobs()
    assert Exchange.objects.get().state == "lapsed"
    assert stock_of("LAMP-02") == (2, 0)

    come_back(rma, run_jobs)
    assert {r.provider for r in Refund.objects.all()} == {"paper"}


def test_goods_that_came_in_time_do_not_lapse_while_the_shop_looks_at_them(rma, run_jobs):
    agreed(rma)
    counts = {line.pk: line.quantity for line in rma.lines.all()}
    receive_return(rma.pk, counts, note="", by=STAFF)
    with time_machine.travel(now() + timedelta(days=15), tick=False):
        lapse_exchanges()
        run_jobs()

    assert Exchange.objects.get().state == "agreed"
    inspect_return(rma.pk, findings(rma), by=STAFF)
    run_jobs()
    assert Exchange.objects.get().state == "released"


def test_a_number_that_is_taken_is_passed_over(rma, run_jobs):
    order_of(rma.shop, number="1001-E2")
    order_of(rma.shop, number="1001-e1")
    agreed(rma)
    come_back(rma, run_jobs)

    assert Exchange.objects.get().new_order.number == "1001-E3"


def test_what_was_settled_and_paid_is_not_called_off(rma, run_jobs):
    exchange = agreed(rma)
    come_back(rma, run_jobs)

    with pytest.raises(ExchangeMoved):
        end_exchange(exchange.pk, why="late", by=STAFF)


def test_what_was_settled_and_not_paid_is_called_off_and_its_money_waits(rma, run_jobs):
    exchange = agreed(rma)
    counts = {line.pk: line.quantity for line in rma.lines.all()}
    receive_return(rma.pk, counts, note="", by=STAFF)
    inspect_return(rma.pk, findings(rma), by=STAFF)
    settle_exchange(rma.pk, by=STAFF)
    end_exchange(exchange.pk, why="sold_out", by=STAFF)
    run_jobs()

    assert stock_of("LAMP-02") == (2, 0)
    assert Refund.objects.get(provider="exchange").state == "failed"
    assert broken() == []


def test_an_exchange_called_off_after_the_inspection_is_paid_back_at_once(rma, run_jobs):
    exchange = agreed(rma, "VASE-01")
    come_back(rma, run_jobs)
    end_exchange(exchange.pk, why="shopper_changed_mind", by=STAFF)
    run_jobs()

    assert Settlement.objects.get().gross_minor == 4628
    assert stock_of("VASE-01") == (5, 0)
    with pytest.raises(ExchangeMoved):
        end_exchange(exchange.pk, why="twice", by=STAFF)


def test_after_one_ended_another_may_be_agreed(rma):
    end_exchange(agreed(rma).pk, why="wrong_size", by=STAFF)

    assert agreed(rma, "VASE-01").state == "agreed"


# --- paper --------------------------------------------------------------------------------


def test_an_exchange_leaves_two_documents_and_one_settlement(rma, run_jobs):
    agreed(rma)
    come_back(rma, run_jobs)
    refund = Refund.objects.get(provider="paper")
    pay_by_hand(refund.pk, reference="VIR-1", paid_on=now().date(), by=STAFF)
    run_jobs()
    credit, sale = CreditNote.objects.get(), SaleDocument.objects.get()

    assert credit.gross_minor == Settlement.objects.get().gross_minor
    assert {part["method"] for part in credit.content["paid_back"]} == {"exchange", "card"}
    assert sale.label.startswith("FE-")
    assert sale.label.endswith("000001")
    assert sale.gross_minor == 3333
    assert sale.tax_minor == Order.objects.get(number="1001-E1").tax_minor
    assert Order.objects.get(number="1001-E1").invoice_number == sale.label
    assert sale_pdf(sale) == sale_pdf(sale)
    assert document_sale(sale.exchange_id, by=STAFF) == sale
    assert broken() == []


def test_the_head_of_the_sales_is_kept_outside(rma, run_jobs, without_guards):
    agreed(rma)
    come_back(rma, run_jobs)
    sale = SaleDocument.objects.get()

    write_all_heads()
    run_jobs()

    assert [(head.label, head.hash) for head in written_heads()] == [(sale.label, sale.hash)]
    assert broken() == []
    SaleDocument.objects.update(hash="0" * 64)
    assert any("chain rewritten" in breach for breach in broken())
    SaleDocument.objects.update(series="FE-1999")
    assert any("is gone" in breach for breach in broken())


def test_the_new_goods_can_come_back_too(rma, run_jobs):
    agreed(rma)
    come_back(rma, run_jobs)
    order = Order.objects.get(number="1001-E1")
    again = requested_return(order, {"LAMP-02": 1})
    if again.request_state == RequestState.REQUESTED:
        approve_return(again.pk, by=STAFF)
    again.refresh_from_db()
    come_back(again, run_jobs)
    refund = Refund.objects.get(settlement__rma=again)

    assert (refund.amount_minor, refund.provider, refund.needs_person) == (3333, "", True)
    assert broken() == []


def _payments(exchange):
    return Payment.objects.filter(order=exchange.new_order).order_by("position")
