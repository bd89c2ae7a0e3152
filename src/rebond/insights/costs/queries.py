"""What one return cost, and what those of some weeks did; a few queries, however many there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from rebond.domain.refunds.models import Settlement
from rebond.domain.returns.models import Return, ReturnLine
from rebond.domain.shipping.models import Label
from rebond.domain.shipping.states import OVER
from rebond.domain.shops.models import Shop
from rebond.domain.signals.queries import confirmed_fraud
from rebond.domain.warehouse.models import Inspection, Receipt, WorkOrder
from rebond.insights.costs.models import CostTerms
from rebond.insights.costs.reckon import PARTS, Cost, Facts, Piece, Work, cost_of

MOST_RETURNS = 5000


@dataclass
class Group:
    """Returns of one kind: how many, and what they cost in all."""

    name: str
    returns: int = 0
    total_minor: int = 0

    @property
    def each_minor(self) -> int:
        """The cost of one, on average."""
        return self.total_minor // self.returns if self.returns else 0


@dataclass
class Period:
    """What returns that arrived between two moments cost, by part, reason and article."""

    returns: int = 0
    total_minor: int = 0
    parts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(PARTS, 0))
    reasons: list[Group] = field(default_factory=list)
    articles: list[Group] = field(default_factory=list)
    is_cut: bool = False


def terms_of(shop: Shop) -> CostTerms:
    """The shop's rates; the usual ones where nobody said."""
    found = CostTerms.objects.filter(shop=shop).first()
    return found or CostTerms(shop=shop, currency=shop.currency)


def cost_of_return(rma: Return) -> Cost:
    """What ``rma`` costs as things stand."""
    facts = _facts(rma.shop, [rma])
    return cost_of(facts[rma.pk], terms_of(rma.shop).rates)


def costs_between(shop: Shop, first: datetime, last: datetime) -> Period:
    """The returns whose goods arrived from ``first`` on and before ``last``, newest first.

    What people found to be fraud costs too, but says nothing about an article or its reason.
    """
    arrived = Receipt.objects.filter(shop=shop, at__gte=first, at__lt=last)
    ids = list(dict.fromkeys(arrived.order_by("-at").values_list("rma_id", flat=True)))
    period = Period(is_cut=len(ids) > MOST_RETURNS)
    returns = list(Return.objects.filter(shop=shop, pk__in=ids[:MOST_RETURNS]))
    frauds = set(confirmed_fraud(shop.pk).filter(rma__in=ids[:MOST_RETURNS]))
    facts, rates = _facts(shop, returns), terms_of(shop).rates
    lines = _lines_of(shop, [rma.pk for rma in returns])
    reasons: dict[str, Group] = {}
    articles: dict[str, Group] = {}
    for rma in returns:
        cost = cost_of(facts[rma.pk], rates)
        period.returns += 1
        period.total_minor += cost.total_minor
        for part in cost.parts:
            period.parts[part.kind] += part.amount_minor
        if rma.pk in frauds:
            continue
        for groups, name in (
            (reasons, _main(line.reason.code if line.reason else "" for line in lines[rma.pk])),
            (articles, _main(line.title for line in lines[rma.pk])),
        ):
            group = groups.setdefault(name, Group(name))
            group.returns += 1
            group.total_minor += cost.total_minor
    period.reasons = _dearest(reasons)
    period.articles = _dearest(articles)
    return period


def _dearest(groups: dict[str, Group]) -> list[Group]:
    return sorted(groups.values(), key=lambda group: (-group.total_minor, group.name))[:12]


def _main(names: Iterable[str]) -> str:
    """The first; a return of several articles counts once, under it."""
    return next(iter(names), "")


def _lines_of(shop: Shop, ids: list[UUID]) -> dict[UUID, list[ReturnLine]]:
    found: dict[UUID, list[ReturnLine]] = defaultdict(list)
    rows = ReturnLine.objects.filter(shop=shop, rma_id__in=ids)
    for line in rows.select_related("order_line", "reason").order_by("rma_id", "position"):
        found[line.rma_id].append(line)
    return found


def _facts(shop: Shop, returns: list[Return]) -> dict[UUID, Facts]:
    ids = [rma.pk for rma in returns]
    lines = _lines_of(shop, ids)
    looked_at: dict[UUID, list[Inspection]] = defaultdict(list)
    for found in Inspection.objects.filter(shop=shop, line__rma_id__in=ids):
        looked_at[found.line_id].append(found)
    works: dict[UUID, list[Work]] = defaultdict(list)
    ended = WorkOrder.objects.filter(
        shop=shop, unit__inspection__line__rma_id__in=ids, ended_at__isnull=False
    )
    for rma_id, minutes, parts in ended.values_list(
        "unit__inspection__line__rma_id", "minutes", "parts_minor"
    ):
        works[rma_id].append(Work(minutes, parts))
    labels = _labels_of(shop, ids)
    kept: dict[UUID, int] = defaultdict(int)
    settled = Settlement.objects.filter(shop=shop, rma_id__in=ids, called_off_at=None)
    for rma_id, minor in settled.values_list("rma_id", "kept_minor"):
        if rma_id is not None:
            kept[rma_id] += minor
    return {
        rma.pk: Facts(
            pieces=[piece for line in lines[rma.pk] for piece in _pieces(line, looked_at[line.pk])],
            works=works[rma.pk],
            labels_minor=labels.get(rma.pk),
            shop_pays_transport=_shop_pays(rma),
            kept_minor=kept[rma.pk],
        )
        for rma in returns
    }


def _labels_of(shop: Shop, ids: list[UUID]) -> dict[UUID, int]:
    """What the labels of returns cost, where that is known.

    A label that is charged at its first scan costs nothing before the parcel was handed in or
    came; a return with no other label has no transport to pay.
    """
    known: dict[UUID, int] = {}
    unused: set[UUID] = set()
    unpriced: set[UUID] = set()
    sold = Label.objects.filter(shop=shop, parcel__rma_id__in=ids).exclude(state__in=OVER)
    for label in sold.select_related("parcel"):
        rma_id = label.parcel.rma_id
        if label.waits_for_scan:
            unused.add(rma_id)
        elif label.cost_minor is None:
            unpriced.add(rma_id)
        else:
            known[rma_id] = known.get(rma_id, 0) + label.cost_minor
    return dict.fromkeys(unused - unpriced, 0) | known


def _pieces(line: ReturnLine, inspections: list[Inspection]) -> list[Piece]:
    """What arrived, by where it goes; missing pieces cost no hands and lose no value."""
    bought = line.order_line
    price = bought.total_minor // bought.quantity if bought is not None and bought.quantity else 0
    if inspections:
        return [
            Piece(found.quantity, price, found.disposition)
            for found in inspections
            if found.disposition != "missing"
        ]
    return [Piece(line.received_quantity, price)] if line.received_quantity else []


def _shop_pays(rma: Return) -> bool:
    terms = rma.terms.get("terms") or {}
    return terms.get("shopper_pays_return") is False and not rma.keeps_goods
