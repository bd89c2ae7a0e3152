"""Faulty articles of the demo: on the bench, mended, and two that fared differently."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from rebond.demo.warehouse import answers_for
from rebond.domain.orders.models import Order, OrderLine
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
REASON = "not_as_described"


def play_repairs(shop: Shop, orders: list[Order]) -> None:
    """Two customers have an article repaired, a third one two; nothing where some have.

    ``orders`` are those that can still come back; two before the last four are taken, and the
    first other one with two pieces.
    """
    if len(orders) < 6 or Repair.objects.filter(shop=shop).exists():
        return
    for place, order in enumerate(orders[-6:-4]):
        line = order.lines.filter(total_minor__gt=0).order_by("position").first()
        if line is None:
            continue
        rma = _asked(order, [Wish(line.pk, 1, REASON, "Ne tient pas debout.", outcome="repair")])
        _on_the_bench(rma.pk)
        if place:
            _mended(shop, rma)
    _play_two_pieces(shop, orders[:-6])


def _play_two_pieces(shop: Shop, orders: list[Order]) -> None:
    """Of two faulty pieces one is mended; the other cannot be, and goes its own way."""
    for order in orders:
        lines = list(order.lines.filter(total_minor__gt=0).order_by("position"))
        wishes = _two_pieces(lines)
        if wishes:
            rma = _asked(order, wishes)
            _on_the_bench(rma.pk)
            _mended(shop, rma)
            _given_up(shop, rma)
            return


def _two_pieces(lines: Sequence[OrderLine]) -> list[Wish]:
    free = [line for line in lines if line.left_quantity]
    if sum(line.left_quantity for line in free) < 2:
        return []
    said = "Se décolle."
    if free[0].left_quantity > 1:
        return [Wish(free[0].pk, 2, REASON, said, outcome="repair")]
    return [Wish(line.pk, 1, REASON, said, outcome="repair") for line in free[:2]]


def _asked(order: Order, wishes: Sequence[Wish]) -> Return:
    moment = now()
    rma = request_return(
        order,
        wishes,
        policy=policy_for(order, moment),
        asked_at=moment,
        language="fr",
        by="shopper",
    )
    if rma.request_state == RequestState.REQUESTED:
        rma = approve_return(rma.pk, by="staff:Ana Lopes")
    return rma


def _on_the_bench(rma_id: UUID) -> None:
    lines = list(Return.objects.get(pk=rma_id).lines.order_by("position"))
    open_repair(rma_id)
    receive_return(rma_id, {line.pk: line.quantity for line in lines}, note="", by=BY)
    found = [
        Finding(
            line.pk,
            line.quantity,
            Grade.C,
            Disposition.REFURBISH,
            is_accepted=True,
            note="Pied fendu",
            answers=answers_for(Grade.C),
        )
        for line in lines
    ]
    inspect_return(rma_id, found, by=BY)
    note_inspected(rma_id)


def _mended(shop: Shop, rma: Return) -> None:
    steps = ["Pied recollé", "Séchage d’une nuit", "Stabilité vérifiée"]
    _worked(shop, rma, steps, Disposition.REPAIR)


def _given_up(shop: Shop, rma: Return) -> None:
    _worked(shop, rma, ["Démontage", "Fêlure jusqu’au cœur"], Disposition.QUARANTINE)


def _worked(shop: Shop, rma: Return, steps: list[str], way: Disposition) -> None:
    """The work on the next piece ends."""
    work = WorkOrder.objects.filter(
        shop=shop, unit__inspection__line__rma=rma, ended_at=None
    ).earliest("opened_at", "id")
    finish_work(
        shop,
        work.pk,
        steps=steps,
        minutes=35,
        parts_minor=180,
        note="",
        disposition=way,
        by=BY,
    )
    note_worked(work.unit_id)
