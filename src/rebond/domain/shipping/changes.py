"""Whether a return can still be changed: what is sent, paid, or stands on its own cannot."""

from __future__ import annotations

from rebond.domain.returns.models import Return
from rebond.domain.returns.states import Goods, MoneyState, ParcelState
from rebond.domain.shipping.methods import OPEN
from rebond.domain.shipping.models import Label, Parcel
from rebond.domain.shipping.states import OVER, LabelState


def fixed_by(rma: Return) -> str:
    """What stands against another wish, as ``why`` of ``NotChangeable``; empty where nothing does.

    A statement of withdrawal is kept as it was made. A parcel that the shopper announced
    themselves is on its way; one that was announced by a label of ours is not, until it is handed
    in. A label that is being made has to be made first.
    """
    if rma.request_state not in OPEN:
        return "state"
    if rma.money_state != MoneyState.NONE:
        return "money"
    by_kind = {
        "unknown_sale": rma.order is None or rma.lines.filter(order_line=None).exists(),
        "withdrawal": rma.is_withdrawal,
        "present": rma.is_gift,
        "donation": rma.goods == Goods.DONATED,
        "repair": rma.is_repair,
        "exchange": rma.lines.filter(waits_for_goods=True).exists(),
    }
    return next((why for why, holds in by_kind.items() if holds), "") or _fixed_by_parcel(rma)


def labels_of(rma: Return) -> list[Label]:
    """Labels that stand ready for a parcel of ``rma`` which nobody has handed in."""
    ready = Label.objects.filter(shop_id=rma.shop_id, parcel__rma=rma, state=LabelState.READY)
    return list(ready.filter(parcel__handed_in_at=None).select_related("parcel"))


def _fixed_by_parcel(rma: Return) -> str:
    if rma.parcel_state == ParcelState.NONE:
        standing = Label.objects.filter(shop_id=rma.shop_id, parcel__rma=rma)
        return "label" if standing.exclude(state__in=OVER).exists() else ""
    if rma.parcel_state != ParcelState.ANNOUNCED:
        return "sent"
    parcels = Parcel.objects.filter(shop_id=rma.shop_id, rma=rma).exclude(state=ParcelState.NONE)
    ready = {label.parcel_id for label in labels_of(rma)}
    if all(parcel.pk in ready for parcel in parcels):
        return ""
    on_label = Label.objects.filter(shop_id=rma.shop_id, parcel__in=parcels).exclude(state__in=OVER)
    return "label" if on_label.exclude(state=LabelState.READY).exists() else "sent"
