"""Questions about repairs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from rebond.domain import law
from rebond.domain.repairs.models import Repair
from rebond.domain.repairs.states import RepairState
from rebond.domain.returns.guarantee import is_defect
from rebond.domain.returns.models import Return
from rebond.domain.returns.states import Goods, ParcelState, RequestState
from rebond.domain.shops.models import Shop

OPEN_REQUESTS = {RequestState.REQUESTED, RequestState.NEEDS_INFO, RequestState.APPROVED}
IN_HAND = (RepairState.IN_REPAIR, RepairState.REPAIRED, RepairState.FAILED, RepairState.REFUSED)


@dataclass(frozen=True)
class Standing:
    """A repair on one day: its last day by law, and what the shopper may ask for.

    ``due_on`` is None where the law of the country names no number of days.
    """

    repair: Repair
    due_on: date | None
    is_late: bool
    may_ask_money: bool


def repair_of(rma: Return, today: date) -> Standing | None:
    """The repair of ``rma`` as it stands ``today``; None where none was accepted.

    Source: C. conso. L217-10, L217-14.
    """
    repair = rma.repairs.first()
    return None if repair is None else standing_of(repair, today)


def standing_of(repair: Repair, today: date) -> Standing:
    """``repair`` as it stands ``today``, on the calendar of the shop."""
    due_on = due_day(repair)
    is_late = due_on is not None and repair.can_be_turned and today > due_on
    may_ask = repair.can_be_turned and repair.money_asked_at is None
    return Standing(repair, due_on, is_late, may_ask and (is_late or repair.state == "failed"))


def due_day(repair: Repair) -> date | None:
    """The last day to have it done, thirty days after the claim.  Source: C. conso. L217-10."""
    return law.conformity_due_on(repair.asked_on) if repair.rma.country == "FR" else None


def why_not_reducible(rma: Return, repair: Repair | None) -> str:
    """What stands against a price reduction, as ``why`` of its refusal; empty where nothing does.

    All goods of the return must be said to be faulty, and be with the shopper or, where a repair
    failed, wait on the bench. Says nothing about money that was decided before.
    """
    failed = repair is not None and repair.state == RepairState.FAILED
    is_away = rma.parcel_state not in {ParcelState.NONE, ParcelState.ANNOUNCED}
    checks = {
        "unknown_sale": rma.order_id is None,
        "present": rma.is_gift,
        "donation": rma.goods == Goods.DONATED,
        "no_fault": not all(is_defect(one.reason) for one in rma.lines.select_related("reason")),
        "state": rma.request_state not in OPEN_REQUESTS,
        "goods_here": is_away and not failed,
    }
    return next((why for why, holds in checks.items() if holds), "")


def law_of_reduction(rma: Return) -> tuple[str, ...]:
    """The articles that give a consumer the reduction; empty where no page of law states one."""
    said = law.answer(
        {
            "jurisdiction": rma.country,
            "topic": "legal_guarantee",
            "facts": {"repair_or_replacement_failed": True},
        }
    )
    given: Any = said.get("references", ())
    return tuple(given) if said.get("price_reduction") is True else ()


def in_hand(shop: Shop) -> QuerySet[Repair, UUID]:
    """Returns by id whose piece is here, on the bench or ready, or whose shopper wants money."""
    rows = Repair.objects.filter(Q(state__in=IN_HAND) | Q(_asks_money()), shop=shop)
    return rows.values_list("rma_id", flat=True)


def _asks_money() -> Q:
    return Q(state=RepairState.AWAITED, money_asked_at__isnull=False)
