"""Two faulty articles of the demo: one on the bench, one mended that waits to be sent back."""

from __future__ import annotations

from uuid import UUID

from rebond.demo.warehouse import answers_for
from rebond.domain.orders.models import Order
from rebond.domain.policies.queries import policy_for
from rebond.domain.repairs.actions import note_inspected, note_worked, open_repair
from rebond.domain.repairs.models import Repair
from rebond.domain.returns.actions import approve_return, request_return
from rebond.domain.returns.models import Return
from rebond.domain.returns.states import RequestState
from rebond.domain.returns.wishes import Wish
from rebond.domain.shops.models import Shop
from rebond.domain.warehouse.actions import Finding, finish_work, inspect_return, receive_return
from rebond.domain.warehouse.grades import Disposition, Grade
from rebond.domain.warehouse.models import WorkOrder
from rebond.kernel.clock import now

BY = "staff:Karim Benali"


def play_repairs(shop: Shop, orders: list[Order]) -> None:
    """Two customers have an article repaired; nothing where some have.

    ``orders`` are those that can still come back; two before the last four are taken.
    """
    if len(orders) < 6 or Repair.objects.filter(shop=shop).exists():
        return
    for place, order in enumerate(orders[-6:-4]):
        line = order.lines.filter(total_minor__gt=0).order_by("position").first()
        if line is None:
            continue
        moment = now()
        rma = request_return(
            order,
            [Wish(line.pk, 1, "not_as_described", "Ne tient pas debout.", outcome="repair")],
            policy=policy_for(order, moment),
            asked_at=moment,
            language="fr",
            by="shopper",
        )
        if rma.request_state == RequestState.REQUESTED:
            approve_return(rma.pk, by="staff:Ana Lopes")
        _on_the_bench(rma.pk)
        if place:
            _mended(shop, rma)


def _on_the_bench(rma_id: UUID) -> None:
    line = Return.objects.get(pk=rma_id).lines.get()
    open_repair(rma_id)
    receive_return(rma_id, {line.pk: 1}, note="", by=BY)
    found = Finding(
        line.pk,
        1,
        Grade.C,
        Disposition.REFURBISH,
        is_accepted=True,
        note="Pied fendu",
        answers=answers_for(Grade.C),
    )
    inspect_return(rma_id, [found], by=BY)
    note_inspected(rma_id)


def _mended(shop: Shop, rma: Return) -> None:
    work = WorkOrder.objects.get(shop=shop, unit__inspection__line__rma=rma)
    finish_work(
        shop,
        work.pk,
        steps=["Pied recollé", "Séchage d’une nuit", "Stabilité vérifiée"],
        minutes=35,
        parts_minor=180,
        note="",
        disposition=Disposition.REPAIR,
        by=BY,
    )
    note_worked(work.unit_id)
