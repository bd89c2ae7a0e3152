"""The pieces of an inspection, each with a row of its own. Used inside actions only."""

from collections.abc import Mapping, Sequence
from typing import Protocol
from uuid import UUID

from django.db.models import QuerySet

from rebond.domain.policies.facts import REPAIR
from rebond.domain.returns.models import Return
from rebond.domain.warehouse.grades import Disposition
from rebond.domain.warehouse.kinds import UnitState, state_for
from rebond.domain.warehouse.models import Inspection, Unit, WorkOrder
from rebond.kernel.clock import now
from rebond.kernel.writing import insert_all


class WithSerials(Protocol):
    """Something that knows serial numbers."""

    @property
    def serials(self) -> tuple[str, ...]:
        """One for each piece at most."""
        ...


def make_units(
    rma: Return,
    rows: Sequence[Inspection],
    findings: Sequence[WithSerials],
    skus: Mapping[UUID, str],
) -> list[Unit]:
    """One unit for every accepted piece; refused pieces belong to the shopper.

    ``rows`` begin with those of ``findings``, in the same order.
    """
    moment = now()
    units = []
    for row, finding in zip(rows, findings, strict=False):
        if not row.is_accepted:
            continue
        serials = dict(enumerate(finding.serials))
        units += [
            Unit(
                shop_id=rma.shop_id,
                inspection=row,
                ordinal=ordinal,
                sku=skus[row.line_id],
                serial=serials.get(ordinal, "")[:80],
                disposition=row.disposition,
                state=state_for(Disposition(row.disposition)),
                since=moment,
            )
            for ordinal in range(row.quantity)
        ]
    insert_all(units)
    WorkOrder.objects.bulk_create(
        [work_for(unit, rma.shop.currency) for unit in units if unit.state == UnitState.IN_WORK]
    )
    return units


def work_for(unit: Unit, currency: str) -> WorkOrder:
    """An open work order for ``unit``."""
    return WorkOrder(shop_id=unit.shop_id, unit=unit, currency=currency, opened_at=now())


def give_back_units(rma: Return) -> None:
    """The pieces that were here to be repaired are with their shopper again."""
    _of_repair(rma).update(state=UnitState.GIVEN_BACK, since=now())


def keep_units(rma: Return) -> None:
    """The pieces that were to be repaired are the shop's now: somebody decides where they go."""
    units = _of_repair(rma)
    WorkOrder.objects.filter(shop_id=rma.shop_id, unit__in=units, ended_at=None).update(
        ended_at=now()
    )
    units.update(state=UnitState.QUARANTINE, disposition=Disposition.QUARANTINE, since=now())


def work_left(rma: Return) -> bool:
    """Whether somebody still works on a piece that is to be repaired."""
    open_work = WorkOrder.objects.filter(shop_id=rma.shop_id, unit__in=_of_repair(rma))
    return open_work.filter(ended_at=None).exists()


def worked_units(rma: Return) -> tuple[list[Unit], list[Unit]]:
    """The pieces that were to be repaired: those mended, and those that could not be."""
    units = list(_of_repair(rma).order_by("inspection_id", "ordinal"))
    mended = [unit for unit in units if unit.disposition == Disposition.REPAIR]
    return mended, [unit for unit in units if unit.disposition != Disposition.REPAIR]


def _of_repair(rma: Return) -> QuerySet[Unit]:
    return Unit.objects.filter(
        shop_id=rma.shop_id, inspection__line__rma=rma, inspection__line__outcome=REPAIR
    )
