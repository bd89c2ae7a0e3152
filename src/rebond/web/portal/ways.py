"""How goods travel back, as the portal shows it: on the preview and on the page of a return."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _

from rebond.domain.policies.facts import Terms
from rebond.domain.returns.models import Return
from rebond.domain.returns.states import ParcelState, RequestState
from rebond.domain.shipping.actions import choose_method
from rebond.domain.shipping.methods import (
    Way,
    chosen_of,
    may_choose,
    only_counter,
    ways_for,
    ways_of,
)
from rebond.domain.shipping.places import has_points
from rebond.domain.shoppers.models import Shopper
from rebond.domain.shops.models import Shop
from rebond.outbound.telling.ways import WAYS
from rebond.web.portal.drafts import Draft

HINTS = {
    "own_carrier": lambda: _("You choose the carrier and pay for the parcel yourself."),
    "prepaid_label": lambda: _("You print it, stick it on and hand the parcel in."),
    "drop_off": lambda: _("With our label, at a point near you."),
    "pickup": lambda: _("A courier comes to your door, on a day that you choose."),
    "counter": lambda: _("No parcel, no label: we take the goods at the counter."),
}
ICONS = {
    "own_carrier": "truck",
    "prepaid_label": "printer",
    "drop_off": "map-pin",
    "pickup": "house",
    "counter": "store",
}


@dataclass(frozen=True)
class Choice:
    """One way as a row: its name, what it means, what it costs in minor units."""

    method: str
    title: str
    hint: str
    icon: str
    fee_minor: int


def rows_for(shop: Shop, terms: Terms, shopper: Shopper | None) -> list[Choice]:
    """The ways that ``terms`` offer ``shopper`` today."""
    return [_row(way) for way in ways_for(shop, asdict(terms), shopper)]


def rows_of(rma: Return) -> list[Choice]:
    """The ways on offer for ``rma``."""
    return [_row(way) for way in ways_of(rma)]


def take_way(draft: Draft, posted: Mapping[str, Any]) -> bool:
    """Write the way that was chosen into ``draft``; whether it is another one now."""
    method = str(posted.get("method", ""))[:16]
    if method not in WAYS or method == draft.method:
        return False
    draft.method = method
    return True


def settle_way(draft: Draft, rows: list[Choice]) -> bool:
    """Whether it is clear how the goods travel; where there is one way alone, it is that."""
    if len(rows) == 1:
        draft.method = rows[0].method
    return not rows or draft.method in {row.method for row in rows}


def choose_way(rma: Return, method: str, *, by: str) -> None:
    """Choose ``method``; the counter too, where the shop has but one.

    Raises what ``choose_method`` raises.
    """
    point = only_counter(rma.shop_id) if method == "counter" else None
    choose_method(rma.pk, method=method, point_id=point, by=by)


def sending_shown(rma: Return) -> dict[str, Any]:
    """What the page of a return shows of the way back: the chosen one, or that one is to choose."""
    rows = rows_of(rma)
    chosen = chosen_of(rma)
    is_open = may_choose(rma)
    standing = rma.request_state in {RequestState.REQUESTED, RequestState.APPROVED}
    unsent = rma.parcel_state in {ParcelState.NONE, ParcelState.ANNOUNCED}
    method = chosen.method if chosen else ""
    return {
        "way": chosen,
        "way_row": _row(Way(chosen.method, chosen.fee_minor)) if chosen else None,
        "way_is_open": is_open and (len(rows) > 1 or has_points(rma.shop, method)),
        "way_is_missing": bool(rows) and chosen is None and is_open,
        "way_is_shown": standing and unsent and (chosen is not None or (bool(rows) and is_open)),
        "sends_by_own_carrier": _sends_by_own_carrier(rma, method, bool(rows) and is_open),
        "way_has_points": is_open and chosen is not None and has_points(rma.shop, method),
    }


def _sends_by_own_carrier(rma: Return, method: str, is_to_choose: bool) -> bool:
    """Whether the page tells how to pack and post a parcel: nothing else was chosen, or a parcel
    is on its way all the same."""
    if rma.parcel_state != ParcelState.NONE:
        return method not in {"counter", "pickup"}
    return method == "own_carrier" or (not method and not is_to_choose)


def _row(way: Way) -> Choice:
    method = way.method
    return Choice(method, _(WAYS[method]), HINTS[method](), ICONS[method], way.fee_minor)
