"""How the goods travel back: the shopper's choice, and the places it names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import timedelta
from uuid import UUID, uuid5

from rebond.domain.returns.models import Return
from rebond.domain.shipping.errors import (
    MethodFixed,
    MethodNotOffered,
    PointsUnreadable,
    PointUnknown,
)
from rebond.domain.shipping.events import MethodChosen, PointsReplaced
from rebond.domain.shipping.methods import chosen_of, may_choose, point_for, ways_of
from rebond.domain.shipping.models import CarrierPoint, ChosenMethod, PointSearch, ReturnPoint
from rebond.domain.shipping.points import NewPoint, ToldPoint, kept, problems_of, usable
from rebond.domain.shops.models import Shop
from rebond.kernel.actions import action
from rebond.kernel.clock import now
from rebond.kernel.events import record

MOST_KEPT = 20
SEARCHES_KEPT = timedelta(days=7)


@action
def choose_method(
    rma_id: UUID, *, method: str, by: str, point_id: UUID | None = None, is_free: bool = False
) -> ChosenMethod:
    """Choose how the goods travel back, and with ``point_id`` where they are handed in.

    The fee is the one that the policy promised when the return was asked for, or none with
    ``is_free``: another return that was asked for with it bears it. The same choice again changes
    nothing. Raises
    ``MethodNotOffered``, ``PointUnknown``, and ``MethodFixed`` once a parcel is announced, a label
    is made or money moved.
    """
    rma = Return.objects.locked(pk=rma_id)
    offered = {way.method: way for way in ways_of(rma)}
    if method not in offered:
        raise MethodNotOffered(number=rma.number, method=method[:16])
    point = point_for(rma.shop, method, point_id) if point_id else None
    if point_id and point is None:
        raise PointUnknown
    if not may_choose(rma):
        raise MethodFixed(number=rma.number)
    fee = 0 if is_free else offered[method].fee_minor
    known = chosen_of(rma)
    place = str(point.pk) if point else ""
    if known and (known.method, known.point.get("id", "")) == (method, place):
        return known
    currency = rma.order.currency if rma.order else rma.shop.currency
    chosen, _ = ChosenMethod.objects.update_or_create(
        shop_id=rma.shop_id,
        rma=rma,
        defaults={
            "method": method,
            "fee_minor": fee,
            "currency": currency,
            "point": kept(point) if point else {},
            "chosen_at": now(),
        },
    )
    rma.touch()
    event = MethodChosen(str(rma.pk), rma.number, method, fee, currency)
    record(event, shop_id=rma.shop_id, actor=by)
    return chosen


@action
def keep_points(
    shop: Shop, carrier: str, country: str, postcode: str, told: Sequence[ToldPoint] | None
) -> PointSearch:
    """Keep what ``carrier`` told of its places near ``postcode``; None: it gave no answer, and
    what it told before stays.

    Points that cannot be shown are left out. Searches that nobody repeated for
    ``SEARCHES_KEPT`` go.
    """
    moment = now()
    old = {"shop": shop, "asked_at__lt": moment - SEARCHES_KEPT}
    CarrierPoint.objects.filter(shop=shop, search__in=PointSearch.objects.filter(**old)).delete()
    PointSearch.objects.filter(**old).delete()
    search, _ = PointSearch.objects.get_or_create(
        shop=shop,
        carrier=carrier,
        country=country,
        postcode=postcode,
        defaults={"asked_at": moment},
    )
    search = PointSearch.objects.select_for_update().get(shop=shop, pk=search.pk)
    search.asked_at = moment
    if told is not None:
        search.told_at = moment
        CarrierPoint.objects.filter(shop=shop, search=search).delete()
        CarrierPoint.objects.bulk_create(
            CarrierPoint(
                id=uuid5(search.pk, one.reference),
                shop=shop,
                search=search,
                **{field.name: getattr(one, field.name) for field in fields(one)},
            )
            for one in usable(told, most=MOST_KEPT)
        )
    search.save(update_fields=["asked_at", "told_at"])
    return search


@action
def replace_points(shop: Shop, points: Sequence[NewPoint], *, by: str) -> int:
    """Put ``points`` in the place of all that the shop had; how many there are now.

    Returns keep the copy of the point they chose. Raises ``PointsUnreadable`` with every problem
    found; then nothing was written.
    """
    problems = problems_of(points)
    if problems:
        raise PointsUnreadable(problems=problems)
    Shop.objects.select_for_update().get(pk=shop.pk)
    ReturnPoint.objects.filter(shop=shop).delete()
    ReturnPoint.objects.bulk_create(
        ReturnPoint(shop=shop, **{name: getattr(one, name) for name in NewPoint.COLUMNS})
        for one in points
    )
    record(PointsReplaced(str(shop.pk), len(points)), shop_id=shop.pk, actor=by)
    return len(points)
