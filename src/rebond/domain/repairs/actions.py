"""The verbs of a repair: open, start, end, send back, ask for money, turn into something else.

The pieces of one repair share one fate: those that fare otherwise go on in a return of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from rebond.domain.machines.models import ApiKey
from rebond.domain.orders.models import OrderLine
from rebond.domain.policies.facts import NO_MONEY, REPAIR
from rebond.domain.refunds.errors import AlreadySettled, ExchangeOpen
from rebond.domain.refunds.models import Settlement
from rebond.domain.refunds.reductions import LEAST, MOST, ORIGIN, reduction_for
from rebond.domain.refunds.settling import decide
from rebond.domain.repairs.errors import (
    MoneyNotDue,
    ReasonForShopperMissing,
    ReductionNotPossible,
    RepairMoved,
    ShopperChooses,
)
from rebond.domain.repairs.events import (
    PriceReduced,
    RepairDone,
    RepairFailed,
    RepairMoneyAsked,
    RepairOpened,
    RepairRefused,
    RepairSentBack,
    RepairStarted,
    RepairTurned,
)
from rebond.domain.repairs.models import Repair
from rebond.domain.repairs.queries import due_day, why_not_reducible
from rebond.domain.repairs.states import NEXT_STATES, TURNS, Instead, RepairState, TurnGround
from rebond.domain.returns.actions import close, give_back, let_keep
from rebond.domain.returns.guarantee import ends_after_repair, with_ends
from rebond.domain.returns.models import Return
from rebond.domain.returns.states import RequestState
from rebond.domain.shops.models import Staff
from rebond.domain.warehouse.models import Unit
from rebond.domain.warehouse.splitting import split_refused, split_units
from rebond.domain.warehouse.tracking import give_back_units, keep_units, work_left, worked_units
from rebond.kernel.actions import action
from rebond.kernel.clock import local_date, now
from rebond.kernel.events import record

LONGEST_NOTE = 2000


@action
def open_repair(rma_id: UUID) -> Repair | None:
    """Wait for the pieces of an accepted claim; None for a return that is no repair."""
    rma = Return.objects.locked(pk=rma_id)
    return _opened(rma) if rma.is_repair else None


@action
def note_inspected(rma_id: UUID) -> None:
    """The pieces were looked at: they are on the bench, or the claim was turned down.

    Where it was turned down for some of them only, those go on in a return of their own.
    """
    rma = Return.objects.locked(pk=rma_id)
    if not rma.is_repair:
        return
    repair = _opened(rma)
    if repair.state != RepairState.AWAITED:
        return
    refused = split_refused(rma, by="system")
    if refused is not None:
        _beside(repair, refused, RepairState.REFUSED)
    is_accepted = any(line.accepted_quantity for line in rma.lines.all())
    _move(repair, RepairState.IN_REPAIR if is_accepted else RepairState.REFUSED)
    event = RepairStarted if is_accepted else RepairRefused
    record(event(*_named(repair)), shop_id=repair.shop_id, actor="system")


@action
def note_worked(unit_id: UUID) -> None:
    """The work on a piece has ended: mended, or not to be mended.

    The repair waits for the work on all its pieces. Where some are mended and some cannot be,
    those that cannot go on in a return of their own: their shopper chooses again.
    """
    unit = Unit.objects.select_related("inspection__line").get(pk=unit_id)
    line = unit.inspection.line
    rma = Return.objects.locked(pk=line.rma_id)
    repair = rma.repairs.select_related("rma").first()
    if repair is None or repair.state != RepairState.IN_REPAIR:
        return
    if work_left(rma):
        return
    mended, failed = worked_units(rma)
    if mended and failed:
        apart = split_units(rma, failed, by="system")
        _beside(repair, apart, RepairState.FAILED)
    is_mended = bool(mended)
    _move(repair, RepairState.REPAIRED if is_mended else RepairState.FAILED)
    event = RepairDone if is_mended else RepairFailed
    record(event(*_named(repair)), shop_id=repair.shop_id, actor="system")


@action
def note_over(rma_id: UUID) -> None:
    """The return is off before its pieces came."""
    rma = Return.objects.locked(pk=rma_id)
    repair = rma.repairs.select_related("rma").first()
    if repair is not None and repair.state == RepairState.AWAITED:
        _move(repair, RepairState.OVER)


@action
def send_repair_back(
    rma_id: UUID, *, carrier: str, tracking_number: str, by: str, version: int | None = None
) -> Repair:
    """Note that the pieces go back to their shopper, and close the return without a refund.

    They are no longer claimed, and a repair prolongs the legal guarantee of each. Raises
    ``RepairMoved`` unless they are mended, or were refused, and ``ChangedMeanwhile``.
    Source: C. conso. L217-13, L217-28.
    """
    rma, repair = _locked(rma_id, version)
    if not repair.can_be_sent_back:
        raise RepairMoved(number=rma.number, was=repair.state, asked=str(RepairState.SENT_BACK))
    moment = now()
    if repair.state == RepairState.REPAIRED:
        repair.guaranteed_until = _prolonged(rma, repair)
    repair.carrier = carrier.strip()[:60]
    repair.tracking_number = tracking_number.strip()[:80]
    repair.sent_back_at = moment
    _move(repair, RepairState.SENT_BACK)
    give_back_units(rma)
    give_back(rma)
    until = repair.guaranteed_until.isoformat() if repair.guaranteed_until else ""
    event = RepairSentBack(*_named(repair), repair.carrier, repair.tracking_number, until)
    record(event, shop_id=rma.shop_id, actor=by)
    close(rma, by=by)
    return repair


@action
def ask_for_money(rma_id: UUID, *, by: str) -> Repair:
    """Take the shopper's wish for their money instead; once more changes nothing.

    Raises ``RepairMoved`` where nothing is open, and ``MoneyNotDue`` unless the repair failed or
    the thirty days of the law are over. Source: C. conso. L217-10, L217-14.
    """
    rma, repair = _locked(rma_id, None)
    if not repair.can_be_turned:
        raise RepairMoved(number=rma.number, was=repair.state, asked="money")
    due_on = due_day(repair)
    is_late = due_on is not None and local_date(now(), rma.shop.time_zone) > due_on
    if not is_late and repair.state != RepairState.FAILED:
        raise MoneyNotDue(number=rma.number)
    if repair.money_asked_at is None:
        repair.money_asked_at = now()
        repair.save(update_fields=["money_asked_at"])
        rma.touch()
        record(RepairMoneyAsked(*_named(repair)), shop_id=rma.shop_id, actor=by)
    return repair


@action
def turn_repair(
    rma_id: UUID,
    into: Instead,
    *,
    ground: TurnGround,
    note: str,
    by: str,
    version: int | None = None,
) -> Repair:
    """Let a replacement or the money come instead of the repair; the pieces stay with the shop.

    ``note`` is written to the shopper. Raises ``ReasonForShopperMissing`` without it, since the
    law wants a refused repair to be reasoned in writing; ``ShopperChooses`` for a refund that the
    shopper neither asked for nor agreed to; ``RepairMoved`` and ``ChangedMeanwhile``.
    Source: C. conso. L217-12, L217-14.
    """
    rma, repair = _locked(rma_id, version)
    said = _written(note)
    if into not in TURNS or not repair.can_be_turned:
        raise RepairMoved(number=rma.number, was=repair.state, asked=str(into))
    wanted = repair.money_asked_at is not None or ground is TurnGround.AGREED
    if into is Instead.REFUND and not wanted:
        raise ShopperChooses(number=rma.number)
    _turn(repair, into, ground, said)
    keep_units(rma)
    rma.lines.filter(outcome=REPAIR).update(outcome=str(into))
    rma.touch()
    event = RepairTurned(*_named(repair), str(into), str(ground))
    record(event, shop_id=rma.shop_id, actor=by)
    return repair


@action
def reduce_price(
    rma_id: UUID,
    percents: Mapping[UUID, int],
    *,
    note: str,
    is_agreed: bool,
    by: str,
    staff: Staff | None = None,
    machine: ApiKey | None = None,
    version: int | None = None,
) -> Settlement:
    """Give back a part of the price of faulty goods that their shopper keeps.

    ``percents`` says for every line of the return how much less it is worth with its fault.
    Goods that are still with the shopper stay there; what could not be mended waits to be
    sent back. The guarantee goes on. ``note`` is written to the shopper, who asked for it or
    agrees (``is_agreed``). Raises ``ShopperChooses``, ``ReasonForShopperMissing``,
    ``ReductionNotPossible``, ``AlreadySettled``, ``ExchangeOpen``, ``ChangedMeanwhile`` and the
    refusals of ``settle_return`` about payments and limits.
    Source: C. conso. L217-14, L217-16; Dir. (EU) 2019/771 art. 13(4), 15.
    """
    rma = Return.objects.locked(pk=rma_id, version=version)
    if not is_agreed:
        raise ShopperChooses(number=rma.number)
    said = _written(note)
    repair = rma.repairs.select_related("rma").first()
    _check_reducible(rma, repair, percents)
    answer = reduction_for(rma, percents)
    if answer is None:
        raise ReductionNotPossible(number=rma.number, why="nothing_left")
    assert rma.order is not None
    settlement = decide(
        rma.order, rma, answer, origin=ORIGIN, by=by, who=staff or machine, reason=said[:200]
    )
    _leave_goods(rma, repair, said)
    event = PriceReduced(
        str(rma.pk),
        rma.number,
        str(settlement.pk),
        settlement.gross_minor,
        settlement.currency,
    )
    record(event, shop_id=rma.shop_id, actor=by)
    return settlement


def _check_reducible(rma: Return, repair: Repair | None, percents: Mapping[UUID, int]) -> None:
    if rma.settlements.filter(called_off_at=None).exists():
        raise AlreadySettled(number=rma.number)
    if any(line.waits_for_goods for line in rma.lines.all()):
        raise ExchangeOpen(number=rma.number)
    why = why_not_reducible(rma, repair)
    if not why and not _are_shares(rma, percents):
        why = "share"
    if why:
        raise ReductionNotPossible(number=rma.number, why=why)


def _are_shares(rma: Return, percents: Mapping[UUID, int]) -> bool:
    mine = {line.pk for line in rma.lines.all()}
    return set(percents) == mine and all(LEAST <= share <= MOST for share in percents.values())


def _leave_goods(rma: Return, repair: Repair | None, said: str) -> None:
    """The piece on the bench waits to be sent back; what is with the shopper stays there."""
    if repair is not None and repair.state == RepairState.FAILED:
        repair.reduced_at = now()
        repair.save(update_fields=["reduced_at"])
        return
    if repair is not None and repair.state == RepairState.AWAITED:
        _turn(repair, Instead.REDUCTION, TurnGround.AGREED, said)
    rma.lines.filter(outcome__in=NO_MONEY).update(outcome="refund")
    let_keep(rma)


def _turn(repair: Repair, into: Instead, ground: TurnGround, said: str) -> None:
    repair.turned_into, repair.turned_ground, repair.turned_note = into, ground, said
    _move(repair, RepairState.TURNED)


def _written(note: str) -> str:
    said = note.strip()
    if not 0 < len(said) <= LONGEST_NOTE:
        raise ReasonForShopperMissing(limit=LONGEST_NOTE)
    return said


def _opened(rma: Return) -> Repair:
    repair = rma.repairs.select_related("rma").first()
    if repair is None:
        asked_on = local_date(rma.requested_at, rma.shop.time_zone)
        repair = Repair.objects.create(
            shop_id=rma.shop_id,
            rma=rma,
            state=RepairState.AWAITED,
            asked_on=asked_on,
            since=now(),
        )
        record(RepairOpened(*_named(repair)), shop_id=rma.shop_id, actor="system")
    elif repair.state == RepairState.OVER and rma.request_state == RequestState.APPROVED:
        _move(repair, RepairState.AWAITED)
    return repair


def _prolonged(rma: Return, repair: Repair) -> date | None:
    """The first new end of the guarantee; each is kept with its piece, for a later claim."""
    assert rma.order is not None
    sent_on = local_date(now(), rma.shop.time_zone)
    new: list[date] = []
    for line in rma.lines.filter(accepted_quantity__gt=0).select_related("order_line"):
        bought = line.order_line
        assert bought is not None and line.accepted_quantity is not None
        ends = ends_after_repair(
            bought,
            rma.order,
            pieces=line.accepted_quantity,
            asked_on=repair.asked_on,
            sent_back_on=sent_on,
        )
        if ends:
            kept = with_ends(bought, ends)
            OrderLine.objects.filter(pk=bought.pk).update(piece_guarantees=kept)
            new += ends
    return min(new, default=None)


def _beside(repair: Repair, apart: Return, state: RepairState) -> None:
    """The repair of pieces that left ``repair`` in the return ``apart``, and what it says."""
    other = Repair.objects.create(
        shop_id=apart.shop_id,
        rma=apart,
        state=state,
        asked_on=repair.asked_on,
        money_asked_at=repair.money_asked_at,
        since=now(),
    )
    event = RepairRefused if state is RepairState.REFUSED else RepairFailed
    record(event(*_named(other)), shop_id=apart.shop_id, actor="system")


def _locked(rma_id: UUID, version: int | None) -> tuple[Return, Repair]:
    rma = Return.objects.locked(pk=rma_id, version=version)
    repair = rma.repairs.select_related("rma").first()
    if repair is None:
        raise RepairMoved(number=rma.number, was="none", asked="repair")
    return rma, repair


def _check_step(repair: Repair, state: RepairState) -> None:
    if state not in NEXT_STATES[RepairState(repair.state)]:
        raise RepairMoved(number=repair.rma.number, was=repair.state, asked=str(state))


def _move(repair: Repair, state: RepairState) -> None:
    _check_step(repair, state)
    repair.state, repair.since = state, now()
    repair.save()


def _named(repair: Repair) -> tuple[str, str, str]:
    return str(repair.rma_id), repair.rma.number, str(repair.pk)
