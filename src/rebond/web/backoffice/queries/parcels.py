"""The pages about parcels: the lists, and those of one return with their labels and reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet

from rebond.domain.returns.models import Return, ReturnLine
from rebond.domain.returns.states import ParcelState, RequestState
from rebond.domain.shipping.methods import Way, chosen_of, may_choose, ways_of
from rebond.domain.shipping.models import (
    ChosenMethod,
    Label,
    Parcel,
    ParcelClaim,
    ReturnPoint,
)
from rebond.domain.shipping.pickups import in_doubt, pickup_is_offered
from rebond.domain.shipping.ports import Ability, Carrier, carriers
from rebond.domain.shipping.queries import scans_of_parcels
from rebond.domain.shops.models import Shop
from rebond.kernel.companies import Account
from rebond.kernel.paging import Page, page_of
from rebond.web.backoffice.queries.arrivals import set_arrivals

ROWS = 50
MOST_POINTS_SHOWN = 200
UNSENT_AFTER = timedelta(days=7)
VIEWS = ("coming", "unsent", "lost", "weight", "labels")


@dataclass(frozen=True)
class CarrierRow:
    """A carrier's plug as the settings show it. ``missing`` are settings that are not set."""

    key: str
    title: str
    abilities: list[str]
    tried_live: bool
    missing: list[str]

    @property
    def makes_labels(self) -> bool:
        """Whether the shop may choose it for its labels."""
        return bool({Ability.LABEL, Ability.STOCK} & {Ability(one) for one in self.abilities})


def parcels_page(shop: Shop, *, view: str, cursor: str, moment: datetime) -> Page[Parcel]:
    """One page of the parcels that ``view`` is about, the newest first, with what they bring."""
    lines = ReturnLine.objects.filter(shop=shop).order_by("position")
    rows = _with_details(shop, _of_view(Parcel.objects.filter(shop=shop), view, moment))
    rows = rows.prefetch_related(Prefetch("rma__lines", queryset=lines))
    page = page_of(rows, by="announced_at", cursor=cursor, size=ROWS)
    set_arrivals(shop, page.rows)
    return page


def parcels_of(rma: Return) -> list[Parcel]:
    """The parcels of a return with their labels and claims, and ``scans``, newest first."""
    rows = list(_with_details(rma.shop, rma.parcels.order_by("position")))
    scans = scans_of_parcels(rma.shop_id, rows)
    for parcel in rows:
        name = (parcel.carrier, parcel.tracking_key)
        mine = [one for one in scans if (one.carrier, one.tracking_key) == name]
        parcel.scans = mine  # type: ignore[attr-defined]
    return rows


def carrier_rows(shop: Shop) -> list[CarrierRow]:
    """Every carrier's plug, and what is missing before it works for the shop."""
    rows = []
    for key in carriers.keys():  # noqa: SIM118
        plug: type[Carrier] = carriers[key]
        account = Account(shop.slug)
        rows.append(
            CarrierRow(
                key,
                plug.title,
                sorted(plug.can),
                plug.tried_live,
                [f"REBOND_{name}" for name in plug.settings if not account.setting(name)],
            )
        )
    return rows


def _of_view(rows: QuerySet[Parcel], view: str, moment: datetime) -> QuerySet[Parcel]:
    if view == "unsent":
        return rows.filter(
            state=ParcelState.ANNOUNCED,
            announced_at__lte=moment - UNSENT_AFTER,
            rma__request_state=RequestState.APPROVED,
        )
    if view == "lost":
        return rows.filter(state=ParcelState.LOST)
    if view == "weight":
        less = Q(weighed_grams__lt=F("weight_grams") - 200) & Q(
            weighed_grams__lt=F("weight_grams") * 4 / 5
        )
        more = Q(weighed_grams__gt=F("weight_grams") + 200) & Q(
            weighed_grams__gt=F("weight_grams") * 6 / 5
        )
        return rows.filter(less | more)
    if view == "labels":
        of_parcel = Label.objects.filter(shop=OuterRef("shop"), parcel=OuterRef("pk"))
        return rows.filter(Exists(of_parcel.filter(in_doubt())))
    return rows.filter(state__in=[ParcelState.IN_TRANSIT, ParcelState.DELIVERED])


def _with_details(shop: Shop, rows: QuerySet[Parcel]) -> QuerySet[Parcel]:
    labels = Label.objects.filter(shop=shop).order_by("id")
    claims = ParcelClaim.objects.filter(shop=shop).order_by("-opened_at")
    return rows.select_related("rma__order").prefetch_related(
        Prefetch("labels", queryset=labels), Prefetch("claims", queryset=claims)
    )


@dataclass(frozen=True)
class WayBack:
    """How a return is sent: the ``chosen`` way, those ``offered``, whether it can change, and
    whether a pickup can be booked."""

    chosen: ChosenMethod | None
    offered: list[Way]
    is_open: bool
    currency: str
    takes_pickup: bool


def way_back_of(rma: Return) -> WayBack:
    """What the page of ``rma`` shows of its way back."""
    currency = rma.order.currency if rma.order else rma.shop.currency
    return WayBack(chosen_of(rma), ways_of(rma), may_choose(rma), currency, pickup_is_offered(rma))


def points_shown(shop: Shop) -> list[ReturnPoint]:
    """The first of the shop's hand-in places, its own counters before all."""
    rows = ReturnPoint.objects.filter(shop=shop)
    return list(rows.order_by("kind", "country", "postcode", "reference")[:MOST_POINTS_SHOWN])


def point_counts(shop: Shop) -> list[dict[str, Any]]:
    """How many places of each kind there are."""
    rows = ReturnPoint.objects.filter(shop=shop).values("kind").annotate(n=Count("id"))
    return [dict(row) for row in rows.order_by("kind")]
