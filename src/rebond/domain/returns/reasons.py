"""The verbs of reasons: a shop words its own, orders them, puts them aside."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from rebond.domain.returns.errors import ReasonUnreadable
from rebond.domain.returns.events import ReasonsChanged
from rebond.domain.returns.models import Reason, ReasonFamily
from rebond.domain.shops.models import Shop
from rebond.kernel.actions import action
from rebond.kernel.events import record

LONGEST_LABEL = 80
MOST_REASONS = 200


@dataclass(frozen=True)
class ReasonWish:
    """A reason as the shop wants it. ``labels`` maps a language to its words.

    ``parent`` is the code of the reason that it refines, "" for a main one; ``categories`` are
    the product categories that it is asked for, empty for all. What is ``is_in_transit`` happened
    on the way to the shopper, and is the shop's fault.
    """

    labels: Mapping[str, str]
    family: str
    parent: str = ""
    categories: tuple[str, ...] = ()
    needs_photo: bool = False
    is_our_fault: bool = False
    is_in_transit: bool = False
    is_active: bool = True


@action
def add_reason(shop: Shop, wish: ReasonWish, *, by: str) -> Reason:
    """A new reason, after the others. Raises ``ReasonUnreadable``."""
    Shop.objects.select_for_update(no_key=True).only("id").get(pk=shop.pk)
    reasons = list(Reason.objects.filter(shop=shop))
    if len(reasons) >= MOST_REASONS:
        raise ReasonUnreadable(field="many")
    last = max((reason.position for reason in reasons), default=-1)
    code = _free_code(wish, {reason.code for reason in reasons})
    made = Reason(shop=shop, code=code, position=last + 1)
    return _write(made, wish, reasons, by=by)


@action
def change_reason(shop: Shop, reason_id: UUID, wish: ReasonWish, *, by: str) -> Reason:
    """Word a reason anew; its code stays, so that past returns keep their sense.

    Raises ``ReasonUnreadable``, also for a parent that is itself refined or below this one.
    """
    Shop.objects.select_for_update(no_key=True).only("id").get(pk=shop.pk)
    reasons = list(Reason.objects.filter(shop=shop))
    known = next((reason for reason in reasons if reason.pk == reason_id), None)
    if known is None:
        raise ReasonUnreadable(field="reason")
    return _write(known, wish, reasons, by=by)


@action
def order_reasons(shop: Shop, codes: Sequence[str], *, by: str) -> None:
    """Put the reasons in the order of ``codes``; those not named come after, as they were."""
    reasons = list(Reason.objects.select_for_update(no_key=True).filter(shop=shop))
    places = {code: place for place, code in enumerate(codes)}
    reasons.sort(key=lambda reason: (places.get(reason.code, len(places)), reason.position))
    for place, reason in enumerate(reasons):
        reason.position = place
    Reason.objects.bulk_update(reasons, ["position"])
    record(ReasonsChanged(str(shop.pk), "order"), shop_id=shop.pk, actor=by)


def _write(reason: Reason, wish: ReasonWish, reasons: Sequence[Reason], *, by: str) -> Reason:
    labels = {language: words.strip() for language, words in wish.labels.items() if words.strip()}
    if not labels or any(len(words) > LONGEST_LABEL for words in labels.values()):
        raise ReasonUnreadable(field="labels")
    if wish.family not in ReasonFamily.values:
        raise ReasonUnreadable(field="family")
    reason.parent = _parent(reason, wish.parent, reasons)
    reason.labels, reason.family = labels, wish.family
    reason.categories = list(wish.categories)
    reason.needs_photo, reason.is_in_transit = wish.needs_photo, wish.is_in_transit
    reason.is_our_fault = wish.is_our_fault or wish.is_in_transit
    reason.is_active = wish.is_active
    reason.save()
    record(ReasonsChanged(str(reason.shop_id), reason.code), shop_id=reason.shop_id, actor=by)
    return reason


def _parent(reason: Reason, code: str, reasons: Sequence[Reason]) -> Reason | None:
    """The reason that ``reason`` refines: one level only, so that a shopper chooses twice."""
    if not code:
        return None
    found = next((one for one in reasons if one.code == code), None)
    has_children = any(one.parent_id == reason.pk for one in reasons)
    if found is None or found.pk == reason.pk or found.parent_id is not None or has_children:
        raise ReasonUnreadable(field="parent")
    return found


def _free_code(wish: ReasonWish, taken: set[str]) -> str:
    words = wish.labels.get("en") or next(iter(wish.labels.values()), "")
    base = re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")[:30] or "reason"
    code, n = base, 2
    while code in taken:
        code, n = f"{base}_{n}", n + 1
    return code
