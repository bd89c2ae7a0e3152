"""Reads the past in large pieces, as the facts that a policy judges: a few queries for each piece.

Pieces follow each other by moment and id, so a trial goes on where it stopped.
"""

from __future__ import annotations

import json
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet

from rebond.domain.orders.models import ChargeKind, Delivery, Order, OrderCharge, OrderLine
from rebond.domain.policies.documents import fingerprint_of
from rebond.domain.policies.facts import Facts, LineFacts
from rebond.domain.policies.frozen import facts_in
from rebond.domain.returns.models import Reason, Return, ReturnLine
from rebond.domain.returns.states import Ground
from rebond.domain.shoppers.models import groups_of
from rebond.domain.shops.models import Shop
from rebond.insights.trials.comparing import Case

PIECE = 1000
LONGEST_DELAY = 60
HAPPENS_OFTEN = 3000
"""So many returns are enough to know which reasons are given how often."""


@dataclass(frozen=True)
class Span:
    """The days of a trial as moments: from ``start`` until just before ``end``."""

    start: datetime
    end: datetime

    @classmethod
    def of(cls, shop: Shop, first: date, last: date) -> Span:
        """The days ``first`` to ``last`` in the shop's time zone, both inside."""
        zone = ZoneInfo(shop.time_zone)
        midnight = datetime.combine(first, time(), zone)
        after = datetime.combine(last + timedelta(days=1), time(), zone)
        return cls(midnight.astimezone(UTC), after.astimezone(UTC))


class Past(NamedTuple):
    """One return: its case, and the decision frozen with it (None: nobody decided)."""

    case: Case
    frozen: Mapping[str, Any] | None
    bought_at: datetime


class Bought(NamedTuple):
    """One order that nobody sent back, as if all of it were asked for on the day it arrived."""

    case: Case
    bought_at: datetime


class Piece(NamedTuple):
    """Some rows. ``seen`` counts them all, ``by_law`` those left out because the law decides."""

    cases: Sequence[Any]
    seen: int
    cursor: list[str]
    by_law: int = 0


def returns_in(shop: Shop, span: Span) -> QuerySet[Return]:
    """The returns that were asked for within ``span``."""
    return Return.objects.filter(shop=shop, requested_at__gte=span.start, requested_at__lt=span.end)


def orders_in(shop: Shop, span: Span) -> QuerySet[Order]:
    """The orders of ``span`` without any return."""
    sent_back = Return.objects.filter(shop=shop, order=OuterRef("pk"))
    rows = Order.objects.filter(shop=shop, ordered_at__gte=span.start, ordered_at__lt=span.end)
    return rows.filter(~Exists(sent_back))


def end_of_piece(
    shop: Shop, span: Span, cursor: Sequence[str], *, of_orders: bool
) -> list[str] | None:
    """Where the piece after ``cursor`` ends; None where fewer rows than a piece are left."""
    rows, by = (
        (orders_in(shop, span), "ordered_at")
        if of_orders
        else (returns_in(shop, span), "requested_at")
    )
    last = _after(rows, by, cursor).values_list(by, "id")[PIECE - 1 : PIECE]
    return _cursor(last[0]) if last else None


def piece_of_returns(
    shop: Shop, span: Span, cursor: Sequence[str], until: Sequence[str] | None = None
) -> Piece | None:
    """The next returns after ``cursor``, none after ``until``; None at the end."""
    rows = list(
        _after(returns_in(shop, span), "requested_at", cursor, until).values_list(
            "requested_at",
            "id",
            "number",
            "terms",
            "ground",
            "order_id",
            "order__currency",
            "order__ordered_at",
        )[:PIECE]
    )
    if not rows:
        return None
    asked = [row for row in rows if row[4] != Ground.WITHDRAWAL]
    known = {row[1]: facts_in(row[3]) for row in asked}
    missing = {row[1]: row for row in asked if known[row[1]] is None}
    told = {pk: facts for pk, facts in known.items() if facts is not None and facts.lines}
    if missing:
        told |= _facts_of_history(shop, missing)
    whole = [row[5] for row in asked if row[1] in told and told[row[1]].is_whole_order]
    shipping = _shipping(shop, whole)
    cases = [
        Past(
            Case(row[2], told[row[1]], row[6] or shop.currency, shipping.get(row[5], 0)),
            row[3] if row[1] not in missing and row[3].get("verdict") else None,
            row[7] or row[0],
        )
        for row in asked
        if row[1] in told
    ]
    return Piece(cases, len(rows), _cursor(rows[-1]), len(rows) - len(asked))


def piece_of_orders(
    shop: Shop, span: Span, cursor: Sequence[str], until: Sequence[str] | None = None
) -> Piece | None:
    """The next orders without a return after ``cursor``, none after ``until``; None at the end."""
    rows = list(
        _after(orders_in(shop, span), "ordered_at", cursor, until).values_list(
            "ordered_at",
            "id",
            "number",
            "country",
            "channel",
            "currency",
            "shopper__is_business",
            "shopper__tags",
            "shopper__key",
            "shopper__email_key",
            "shopper__tier",
        )[:PIECE]
    )
    if not rows:
        return None
    ids = [row[1] for row in rows]
    lines, days = _lines_of_orders(shop, ids), _days_of_orders(shop, ids)
    shipping = _shipping(shop, ids)
    zone = ZoneInfo(shop.time_zone)
    cases = []
    for row in rows:
        mine = lines.get(row[1])
        if not mine:
            continue
        dispatched, delivered = days.get(row[1], (None, None))
        ordered = row[0].astimezone(zone).date()
        mail = (fingerprint_of(row[9]),) if row[9] else ()
        facts = Facts(
            asked_on=delivered or ordered,
            ordered_on=ordered,
            dispatched_on=dispatched,
            delivered_on=delivered,
            country=row[3] or shop.country,
            lines=tuple(mine),
            is_whole_order=True,
            order_number=row[2],
            channel=row[4],
            is_business=row[6],
            shopper_tags=groups_of(row[7], row[10]),
            shopper_marks=(row[8], *mail),
        )
        cases.append(Bought(Case(row[2], facts, row[5], shipping.get(row[1], 0)), row[0]))
    return Piece(cases, len(rows), _cursor(rows[-1]))


class Wishes:
    """Made-up requests: one line of an order, for a reason as often as it is given in life.

    The same order is always asked for in the same way, so a trial can be repeated.
    """

    def __init__(self, shop: Shop) -> None:
        self.reasons = _reasons_by_use(shop)

    def of(self, bought: Bought) -> Case:
        """A request for one line of ``bought``, up to sixty days after it arrived."""
        facts = bought.case.facts
        drawn = zlib.crc32(bought.case.number.encode())
        line = facts.lines[drawn % len(facts.lines)]
        code, is_ours, needs_photo, on_the_way = self.reasons[(drawn >> 8) % len(self.reasons)]
        wished = replace(
            line,
            reason=code,
            is_our_fault=is_ours,
            reason_needs_photo=needs_photo,
            is_in_transit=on_the_way,
        )
        later = timedelta(days=(drawn >> 16) % (LONGEST_DELAY + 1))
        made = replace(
            facts,
            asked_on=facts.asked_on + later,
            lines=(wished,),
            is_whole_order=len(facts.lines) == 1,
        )
        return replace(bought.case, facts=made)


def _reasons_by_use(shop: Shop) -> list[tuple[str, bool, bool, bool]]:
    rows = Reason.objects.filter(shop=shop, is_active=True).order_by("position")
    known = {
        pk: (code, ours, photo, on_the_way)
        for pk, code, ours, photo, on_the_way in rows.values_list(
            "id", "code", "is_our_fault", "needs_photo", "is_in_transit"
        )
    }
    latest = Return.objects.filter(shop=shop).order_by("-requested_at", "-id")[:HAPPENS_OFTEN]
    ids = list(latest.values_list("id", flat=True))
    used = []
    for part in _parts(ids):
        lines = ReturnLine.objects.filter(shop=shop, rma__in=part).order_by("rma", "position")
        used += [known[pk] for pk in lines.values_list("reason_id", flat=True) if pk in known]
    return used or list(known.values()) or [("", False, False, False)]


def _parts(ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    for start in range(0, len(ids), PIECE):
        yield ids[start : start + PIECE]


def _after(
    rows: QuerySet[Any], by: str, cursor: Sequence[str], until: Sequence[str] | None = None
) -> QuerySet[Any]:
    if cursor:
        at, last = datetime.fromisoformat(cursor[0]), UUID(cursor[1])
        further = Q(**{f"{by}__gt": at}) | Q(**{by: at, "id__gt": last})
        rows = rows.filter(**{f"{by}__gte": at}).filter(further)
    if until:
        at, last = datetime.fromisoformat(until[0]), UUID(until[1])
        before = Q(**{f"{by}__lt": at}) | Q(**{by: at, "id__lte": last})
        rows = rows.filter(**{f"{by}__lte": at}).filter(before)
    return rows.order_by(by, "id")


def _cursor(row: Sequence[Any]) -> list[str]:
    return [row[0].isoformat(), str(row[1])]


def _shipping(shop: Shop, orders: Sequence[UUID]) -> dict[UUID, int]:
    found: dict[UUID, int] = defaultdict(int)
    if orders:
        charges = OrderCharge.objects.filter(
            shop=shop, order__in=orders, kind=ChargeKind.SHIPPING
        ).values_list("order_id", "amount_minor")
        for order_id, amount in charges:
            found[order_id] += amount
    return found


def _days_of_orders(
    shop: Shop, orders: Sequence[UUID]
) -> dict[UUID, tuple[date | None, date | None]]:
    """Per order the last day of dispatch, and of delivery where everything has arrived."""
    found: dict[UUID, list[tuple[date | None, date | None]]] = defaultdict(list)
    rows = Delivery.objects.filter(shop=shop, order__in=orders)
    for order_id, dispatched, delivered in rows.values_list(
        "order_id", "dispatched_on", "delivered_on"
    ):
        found[order_id].append((dispatched, delivered))
    return {order_id: _last_days(days) for order_id, days in found.items()}


def _last_days(
    days: Sequence[tuple[date | None, date | None]],
) -> tuple[date | None, date | None]:
    dispatched = [day for day, _ in days if day]
    delivered = [day for _, day in days if day]
    arrived = max(delivered) if delivered and len(delivered) == len(days) else None
    return max(dispatched, default=None), arrived


def _lines_of_orders(shop: Shop, orders: Sequence[UUID]) -> dict[UUID, list[LineFacts]]:
    found: dict[UUID, list[LineFacts]] = defaultdict(list)
    tags: dict[str, tuple[str, ...]] = {}
    rows = OrderLine.objects.filter(shop=shop, order__in=orders, quantity__gte=1)
    for order_id, position, sku, quantity, total, may, final, category, told in rows.values_list(
        "order_id",
        "position",
        "sku",
        "quantity",
        "total_minor",
        "is_returnable",
        "is_final_sale",
        "product__category",
        "product__tags",
    ):
        named = _tags(told, tags)
        # By place: naming fourteen fields costs a fifth of reading a line.
        found[order_id].append(
            LineFacts(
                str(position), sku, category or "", quantity, total, may, final,
                "", False, 0, False, named,
            )
        )  # fmt: skip
    return found


def _tags(told: Any, known: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    if not told:
        return ()
    if isinstance(told, str):
        if told not in known:
            known[told] = tuple(json.loads(told))
        return known[told]
    return tuple(told)


def _facts_of_history(shop: Shop, returns: Mapping[UUID, Sequence[Any]]) -> dict[UUID, Facts]:
    """The facts of returns that came with a file: nobody had kept what was known of them."""
    orders = {row[5] for row in returns.values() if row[5] is not None}
    known = {
        pk: rest
        for pk, *rest in Order.objects.filter(shop=shop, pk__in=orders).values_list(
            "id",
            "number",
            "ordered_at",
            "country",
            "channel",
            "shopper__is_business",
            "shopper__tags",
            "shopper__key",
            "shopper__email_key",
            "shopper__tier",
        )
    }
    days = _days_of_orders(shop, list(orders))
    pieces: dict[UUID, int] = defaultdict(int)
    sizes = OrderLine.objects.filter(shop=shop, order__in=orders)
    for order_id, quantity in sizes.values_list("order_id", "quantity"):
        pieces[order_id] += quantity
    lines = _lines_of_history(shop, list(returns))
    zone = ZoneInfo(shop.time_zone)
    found = {}
    for pk, row in returns.items():
        if not lines.get(pk):
            continue
        order = known.get(row[5])
        dispatched, delivered = days.get(row[5], (None, None))
        asked = row[0].astimezone(zone).date()
        mine = tuple(lines[pk])
        found[pk] = Facts(
            asked_on=asked,
            ordered_on=order[1].astimezone(zone).date() if order else asked,
            dispatched_on=dispatched,
            delivered_on=delivered,
            country=(order[2] if order else "") or shop.country,
            lines=mine,
            is_whole_order=bool(order) and pieces[row[5]] == sum(one.quantity for one in mine),
            order_number=order[0] if order else "",
            channel=order[3] if order else "web",
            is_business=bool(order and order[4]),
            shopper_tags=groups_of(order[5], order[8]) if order else (),
            shopper_marks=(order[6], *((fingerprint_of(order[7]),) if order[7] else ()))
            if order
            else (),
        )
    return found


def _lines_of_history(shop: Shop, returns: Sequence[UUID]) -> dict[UUID, list[LineFacts]]:
    found: dict[UUID, list[LineFacts]] = defaultdict(list)
    rows = ReturnLine.objects.filter(shop=shop, rma__in=returns).order_by("position")
    for row in rows.values_list(
        "rma_id",
        "position",
        "sku",
        "quantity",
        "outcome",
        "credited_minor",
        "order_line__total_minor",
        "order_line__quantity",
        "order_line__is_returnable",
        "order_line__is_final_sale",
        "order_line__product__category",
        "order_line__product__tags",
        "reason__code",
        "reason__is_our_fault",
        "reason__is_in_transit",
    ):
        value = row[6] * row[3] // max(1, row[7]) if row[6] is not None else row[5] or 0
        found[row[0]].append(
            LineFacts(
                key=str(row[1]),
                sku=row[2],
                category=row[10] or "",
                quantity=row[3],
                value_minor=value,
                is_returnable=row[8] is not False,
                is_final_sale=row[9] is True,
                reason=row[12] or "",
                is_our_fault=bool(row[13]),
                is_in_transit=bool(row[14]),
                photos=0,
                reason_needs_photo=False,
                tags=_tags(row[11], {}),
                outcome=row[4],
            )
        )
    return found
