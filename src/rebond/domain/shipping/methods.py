"""Which ways back a return may take, and what the chosen one costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from rebond.domain.returns.models import Return
from rebond.domain.returns.states import MoneyState, ParcelState, RequestState
from rebond.domain.shipping.models import (
    CarrierPoint,
    ChosenMethod,
    Label,
    Parcel,
    ReturnPoint,
    ShippingTerms,
)
from rebond.domain.shipping.ports import Ability, carriers
from rebond.domain.shipping.states import OVER, PointKind
from rebond.domain.shoppers.models import Shopper
from rebond.domain.shops.models import Shop
from rebond.kernel.companies import Account
from rebond.kernel.prepared import Prepared

ON_OUR_LABEL = frozenset({"prepaid_label", "drop_off"})
"""Ways on which the parcel bears a label of the shop and is handed in."""
PICKUP = "pickup"
"""The way on which a carrier comes to the door, with a label of the shop."""
OPEN = frozenset({RequestState.REQUESTED, RequestState.NEEDS_INFO, RequestState.APPROVED})


@dataclass(frozen=True)
class Way:
    """A way back on offer and what it costs the shopper, in minor units."""

    method: str
    fee_minor: int


def ways_for(shop: Shop, terms: Mapping[str, Any], shopper: Shopper | None) -> list[Way]:
    """The ways that ``terms`` (see ``policies.facts.Terms``) offer and that the shop can carry
    out today, in the order of the policy; empty where no rule speaks or nothing is sent.

    Nobody comes for a parcel of a ``shopper`` without a known address.
    """
    named = terms.get("methods") or ()
    if not named or terms.get("keeps_goods"):
        return []
    fees = terms.get("method_fees") or {}
    can = _label_abilities(shop)
    closed = set() if {Ability.LABEL, Ability.STOCK} & can else set(ON_OUR_LABEL)
    if Ability.PICKUP not in can or not has_door(shopper):
        closed.add(PICKUP)
    return [Way(method, int(fees.get(method, 0))) for method in named if method not in closed]


def has_door(shopper: Shopper | None) -> bool:
    """Whether it is known where a carrier would ring: a street and a town."""
    return shopper is not None and len(shopper.address) > 1


def ways_of(rma: Return) -> list[Way]:
    """The ways on offer for ``rma``."""
    if rma.keeps_goods:
        return []
    return ways_for(rma.shop, rma.terms.get("terms") or {}, rma.shopper)


def only_counter(shop_id: UUID) -> UUID | None:
    """The shop's counter, where it has but one."""
    rows = ReturnPoint.objects.filter(shop=shop_id, kind=PointKind.COUNTER)
    only = list(rows.values_list("pk", flat=True)[:2])
    return only[0] if len(only) == 1 else None


def bearers(fees: Sequence[tuple[str, int | None]]) -> set[int]:
    """Which of several returns that travel together bear the fee of their way: one a currency.

    ``fees``: of each its currency and what it was promised in minor units, None where it does not
    go that way. The lowest is charged, the first of equal ones.
    """
    least: dict[str, tuple[int, int]] = {}
    for place, (currency, fee) in enumerate(fees):
        if fee is not None:
            least[currency] = min(least.get(currency, (fee, place)), (fee, place))
    return {place for _, place in least.values()}


def chosen_of(rma: Return) -> ChosenMethod | None:
    """The way that was chosen for ``rma``."""
    return ChosenMethod.objects.filter(shop_id=rma.shop_id, rma=rma).first()


def fee_of(rma: Return) -> int:
    """What the chosen way costs the shopper, in minor units; 0 while none was chosen.

    Once goods are on their way without a label of the shop, nothing is owed for one.
    """
    chosen = _chosen.first(rma.shop_id, rma.pk)
    fee = chosen.fee_minor if chosen is not None else 0
    if not fee or rma.parcel_state == ParcelState.NONE:
        return fee
    labels = Label.objects.filter(shop_id=rma.shop_id, parcel__rma=rma).exclude(state__in=OVER)
    return fee if labels.exists() else 0


_chosen = Prepared(
    lambda shop, rma: ChosenMethod.objects.filter(shop_id=shop, rma_id=rma).only("fee_minor"),
    UUID,
    UUID,
)


def may_choose(rma: Return) -> bool:
    """Whether the way back can still be chosen: nothing was sent, labelled or paid."""
    if rma.request_state not in OPEN or rma.money_state != MoneyState.NONE:
        return False
    if rma.parcel_state not in (ParcelState.NONE, ParcelState.ANNOUNCED):
        return False
    standing = Parcel.objects.filter(shop_id=rma.shop_id, rma=rma).exclude(state=ParcelState.NONE)
    labels = Label.objects.filter(shop_id=rma.shop_id, parcel__rma=rma).exclude(state__in=OVER)
    return not standing.exists() and not labels.exists()


def takes_our_label(rma: Return) -> bool:
    """Whether the parcel of ``rma`` bears a label of the shop and is handed in.

    Without a way on offer, a label is given where the shop pays the way back.
    """
    chosen = chosen_of(rma)
    if chosen is not None:
        return chosen.method in ON_OUR_LABEL
    terms = rma.terms.get("terms") or {}
    return not ways_of(rma) and terms.get("shopper_pays_return") is False


def point_for(shop: Shop, method: str, point_id: UUID) -> ReturnPoint | CarrierPoint | None:
    """The place of the shop's list, or of the carrier of its labels, if somebody who takes
    ``method`` can go there."""
    listed = ReturnPoint.objects.filter(shop=shop, pk=point_id)
    if method == "counter":
        return listed.filter(kind=PointKind.COUNTER).first()
    if method != "drop_off":
        return None
    told = CarrierPoint.objects.filter(
        shop=shop, pk=point_id, search__carrier=telling_carrier(shop)
    )
    return listed.exclude(kind=PointKind.COUNTER).first() or told.first()


def telling_carrier(shop: Shop) -> str:
    """The key of the carrier that makes the shop's labels and tells its places; else empty."""
    carrier = _label_carrier(shop)
    if carrier not in carriers or Ability.POINTS not in carriers[carrier].can:
        return ""
    return carrier if carriers[carrier](Account(shop.slug)).is_set_up() else ""


def _label_carrier(shop: Shop) -> str:
    terms = ShippingTerms.objects.filter(shop=shop)
    return terms.values_list("label_carrier", flat=True).first() or ""


def _label_abilities(shop: Shop) -> frozenset[Ability]:
    """What the carrier can do who makes the shop's labels."""
    carrier = _label_carrier(shop)
    return carriers[carrier].can if carrier in carriers else frozenset()
