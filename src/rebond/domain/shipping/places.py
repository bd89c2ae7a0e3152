"""Where a parcel is handed in: the places that the carrier tells, else those of the shop's list."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from django.db.models import QuerySet

from rebond.domain.returns.models import Return
from rebond.domain.shipping.actions import keep_points
from rebond.domain.shipping.methods import telling_carrier
from rebond.domain.shipping.models import CarrierPoint, PointSearch, ReturnPoint
from rebond.domain.shipping.pickups import door_of
from rebond.domain.shipping.points import Near, nearest
from rebond.domain.shipping.ports import Place, carriers
from rebond.domain.shipping.states import PointKind
from rebond.domain.shops.models import Shop
from rebond.kernel.actions import outside_transaction
from rebond.kernel.clock import now
from rebond.kernel.companies import Account

MOST_SHOWN = 12
MOST_ASKED = 60
"""Questions to a carrier in a minute, for one shop."""
FRESH = timedelta(hours=12)
"""How long an answer of the carrier is not asked for again."""
STALE = timedelta(days=7)
"""How long an old answer serves while the carrier gives no new one."""
PAUSE = timedelta(minutes=1)
"""How long a carrier that gave no answer is left alone."""
AT_A_POINT = frozenset({"drop_off", "counter"})
_POSTCODE = re.compile(r"[A-Z0-9]{3,12}")


def has_points(shop: Shop, method: str) -> bool:
    """Whether there are places for ``method`` to choose from."""
    if method not in AT_A_POINT:
        return False
    return (method == "drop_off" and bool(telling_carrier(shop))) or _listed(shop, method).exists()


def points_near(rma: Return, method: str, postcode: str) -> list[Near]:
    """The places nearest to ``postcode`` for somebody who takes ``method``, at most
    ``MOST_SHOWN``.

    The carrier of the shop's labels is asked where it tells its places and nobody asked of late;
    where it is silent or has none there, they are those of the shop's own list.
    """
    told = _told(rma, postcode) if method == "drop_off" else []
    if told:
        return [Near(point, point.metres) for point in told]
    listed = _listed(rma.shop, method)
    return nearest(listed, country=rma.country, postcode=postcode, most=MOST_SHOWN)


def _told(rma: Return, postcode: str) -> list[CarrierPoint]:
    carrier, code = telling_carrier(rma.shop), "".join(postcode.split()).upper()
    if not carrier or not _POSTCODE.fullmatch(code.replace("-", "")):
        return []
    searches = PointSearch.objects.filter(
        shop=rma.shop_id, carrier=carrier, country=rma.country, postcode=code
    )
    known, moment = searches.first(), now()
    is_fresh = known and known.told_at and known.told_at > moment - FRESH
    is_due = known is None or known.asked_at <= moment - PAUSE
    if not is_fresh and is_due and not _asks_much(rma.shop, moment):
        outside_transaction()
        place = Place("", (), code, _town(rma, code), rma.country)
        answer = carriers[carrier](Account(rma.shop.slug)).points_near(place)
        known = keep_points(rma.shop, carrier, rma.country, code, answer)
    if known is None or known.told_at is None or known.told_at <= moment - STALE:
        return []
    points = CarrierPoint.objects.filter(shop=rma.shop_id, search=known)
    rows = sorted(points, key=lambda one: (one.metres is None, one.metres or 0, one.reference))
    return rows[:MOST_SHOWN]


def _asks_much(shop: Shop, moment: datetime) -> bool:
    """Whether so many postcodes were asked about in a minute that it cannot be shoppers."""
    recent = PointSearch.objects.filter(shop=shop, asked_at__gt=moment - PAUSE)
    return recent.count() >= MOST_ASKED


def _town(rma: Return, code: str) -> str:
    """The town of the delivery where its postcode is asked for; some carriers want to know."""
    door = door_of(rma)
    return door.town if "".join(door.postcode.split()).upper() == code else ""


def _listed(shop: Shop, method: str) -> QuerySet[ReturnPoint]:
    known = ReturnPoint.objects.filter(shop=shop)
    counters = known.filter(kind=PointKind.COUNTER)
    return counters if method == "counter" else known.exclude(kind=PointKind.COUNTER)
