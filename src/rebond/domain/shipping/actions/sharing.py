"""Returns of one shopper in one box: put together, taken apart."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from rebond.domain.returns.models import Return
from rebond.domain.returns.states import MoneyState, ParcelState
from rebond.domain.shipping.announcing import announced
from rebond.domain.shipping.boxes import drop_parcel
from rebond.domain.shipping.errors import NotTogether
from rebond.domain.shipping.events import MethodChosen, ParcelLeft
from rebond.domain.shipping.methods import chosen_of, ways_of
from rebond.domain.shipping.models import ChosenMethod, Parcel
from rebond.domain.shipping.sharing import contents_of, open_box_of, weight_in, why_apart
from rebond.kernel.actions import action
from rebond.kernel.events import record


@action
def join_parcel(rma_id: UUID, host_id: UUID, *, by: str) -> Parcel:
    """Put the goods of a return into the box of another one of the same shopper.

    The box keeps its label and its number; what its carrier reports counts for each return in
    it. Its fee is charged once, and is the lowest that any of the returns was promised for that
    way. The same wish again changes nothing. Raises ``NotTogether`` where that return has no box
    that could still be packed, and for what stands in ``sharing.why_apart``.
    """
    seen = open_box_of(Return.objects.get(pk=host_id))
    locked = Return.objects.locked_together(
        {rma_id, host_id} | ({seen.rma_id} if seen is not None else set())
    )
    host, rma = locked[host_id], locked[rma_id]
    box = open_box_of(host)
    if box is None or box.rma_id not in locked.keys() - {rma.pk} or host.shop_id != rma.shop_id:
        raise NotTogether(number=rma.number, why="no_box")
    known = Parcel.objects.filter(shop_id=rma.shop_id, rma=rma, inside=box)
    there = known.exclude(state=ParcelState.NONE).first()
    if there is not None:
        return there
    why = why_apart(box, rma)
    if why:
        raise NotTogether(number=rma.number, why=why)
    made = _lay(rma, box, by=by)
    _weigh(box)
    _charge_the_least(box.rma, rma, by=by)
    return made


@action
def leave_parcel(rma_id: UUID, *, by: str) -> None:
    """Take the goods of a return out of the box of another one; it stands as if not packed.

    Raises ``NotTogether`` where it lies in none, or the box was handed in.
    """
    asked = Return.objects.get(pk=rma_id)
    mine = Parcel.objects.filter(shop_id=asked.shop_id, rma=asked, state=ParcelState.ANNOUNCED)
    lies = mine.filter(inside__isnull=False, handed_in_at=None).select_related("inside")
    seen = lies.first()
    hosts = {seen.inside.rma_id} if seen is not None and seen.inside is not None else set()
    rma = Return.objects.locked_together({rma_id} | hosts)[rma_id]
    parcel = lies.filter(inside__rma__in=hosts).first()
    if parcel is None or parcel.inside is None:
        raise NotTogether(number=rma.number, why="no_box")
    box, parcel.rma = parcel.inside, rma
    drop_parcel(parcel)
    _weigh(box)
    record(ParcelLeft(str(rma.pk), rma.number, str(parcel.pk)), shop_id=rma.shop_id, actor=by)


def locked_with_basket(rma_id: UUID) -> tuple[Return, list[Return]]:
    """The return, and those that were asked for with it, after all their orders were locked."""
    seen = Return.objects.only("id", "shop_id", "basket").get(pk=rma_id)
    wanted = {rma_id}
    if seen.basket is not None:
        asked = Return.objects.filter(shop_id=seen.shop_id, basket=seen.basket)
        wanted |= set(asked.values_list("pk", flat=True))
    locked = Return.objects.locked_together(wanted)
    return locked.pop(rma_id), sorted(locked.values(), key=lambda one: one.number)


def gather(box: Parcel, siblings: Sequence[Return], *, by: str) -> None:
    """Put those that were asked for at once, and have no parcel, into the first box of one.

    What cannot travel in it, or goes another way since, stays out. The box bears the one fee of
    all.
    """
    if box.position > 1 or box.inside is not None:
        return
    rows = ChosenMethod.objects.filter(shop_id=box.shop_id, rma__in=[box.rma, *siblings])
    chosen = {one.rma_id: one for one in rows}
    way = chosen[box.rma_id].method if box.rma_id in chosen else ""
    joined = []
    for rma in siblings:
        goes_else = rma.pk in chosen and chosen[rma.pk].method != way
        if goes_else or rma.parcel_state != ParcelState.NONE or why_apart(box, rma):
            continue
        _lay(rma, box, by=by)
        joined.append(rma)
    if joined:
        _weigh(box)
        _bear(box.rma, [chosen[one.pk] for one in (box.rma, *joined) if one.pk in chosen], by=by)


def _lay(rma: Return, box: Parcel, *, by: str) -> Parcel:
    return announced(
        rma,
        carrier=box.carrier,
        carrier_name=box.carrier_name,
        number=box.tracking_number,
        by=by,
        inside=box,
    )


def _bear(host: Return, together: Sequence[ChosenMethod], *, by: str) -> None:
    """The return whose label it is bears the lowest fee that any of them was to bear."""
    mine = next((one for one in together if one.rma_id == host.pk), None)
    if mine is not None and host.money_state == MoneyState.NONE:
        borne = [one.fee_minor for one in together if one.fee_minor]
        _charge(host, mine, min(borne, default=0), by=by)


def _weigh(box: Parcel) -> None:
    """A carrier weighs the whole box: each of its returns expects that weight."""
    contents = contents_of(box)
    is_spread = any(one.position > 1 and one.rma.parcels.count() > 1 for one in contents)
    Parcel.objects.filter(shop_id=box.shop_id, pk__in=[one.pk for one in contents]).update(
        weight_grams=None if is_spread else weight_in(contents)
    )


def _charge_the_least(host: Return, rma: Return, *, by: str) -> None:
    """Lower the fee of the box to what ``rma`` was promised for the same way."""
    chosen = chosen_of(host)
    if chosen is None or host.money_state != MoneyState.NONE:
        return
    offered = {way.method: way.fee_minor for way in ways_of(rma)}
    terms = rma.terms.get("terms") or {}
    if not offered and terms.get("shopper_pays_return") is False:
        offered = {chosen.method: 0}
    fee = offered.get(chosen.method, chosen.fee_minor)
    if fee < chosen.fee_minor:
        _charge(host, chosen, fee, by=by)


def _charge(host: Return, chosen: ChosenMethod, fee: int, *, by: str) -> None:
    if chosen.fee_minor == fee:
        return
    chosen.fee_minor = fee
    chosen.save(update_fields=["fee_minor"])
    host.touch()
    event = MethodChosen(str(host.pk), host.number, chosen.method, fee, chosen.currency)
    record(event, shop_id=host.shop_id, actor=by)
