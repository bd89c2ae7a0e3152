"""Promises about goods in the warehouse."""

from __future__ import annotations

from django.db.models import Count, Exists, F, OuterRef, Q

from rebond.domain.warehouse.kinds import PLACE_OF, UnitState
from rebond.domain.warehouse.models import Balance, Inspection, Movement, Unit, WorkOrder
from rebond.insights.verification.table import Breaches, promise, sum_of


@promise("I34", "what stands on a shelf is what was put there, never below zero")
def shelf_balances() -> Breaches:
    """Each balance is the sum of its movements, and no movement lacks its balance."""
    same = Movement.objects.filter(
        shop=OuterRef("shop"), location=OuterRef("location"), sku=OuterRef("sku")
    )
    counted = Balance.objects.annotate(moved=sum_of(same, "location", "pieces"))
    for row in counted.filter(~Q(pieces=F("moved")) | Q(pieces__lt=0)).iterator():
        yield f"balance {row.pk}: {row.pieces} of {row.sku}, movements {row.moved}"
    here = Balance.objects.filter(
        shop=OuterRef("shop"), location=OuterRef("location"), sku=OuterRef("sku")
    )
    for move in Movement.objects.filter(~Exists(here)).iterator():
        yield f"movement {move.pk}: {move.sku} stands in no balance"


@promise("I35", "every returned piece goes one way, once")
def units_once() -> Breaches:
    """A piece on a shelf has one movement, any other none; no more pieces than were accepted."""
    units = Unit.objects.annotate(moved=Count("moves"))
    wrong = units.exclude(
        Q(state=UnitState.PLACED, moved=1) | (~Q(state=UnitState.PLACED) & Q(moved=0))
    )
    for unit in wrong.iterator():
        yield f"unit {unit.pk}: {unit.state}, moved {unit.moved} times"
    gone = Unit.objects.filter(state=UnitState.GONE).exclude(batch__disposition=F("disposition"))
    for sent in gone.iterator():
        yield f"unit {sent.pk}: left in a batch for something else"
    places = Q()
    for disposition, place in PLACE_OF.items():
        places |= Q(unit__disposition=disposition, location__place=place)
    for move in Movement.objects.exclude(unit=None).exclude(places).iterator():
        yield f"movement {move.pk}: a unit stands where it was not to go"
    found = Inspection.objects.annotate(made=Count("units"))
    for row in found.filter(Q(made__gt=F("quantity")) | Q(is_accepted=False, made__gt=0)):
        yield f"inspection {row.pk}: {row.made} units of {row.quantity} pieces"
    at_work = WorkOrder.objects.filter(shop=OuterRef("shop"), unit=OuterRef("pk"), ended_at=None)
    idle = Unit.objects.annotate(has_work=Exists(at_work)).exclude(
        Q(state=UnitState.IN_WORK, has_work=True)
        | (~Q(state=UnitState.IN_WORK) & Q(has_work=False))
    )
    for one in idle.iterator():
        yield f"unit {one.pk}: {one.state}, but its work order says otherwise"
