"""The pages about money: what waits for somebody, and the rules."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Prefetch
from django.http import Http404

from rebond.domain.orders.models import Payment
from rebond.domain.refunds.limits import LimitKind, Spender
from rebond.domain.refunds.models import Approval, LimitChange, MoneyLimit, MoneyTask, Refund
from rebond.domain.shops.models import Shop
from rebond.kernel.paging import Page, page_of

ROWS = 50


@dataclass(frozen=True)
class RoleLimits:
    """The limits of one role by kind, minor units of the shop's currency; None: no limit."""

    role: str
    by_kind: list[tuple[str, int | None]]


def tasks_page(shop: Shop, *, cursor: str) -> Page[MoneyTask]:
    """One page of what waits for a person, the newest first."""
    asked = Approval.objects.filter(shop=shop).select_related("asked_by__user", "asked_by_key")
    waiting = (
        MoneyTask.objects.filter(shop=shop, closed_at=None)
        .select_related("order", "rma", "refund__payment", "settlement")
        .defer("order__derived", "rma__terms", "settlement__breakdown")
        .prefetch_related(Prefetch("settlement__approvals", asked))
    )
    return page_of(waiting, by="opened_at", cursor=cursor, size=ROWS)


def open_tasks(shop: Shop, most: int = 100) -> int:
    """How many things wait, counted up to ``most``."""
    waiting = MoneyTask.objects.filter(shop=shop, closed_at=None)
    return len(waiting.values_list("id", flat=True)[:most])


def find_task_refund(shop: Shop, refund_id: UUID) -> Refund:
    """The refund of ``shop``; else 404."""
    found = (
        Refund.objects.select_related(
            "payment", "settlement__rma", "settlement__order__shop", "settlement__order__shopper"
        )
        .filter(shop=shop, pk=refund_id)
        .first()
    )
    if found is None:
        raise Http404
    return found


def limits_of(shop: Shop) -> list[RoleLimits]:
    """Everybody who may refund, with their limits in the shop's currency."""
    rows = MoneyLimit.objects.filter(shop=shop, currency=shop.currency)
    known = {(row.role, row.kind): row.amount_minor for row in rows}
    return [
        RoleLimits(who.value, [(kind.value, known.get((who, kind))) for kind in LimitKind])
        for who in Spender
    ]


def waiting_changes(shop: Shop) -> list[LimitChange]:
    """Higher limits that wait for a second person."""
    waiting = LimitChange.objects.filter(shop=shop, is_granted=None)
    return list(waiting.select_related("asked_by__user").order_by("asked_at"))


def methods_of(shop: Shop) -> list[str]:
    """The ways in which shoppers paid here: first those that the shop has put in order."""
    used = Payment.objects.filter(shop=shop).order_by().values_list("method", flat=True).distinct()
    return [*shop.tender_order, *sorted(set(used) - set(shop.tender_order))]
