"""Which steps a return allows now, and which of them comes next.  (pure)

The actions decide; this only says beforehand what they would accept, so that a page offers
nothing that would be refused.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from enum import StrEnum

from rebond.domain.returns.states import (
    NEXT_REQUEST_STATES,
    InspectionState,
    MoneyState,
    ParcelState,
    RequestState,
)

LOOKED_AT = frozenset({InspectionState.COMPLIANT, InspectionState.NON_COMPLIANT})
WAITING = frozenset({RequestState.REQUESTED, RequestState.NEEDS_INFO})
PUT_AWAY = frozenset(
    {
        RequestState.DECLINED,
        RequestState.CANCELLED,
        RequestState.EXPIRED,
        RequestState.CLOSED,
    }
)


class Step(StrEnum):
    """Something that somebody at the desk can do with a return."""

    APPROVE = "approve"
    DECLINE = "decline"
    RECEIVE = "receive"
    INSPECT = "inspect"
    SETTLE = "settle"
    PAY = "pay"
    CLOSE = "close"
    CANCEL = "cancel"
    REOPEN = "reopen"


@dataclass(frozen=True)
class Standing:
    """Where a return stands, as far as it decides what can be done.

    ``missing`` and ``accepted`` count pieces: not arrived yet, found good. ``is_known_sale`` is
    False for a return in history without an order. ``waits_for_payer`` says that somebody has
    to pay a refund by hand. ``is_sent_back`` is False where the shopper keeps the goods or gives
    them away, ``waits_for_proof`` that it was not yet shown. ``is_repair``: the piece goes back to
    the shopper, and ``is_given_back`` once it did.
    """

    request: RequestState
    parcel: ParcelState
    inspection: InspectionState
    money: MoneyState
    missing: int = 0
    accepted: int = 0
    is_settled: bool = False
    is_known_sale: bool = True
    waits_for_payer: bool = False
    is_sent_back: bool = True
    waits_for_proof: bool = False
    is_repair: bool = False
    is_given_back: bool = False


def allowed_steps(standing: Standing) -> frozenset[Step]:
    """All steps that the actions would take in this standing."""
    checks = {
        Step.APPROVE: standing.request in WAITING,
        Step.DECLINE: standing.request in WAITING,
        Step.RECEIVE: _can_be_received(standing),
        Step.INSPECT: _can_be_inspected(standing),
        Step.SETTLE: _can_be_settled(standing),
        Step.PAY: standing.waits_for_payer,
        Step.CLOSE: _can_be_closed(standing),
        Step.CANCEL: _can_be_cancelled(standing),
        Step.REOPEN: standing.request in PUT_AWAY and not standing.is_given_back,
    }
    return frozenset(step for step, fits in checks.items() if fits)


def next_step(standing: Standing, steps: Set[Step]) -> Step | None:
    """The step out of ``steps`` that brings the return forward, or None when it only waits.

    ``steps`` may be fewer than the allowed ones, such as those that one person may take.
    """
    for step in (Step.PAY, Step.APPROVE, Step.INSPECT):
        if step in steps:
            return step
    if standing.inspection in LOOKED_AT:
        if Step.SETTLE in steps and standing.accepted:
            return Step.SETTLE
        nothing_to_pay = not standing.accepted and not standing.is_settled
        is_paid = standing.money is MoneyState.SUCCEEDED
        return Step.CLOSE if Step.CLOSE in steps and (nothing_to_pay or is_paid) else None
    if standing.is_sent_back:
        return Step.RECEIVE if Step.RECEIVE in steps else None
    if standing.money is MoneyState.SUCCEEDED:
        return Step.CLOSE if Step.CLOSE in steps else None
    return Step.SETTLE if Step.SETTLE in steps and not standing.waits_for_proof else None


def _can_be_received(standing: Standing) -> bool:
    return (
        standing.request is RequestState.APPROVED
        and standing.is_sent_back
        and standing.inspection not in LOOKED_AT
        and standing.missing > 0
    )


def _can_be_inspected(standing: Standing) -> bool:
    return (
        standing.request is RequestState.APPROVED
        and standing.inspection is InspectionState.RECEIVED
    )


def _can_be_settled(standing: Standing) -> bool:
    worth_something = standing.inspection not in LOOKED_AT or standing.accepted > 0
    return (
        standing.request is RequestState.APPROVED
        and standing.is_known_sale
        and not standing.is_settled
        and not standing.is_repair
        and worth_something
    )


def _can_be_closed(standing: Standing) -> bool:
    holds_repair = standing.is_repair and standing.parcel is ParcelState.RECEIVED
    return standing.request is RequestState.APPROVED and not holds_repair


def _can_be_cancelled(standing: Standing) -> bool:
    return (
        RequestState.CANCELLED in NEXT_REQUEST_STATES[standing.request]
        and standing.parcel is not ParcelState.RECEIVED
        and standing.money is MoneyState.NONE
    )
