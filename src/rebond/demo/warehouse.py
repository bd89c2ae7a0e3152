"""The demo's warehouse: two places, pieces on every way, a parcel that nobody announced."""

from __future__ import annotations

from itertools import cycle
from uuid import uuid4

from rebond.domain.orders.models import Order, OrderState
from rebond.domain.shipping.actions import make_slips
from rebond.domain.shipping.slip_codes import printed
from rebond.domain.shops.models import Shop
from rebond.domain.warehouse.actions import (
    GradeWords,
    NewScan,
    Question,
    add_location,
    keep_checklist,
    place_unit,
    redirect_unit,
    take_scan,
)
from rebond.domain.warehouse.grades import Disposition, Grade
from rebond.domain.warehouse.kinds import Command, Place, UnitState
from rebond.domain.warehouse.models import Checklist, Location, Unit
from rebond.kernel.clock import now

BY = "staff:Karim Benali"
WAYS = (
    None,
    (Disposition.REFURBISH, "Griffure à polir"),
    (Disposition.RETURN_TO_VENDOR, "Défaut de série"),
    (Disposition.QUARANTINE, "Numéro de série illisible"),
    (Disposition.RESTOCK, "Comme neuf"),
)


QUESTIONS = (
    Question({"fr": "L’article est-il intact ?", "en": "Is the article intact?"}, at_best=Grade.C),
    Question(
        {"fr": "Est-il dans son emballage ?", "en": "Is it in its packaging?"}, at_best=Grade.B
    ),
    Question({"fr": "L’étiquette de prix est-elle retirée ?", "en": "Is the price tag off?"}),
)
MEANINGS = {
    Grade.A: {
        "fr": "Jamais sorti de sa boîte, étiquettes en place.",
        "en": "Never out of its box, labels on.",
    },
    Grade.B: {
        "fr": "Déballé, aucune trace d’usage à trente centimètres.",
        "en": "Unpacked, no trace of use at arm’s length.",
    },
    Grade.C: {"fr": "Petites rayures, tout fonctionne.", "en": "Small scratches, all works."},
    Grade.D: {"fr": "Cassé, taché ou incomplet.", "en": "Broken, stained or incomplete."},
}


def word_grades(shop: Shop) -> None:
    """The shop's own words for its grades and what it asks of every piece, once."""
    if Checklist.objects.filter(shop=shop).exists():
        return
    grades = {grade: GradeWords(words) for grade, words in MEANINGS.items()}
    keep_checklist(shop, "", grades=grades, questions=QUESTIONS, by="staff:Olivia Martin")


def answers_for(grade: Grade) -> dict[str, str]:
    """What somebody saw on a piece of ``grade``."""
    is_whole, is_packed = grade in {Grade.A, Grade.B}, grade is Grade.A
    return {"q1": _yes_or_no(is_whole), "q2": _yes_or_no(is_packed), "q3": "yes"}


def play_warehouse(shop: Shop) -> None:
    """Send accepted pieces on their ways, once."""
    if Location.objects.filter(shop=shop).exists():
        return
    shelf = add_location(shop, "Allée 3", Place.SELLABLE, by=BY)
    add_location(shop, "Seconde vie", Place.SECOND_HAND, by=BY)
    waiting = Unit.objects.filter(
        shop=shop, state=UnitState.WAITING, disposition=Disposition.RESTOCK
    )
    for unit, way in zip(waiting.order_by("id")[:10], cycle(WAYS), strict=False):
        if way is None:
            place_unit(shop, unit.pk, shelf.pk, by=BY)
        else:
            redirect_unit(shop, unit.pk, way[0], why=way[1], by=BY)
    told = NewScan(uuid4(), "demo", Command.SET_ASIDE, "6A98765432109", now())
    take_scan(shop, told, by=BY)
    unasked = Order.objects.filter(shop=shop, returns=None, state=OrderState.OPEN)
    for order in unasked.order_by("-ordered_at", "-id")[40:41]:
        slip = make_slips(shop, [order.number], by=BY)[0]
        take_scan(shop, NewScan(uuid4(), "demo", Command.CODE, printed(slip.code), now()), by=BY)


def _yes_or_no(is_so: bool) -> str:
    return "yes" if is_so else "no"
