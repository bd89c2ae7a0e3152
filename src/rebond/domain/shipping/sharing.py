"""Several returns in one box: which of them travel together, and which could."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q

from rebond.domain.returns.models import Return
from rebond.domain.returns.states import MoneyState, ParcelState, RequestState
from rebond.domain.shipping.announcing import weight_of
from rebond.domain.shipping.customs import declaration_of
from rebond.domain.shipping.methods import may_choose
from rebond.domain.shipping.models import Label, Parcel
from rebond.domain.shipping.states import LabelState
from rebond.domain.shops.models import Shop

MOST_IN_A_BOX = 10
PUT_AWAY = (RequestState.CANCELLED, RequestState.DECLINED, RequestState.EXPIRED)


def open_box_of(rma: Return) -> Parcel | None:
    """The newest parcel of ``rma`` that nobody has handed in and others may still join.

    Where ``rma`` lies in the box of another return, it is the parcel of that one.
    """
    rows = Parcel.objects.filter(shop_id=rma.shop_id, rma=rma, state=ParcelState.ANNOUNCED)
    found = (
        rows.select_related(
            "inside__rma__shopper", "inside__rma__order", "rma__shopper", "rma__order"
        )
        .order_by("-position")
        .first()
    )
    box = found.inside if found is not None and found.inside is not None else found
    if box is None or box.state != ParcelState.ANNOUNCED or box.handed_in_at is not None:
        return None
    return box


def contents_of(box: Parcel) -> list[Parcel]:
    """The parcel rows of ``box`` itself and of every return that lies in it, with the returns."""
    rows = Parcel.objects.filter(shop_id=box.shop_id).filter(Q(pk=box.pk) | Q(inside=box))
    rows = rows.exclude(state=ParcelState.NONE).select_related(
        "rma__shop", "rma__order", "rma__shopper"
    )
    return list(rows.order_by("id"))


def companions_of(rma: Return) -> list[Return]:
    """The returns that travel, or travelled, in a box with ``rma``, by number."""
    mine = Parcel.objects.filter(shop_id=rma.shop_id, rma=rma).exclude(state=ParcelState.NONE)
    boxes = {inside or own for own, inside in mine.values_list("pk", "inside")}
    if not boxes:
        return []
    together = Parcel.objects.filter(shop_id=rma.shop_id).exclude(state=ParcelState.NONE)
    others = together.filter(Q(pk__in=boxes) | Q(inside__in=boxes)).values("rma")
    found = Return.objects.filter(shop_id=rma.shop_id, pk__in=others).exclude(pk=rma.pk)
    found = found.exclude(request_state__in=PUT_AWAY)
    return list(found.select_related("shop", "order", "shopper").order_by("number"))


def asked_with(rma: Return) -> list[Return]:
    """The returns of other orders that were asked for at once with ``rma``, by number."""
    if rma.basket is None:
        return []
    found = Return.objects.filter(shop_id=rma.shop_id, basket=rma.basket).exclude(pk=rma.pk)
    return list(found.select_related("shop", "order", "shopper").order_by("number"))


def why_apart(box: Parcel, rma: Return) -> str:
    """What stands against ``rma`` travelling in ``box``, as ``why`` of ``NotTogether``; empty
    where nothing does.

    A label bears one sender, customs want papers for each return, and a fee is in one currency.
    """
    host = box.rma
    by_kind = {
        "state": rma.request_state != RequestState.APPROVED or rma.keeps_goods,
        "sent": not may_choose(rma),
        "person": not is_of_same_shopper(rma, host),
        "present": rma.is_gift or host.is_gift,
        "currency": _currency_of(rma) != _currency_of(host),
        "place": rma.send_to != host.send_to,
    }
    why = next((why for why, holds in by_kind.items() if holds), "")
    if why:
        return why
    if declaration_of(rma) or declaration_of(host):
        return "customs"
    return "full" if len(contents_of(box)) >= MOST_IN_A_BOX else ""


def is_of_same_shopper(one: Return, other: Return) -> bool:
    """Whether both were asked for by whoever reads one mailbox."""
    keys = {rma.shopper.email_key if rma.shopper is not None else "" for rma in (one, other)}
    return len(keys) == 1 and "" not in keys


def others_to_send(rma: Return) -> list[Return]:
    """Accepted returns of the same shopper whose goods nobody has sent, besides ``rma``."""
    if rma.shopper is None or not rma.shopper.email_key or rma.is_gift:
        return []
    rows = Return.objects.filter(
        shop_id=rma.shop_id,
        shopper__shop=rma.shop_id,
        shopper__email_key=rma.shopper.email_key,
        request_state=RequestState.APPROVED,
        parcel_state__in=[ParcelState.NONE, ParcelState.ANNOUNCED],
        money_state=MoneyState.NONE,
        gift_paid_as="",
    ).exclude(pk=rma.pk)
    rows = rows.select_related("shop", "order", "shopper").order_by("-requested_at", "-id")
    return [one for one in rows[:MOST_IN_A_BOX] if not one.keeps_goods]


def is_guest(rma: Return) -> bool:
    """Whether ``rma`` lies in the box of another return that nobody has handed in."""
    rows = Parcel.objects.filter(shop_id=rma.shop_id, rma=rma, state=ParcelState.ANNOUNCED)
    return rows.filter(inside__isnull=False, handed_in_at=None).exists()


def weight_in(contents: Sequence[Parcel]) -> int | None:
    """Grams of all that lies in a box; None where something's is not known."""
    weights = [weight_of(one.rma) for one in contents]
    known = [one for one in weights if one is not None]
    return sum(known) if len(known) == len(weights) else None


def label_for(shop: Shop, rma: Return, label_id: UUID) -> Label | None:
    """A label that can be printed, of a parcel of ``rma`` or of the box in which it lies."""
    rows = Label.objects.filter(shop=shop, pk=label_id, state=LabelState.READY)
    return rows.filter(_of(rma)).select_related("parcel__rma").distinct().first()


def labels_for(rma: Return) -> list[Label]:
    """All labels of the return's parcels, and those of boxes in which it lies."""
    rows = Label.objects.filter(shop_id=rma.shop_id).filter(_of(rma)).select_related("parcel")
    return list(rows.distinct().order_by("parcel__position", "id"))


def _of(rma: Return) -> Q:
    lying = Parcel.objects.filter(shop_id=rma.shop_id, rma=rma, inside__isnull=False)
    boxes = lying.exclude(state=ParcelState.NONE).values("inside")
    return Q(parcel__rma=rma) | Q(parcel__in=boxes)


def _currency_of(rma: Return) -> str:
    return rma.order.currency if rma.order is not None else rma.shop.currency
