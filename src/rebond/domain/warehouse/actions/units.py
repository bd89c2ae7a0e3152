"""Where each piece goes: on a shelf, to the bench, out of the house. Each moves once."""

from collections.abc import Sequence
from uuid import UUID

from rebond.domain.policies.facts import REPAIR
from rebond.domain.shops.models import Shop
from rebond.domain.warehouse.errors import (
    BelongsToShopper,
    DestructionBanned,
    DetailMissing,
    NothingToSend,
    UnitMoved,
    WrongPlace,
)
from rebond.domain.warehouse.events import BatchSent, UnitRedirected, WorkFinished
from rebond.domain.warehouse.grades import CHOSEN_BY_PEOPLE, Disposition
from rebond.domain.warehouse.kinds import (
    AFTER_REPAIR,
    AFTER_WORK,
    LEAVING,
    PLACE_OF,
    Derogation,
    UnitState,
    state_for,
)
from rebond.domain.warehouse.models import Batch, Location, Movement, Unit, WorkOrder
from rebond.domain.warehouse.shelves import move
from rebond.domain.warehouse.tracking import work_for
from rebond.kernel.actions import action
from rebond.kernel.clock import now
from rebond.kernel.events import record
from rebond.kernel.models import next_number

MOST_IN_A_BATCH = 500
MOST_MINUTES = 100_000


@action
def place_unit(shop: Shop, unit_id: UUID, location_id: UUID, *, by: str) -> Movement:
    """Put one piece on the shelf where it is sold again.

    Raises ``UnitMoved`` unless it waits to be put away, ``WrongPlace`` where the location is not
    for what was decided.
    """
    unit = Unit.objects.get(shop=shop, pk=unit_id)
    location = Location.objects.get(shop=shop, pk=location_id)
    if PLACE_OF.get(Disposition(unit.disposition)) != location.place:
        raise WrongPlace(sku=unit.sku, disposition=unit.disposition)
    _step(unit, {UnitState.WAITING}, state=UnitState.PLACED)
    return move(location, unit.sku, 1, unit=unit, by=by)


@action
def redirect_unit(
    shop: Shop, unit_id: UUID, disposition: Disposition, *, why: str, by: str
) -> Unit:
    """Decide anew where a piece goes that waits or stands in quarantine.

    Raises ``DetailMissing`` without a reason, ``UnitMoved`` where it is on its way already,
    ``BelongsToShopper`` for a piece that is here to be repaired.
    """
    if not why.strip() or disposition not in CHOSEN_BY_PEOPLE:
        raise DetailMissing()
    unit = Unit.objects.select_related("shop", "inspection__line").get(shop=shop, pk=unit_id)
    if unit.inspection.line.outcome == REPAIR:
        raise BelongsToShopper(sku=unit.sku)
    was = unit.disposition
    state = state_for(disposition)
    _step(
        unit,
        {UnitState.WAITING, UnitState.QUARANTINE},
        state=state,
        disposition=disposition,
        why=why.strip()[:300],
    )
    if state == UnitState.IN_WORK:
        work_for(unit, shop.currency).save()
    event = UnitRedirected(str(unit.pk), was, str(disposition))
    record(event, shop_id=shop.pk, actor=by)
    return unit


@action
def finish_work(
    shop: Shop,
    work_id: UUID,
    *,
    steps: Sequence[str],
    minutes: int,
    parts_minor: int,
    note: str,
    disposition: Disposition,
    by: str,
) -> WorkOrder:
    """Write down what was done to a piece, and where it goes now.

    ``steps`` are those done, in order; ``parts_minor`` in minor units of the shop's currency.
    Raises ``DetailMissing`` for numbers that cannot be or a way that does not follow work, and
    ``UnitMoved`` where the work had ended.
    """
    done = [{"text": step.strip()[:200], "done": True} for step in steps if step.strip()]
    possible = 0 <= minutes <= MOST_MINUTES and 0 <= parts_minor <= 10**9
    work = WorkOrder.objects.select_related("unit").get(shop=shop, pk=work_id)
    if not possible or disposition not in ways_after(work.unit) or not done:
        raise DetailMissing()
    if not WorkOrder.objects.filter(shop=shop, pk=work.pk, ended_at=None).update(
        steps=done[:30],
        minutes=minutes,
        parts_minor=parts_minor,
        note=note.strip()[:1000],
        by=by,
        ended_at=now(),
    ):
        raise UnitMoved(sku=work.unit.sku)
    state = UnitState.WAITING if disposition is Disposition.REPAIR else state_for(disposition)
    _step(work.unit, {UnitState.IN_WORK}, state=state, disposition=disposition)
    event = WorkFinished(str(work.unit_id), minutes, parts_minor, work.currency, str(disposition))
    record(event, shop_id=shop.pk, actor=by)
    return work


@action
def send_off(
    shop: Shop,
    unit_ids: Sequence[UUID],
    disposition: Disposition,
    *,
    recipient: str,
    derogation: str = "",
    evidence: str = "",
    by: str,
) -> Batch:
    """Let pieces leave together, with a numbered document.

    Raises ``NothingToSend`` without pieces or for more than 500, ``DetailMissing`` without a
    recipient, ``UnitMoved`` where one of them does not wait for this way. Goods are destroyed only
    under a derogation, with words of evidence, whatever the size of the shop: else
    ``DestructionBanned``. Source: Reg. (EU) 2024/1781 art. 25; C. env. L541-15-8.
    """
    if disposition not in LEAVING or not 0 < len(set(unit_ids)) <= MOST_IN_A_BATCH:
        raise NothingToSend()
    if not recipient.strip():
        raise DetailMissing()
    is_destroyed = disposition is Disposition.DESTROY
    if is_destroyed and not (derogation in set(Derogation) and evidence.strip()):
        raise DestructionBanned()
    batch = Batch.objects.create(
        shop=shop,
        number=next_number(shop.pk, "warehouse_batch"),
        disposition=disposition,
        recipient=recipient.strip()[:200],
        derogation=derogation if is_destroyed else "",
        evidence=evidence.strip()[:1000] if is_destroyed else "",
        by=by,
        at=now(),
    )
    here = Unit.objects.filter(
        shop=shop, pk__in=set(unit_ids), state=UnitState.WAITING, disposition=disposition
    )
    if here.update(state=UnitState.GONE, batch=batch, since=now()) != len(set(unit_ids)):
        raise UnitMoved(sku="")
    event = BatchSent(str(batch.pk), str(disposition), len(set(unit_ids)))
    record(event, shop_id=shop.pk, actor=by)
    return batch


def ways_after(unit: Unit) -> tuple[Disposition, ...]:
    """Where ``unit`` may go when the work on it ends; a shopper's own piece never to a shelf."""
    return AFTER_REPAIR if unit.disposition == Disposition.REPAIR else AFTER_WORK


def _step(unit: Unit, was: set[UnitState], **now_is: str) -> None:
    """One conditional update decides who moves the piece."""
    rows = Unit.objects.filter(shop_id=unit.shop_id, pk=unit.pk, state__in=was)
    if not rows.filter(disposition=unit.disposition).update(since=now(), **now_is):
        raise UnitMoved(sku=unit.sku)
    unit.refresh_from_db()
