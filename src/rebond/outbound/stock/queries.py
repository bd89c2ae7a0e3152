"""Shapes for the page and the API about stock that is told."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Min, Q, QuerySet

from rebond.domain.shops.models import Shop
from rebond.kernel.companies import Account
from rebond.outbound.stock.models import OPEN, Link, Report, ReportState
from rebond.outbound.stock.ports import missing_for, stock_systems


@dataclass(frozen=True)
class Offered:
    """A system that can be told. ``missing`` are names in the environment, none when ready."""

    key: str
    title: str
    missing: tuple[str, ...]


def system_of(shop: Shop) -> str:
    """The key of the system that is told, "" for nobody."""
    known = Link.objects.filter(shop=shop).values_list("system", flat=True).first()
    return known or ""


def systems_for(shop: Shop) -> list[Offered]:
    """All systems by their keys, with what the host has still to set for this shop."""
    return [
        Offered(key, stock_systems[key].title, tuple(missing_for(key, Account(shop.slug))))
        for key in stock_systems.keys()  # noqa: SIM118
    ]


def reports_of(shop: Shop) -> QuerySet[Report]:
    """All reports with their places and movements, without an order."""
    rows = Report.objects.filter(shop=shop).select_related("location", "movement")
    return rows.select_related("movement__unit__inspection__line__rma").defer("body")


def stopped_lines(shop: Shop) -> QuerySet[Report]:
    """Refused reports, oldest first: each stops the line of its place."""
    return reports_of(shop).filter(state=ReportState.REFUSED).order_by("made_at", "id")


def open_counts(shop: Shop) -> dict[str, object]:
    """``waiting`` and ``refused`` reports, and ``since``: when the oldest of them was made."""
    return Report.objects.filter(shop=shop, state__in=OPEN).aggregate(
        waiting=Count("id", filter=Q(state=ReportState.WAITING)),
        refused=Count("id", filter=Q(state=ReportState.REFUSED)),
        since=Min("made_at"),
    )
