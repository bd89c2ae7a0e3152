"""Reports of missing goods for screens and for the legal clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from rebond.domain import law
from rebond.domain.non_deliveries.models import NonDelivery, NonDeliveryAnswer, NonDeliveryLine
from rebond.domain.non_deliveries.states import AnswerKind
from rebond.domain.orders.models import Order
from rebond.domain.refunds.models import Settlement
from rebond.domain.refunds.payouts import money_state_of
from rebond.domain.returns.states import MoneyState
from rebond.domain.shops.models import Shop

TOPIC = "non_delivery_refund"
LOOKED_BACK = timedelta(days=365)


@dataclass(frozen=True)
class LegalEnd:
    """What follows from the end of the contract; ``due_on`` None where no page of law says it."""

    due_on: date | None
    rules: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()


def country_of(order: Order) -> str:
    """Whose law the buyer is under."""
    return order.country or order.shop.country


def legal_end_of(report: NonDelivery, ended_on: date) -> LegalEnd:
    """By when the law wants the money back after the end of the contract on ``ended_on``.

    Source: C. conso. L216-7 (FR-GL-12), by the law engine; other countries are not covered.
    """
    country = country_of(report.order)
    if report.order.shopper.is_business or not law.covers(country, TOPIC):
        return LegalEnd(None)
    said: dict[str, Any] = law.answer(
        {
            "jurisdiction": country,
            "topic": TOPIC,
            "facts": {"contract_terminated_on": ended_on.isoformat()},
        }
    )
    due = said.get("refund_due_on_or_before")
    return LegalEnd(
        date.fromisoformat(due) if isinstance(due, str) else None,
        tuple(said.get("rules", ())),
        tuple(said.get("references", ())),
    )


def reports(shop: Shop) -> QuerySet[NonDelivery]:
    """The reports of ``shop`` with what a row shows."""
    rows = NonDelivery.objects.filter(shop=shop).select_related("order__shopper", "shop")
    return rows.prefetch_related("lines__order_line")


def reports_of(order: Order) -> list[NonDelivery]:
    """The reports of ``order``, newest first."""
    rows = NonDelivery.objects.filter(shop_id=order.shop_id, order=order)
    return list(rows.prefetch_related("lines__order_line").order_by("-reported_at", "-id"))


def lines_in(report: NonDelivery) -> list[NonDeliveryLine]:
    """The lines of ``report`` in the order of the sale."""
    return list(report.lines.select_related("order_line").order_by("order_line__position"))


def answers_to(report: NonDelivery) -> list[NonDeliveryAnswer]:
    """What was answered, oldest first."""
    return list(report.answers.select_related("settlement", "staff__user").order_by("at", "id"))


def earlier_reports(report: NonDelivery, moment: datetime) -> int:
    """How often the same mailbox reported missing goods in the year before."""
    theirs = report.order.shopper
    same = Q(order__shopper=theirs)
    if theirs.email_key:
        same |= Q(order__shopper__email_key=theirs.email_key)
    rows = NonDelivery.objects.filter(
        same, shop_id=report.shop_id, reported_at__gt=moment - LOOKED_BACK
    )
    return rows.exclude(pk=report.pk).count()


def money_of(report: NonDelivery) -> MoneyState:
    """Where the money of all refunds of ``report`` stands."""
    paid = NonDeliveryAnswer.objects.filter(
        shop_id=report.shop_id,
        report=report,
        kind=AnswerKind.REFUNDED,
        called_off_at=None,
        settlement__called_off_at=None,
    ).values("settlement")
    settled = list(
        Settlement.objects.filter(shop_id=report.shop_id, pk__in=paid).prefetch_related("refunds")
    )
    refunds = [(one.state, one.amount_minor) for each in settled for one in each.refunds.all()]
    return money_state_of(sum(one.gross_minor for one in settled), refunds)
