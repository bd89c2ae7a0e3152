"""The pages about orders: the list, and one order whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet
from django.http import Http404

from rebond.domain.credit_notes.models import CreditNote
from rebond.domain.non_deliveries.models import NonDelivery
from rebond.domain.non_deliveries.queries import reports_of
from rebond.domain.orders.finding import Sought, orders_like
from rebond.domain.orders.gift_codes import gift_code
from rebond.domain.orders.models import Delivery, Order, OrderCharge, OrderLine, Payment
from rebond.domain.policies.queries import policy_in_force
from rebond.domain.refunds.models import OutsideRefund, OutsideState, Refund, Settlement
from rebond.domain.returns.gifts import gift_terms
from rebond.domain.returns.models import Return
from rebond.domain.shops.models import Shop
from rebond.domain.withdrawals.models import WithdrawalCase
from rebond.kernel.clock import now
from rebond.kernel.paging import Page, page_of
from rebond.outbound.telling.sums import titles_of
from rebond.web.backoffice.queries.queue import with_row_details
from rebond.web.backoffice.queries.search import orders_that_match

ROWS = 50


@dataclass(frozen=True)
class TaxOfRate:
    """All that was sold at one rate: ``rate`` is a fraction as text, empty where unknown."""

    rate: str
    gross_minor: int
    tax_minor: int

    @property
    def net_minor(self) -> int:
        """The value without the tax."""
        return self.gross_minor - self.tax_minor


@dataclass(frozen=True)
class Sale:
    """One order with everything that belongs to it."""

    order: Order
    lines: list[OrderLine]
    charges: list[OrderCharge]
    payments: list[Payment]
    deliveries: list[Delivery]
    returns: list[Return]
    settlements: list[Settlement]
    documents: list[CreditNote]
    outside: list[OutsideRefund]
    titles: dict[str, str]
    withdrawals: list[WithdrawalCase]
    missing: list[NonDelivery]

    @property
    def taxes(self) -> list[TaxOfRate]:
        """The tax for each rate, the highest first."""
        parts = [(rate_of(line), line.total_minor, line.tax_minor) for line in self.lines]
        parts += [(c.tax_rate, c.amount_minor, c.tax_minor) for c in self.charges]
        return taxes_by_rate(parts)

    @property
    def to_pay(self) -> list[Refund]:
        """Refunds without a return that wait for somebody to pay them by hand."""
        return [
            refund
            for settlement in self.settlements
            if settlement.rma is None
            for refund in settlement.refunds.all()
            if refund.waits_for_payer
        ]

    @property
    def is_anything_derived(self) -> bool:
        """Whether a value on the page was made up because the source lacked it."""
        order = self.order
        lists = [order.derived, order.shopper.derived]
        lists += [row.derived for row in self.payments]
        lists += [row.derived for row in self.deliveries]
        return any(lists)

    @property
    def gift_code(self) -> str:
        """The code for the gift receipt, where the policy lets presents come back; or ""."""
        policy = policy_in_force(self.order.shop, now())
        return gift_code(self.order) if gift_terms(policy) is not None else ""

    @property
    def can_be_returned(self) -> bool:
        """Whether a piece is left that somebody could give back."""
        return any(line.delivered_quantity > line.returned_quantity for line in self.lines)


def orders_page(shop: Shop, *, text: str, cursor: str, people: bool) -> Page[Order]:
    """One page of the orders that match ``text``, or of all."""
    rows = orders_that_match(shop, text, people=people) if text else Order.objects.filter(shop=shop)
    newest = (
        Return.objects.filter(shop=shop)
        .only("id", "order_id", "number", "request_state")
        .order_by("-id")
    )
    detailed = rows.select_related("shopper").prefetch_related(Prefetch("returns", newest))
    return page_of(detailed, by="ordered_at", cursor=cursor, size=ROWS)


def sales_like(shop: Shop, sought: Sought, *, most: int) -> list[Order]:
    """The newest orders that fit what is known, with their customers and lines."""
    rows = orders_like(shop, sought).select_related("shopper")
    lines = Prefetch("lines", OrderLine.objects.filter(shop=shop).order_by("position"))
    return list(rows.prefetch_related(lines).order_by("-ordered_at", "-id")[:most])


def find_order(shop: Shop, number: str) -> Order:
    """The order of ``shop`` with ``number``, with its shopper; else 404."""
    found = (
        Order.objects.select_related("shopper", "shop")
        .filter(shop=shop, number_key=number.lower())
        .first()
    )
    if found is None:
        raise Http404
    return found


def sale_of(order: Order) -> Sale:
    """``order`` with its lines, money, deliveries, returns and documents."""
    ours = Refund.objects.filter(shop_id=order.shop_id)
    refunds = ours.select_related("payment").order_by("started_at", "id")
    settlements = (
        order.settlements.select_related("rma")
        .defer("rma__terms")
        .order_by("decided_at", "id")
        .prefetch_related(
            Prefetch("refunds", refunds.prefetch_related("attempts")), "lines", "consents"
        )
    )
    papers = CreditNote.objects.filter(shop_id=order.shop_id, order=order).defer("content")
    return Sale(
        order=order,
        lines=list(order.lines.order_by("position")),
        charges=list(order.charges.order_by("position")),
        payments=list(order.payments.order_by("position")),
        deliveries=list(order.deliveries.order_by("position")),
        returns=list(
            with_row_details(order.returns.order_by("-requested_at", "-id"), order.shop_id)
        ),
        settlements=list(settlements),
        outside=list(_outside_of(order)),
        documents=list(papers.order_by("-issued_at", "-id")),
        titles=titles_of(order),
        withdrawals=list(
            WithdrawalCase.objects.select_related("statement").filter(
                shop_id=order.shop_id, order=order
            )
        ),
        missing=reports_of(order),
    )


def _outside_of(order: Order) -> QuerySet[OutsideRefund]:
    """Refunds made elsewhere that belong to no settlement, and count."""
    rows = OutsideRefund.objects.filter(shop_id=order.shop_id, payment__order=order)
    return rows.filter(state__in=[OutsideState.WAITING, OutsideState.LEFT]).order_by("found_at")


def rate_of(line: OrderLine) -> str:
    """The rate of a line; of several the first, and empty where none is known."""
    return next((tax["rate"] for tax in line.taxes if tax.get("rate")), "")


def taxes_by_rate(parts: Iterable[tuple[str, int, int]]) -> list[TaxOfRate]:
    """Rate, gross and tax of each part, summed for each rate.  (pure)"""
    sums: dict[str, tuple[int, int]] = {}
    for rate, gross, tax in parts:
        before = sums.get(rate, (0, 0))
        sums[rate] = (before[0] + gross, before[1] + tax)
    return [
        TaxOfRate(rate, gross, tax)
        for rate, (gross, tax) in sorted(sums.items(), key=lambda item: -float(item[0] or 0))
    ]
