"""What is offered for keeping an article, and what was had for it before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from rebond.domain.orders.models import Order
from rebond.domain.policies.engine import Decision
from rebond.domain.policies.facts import Verdict
from rebond.domain.refunds.left import left_of
from rebond.domain.refunds.models import Settlement, SettlementLine

ORIGIN = "discount"


def discounts_of(order: Order, decision: Decision) -> dict[UUID, int]:
    """The discount for each wished line of ``order``, by its id, in minor units; no zeros.

    Nothing unless the return would be accepted at once, nor where the goods are kept anyway.
    A share of the value of the pieces asked for, rounded down, never more than the rule's cap
    or than what is left of the line.
    """
    terms, facts = decision.terms, decision.facts
    if decision.verdict is not Verdict.APPROVE or facts is None or terms.keeps_goods:
        return {}
    percents, caps = terms.keep_percents or {}, terms.keep_caps_minor or {}
    left = left_of(order) if any(percents.values()) else {}
    found: dict[UUID, int] = {}
    for line in facts.lines:
        amount = line.value_minor * percents.get(line.key, 0) // 100
        if amount:
            mine = UUID(line.key)
            found[mine] = min(amount, caps.get(line.key, amount), left[mine].minor)
    return {line: amount for line, amount in found.items() if amount}


def had_discount(order: Order, lines: Iterable[UUID]) -> bool:
    """Whether a part of the price of one of these lines went back before, without a piece."""
    return SettlementLine.objects.filter(
        shop_id=order.shop_id,
        order_line__in=list(lines),
        quantity=0,
        gross_minor__gt=0,
        settlement__called_off_at=None,
    ).exists()


def discounts_given(order: Order) -> Sequence[Settlement]:
    """The standing decisions by which articles of ``order`` were kept for less, oldest first."""
    return list(
        order.settlements.filter(origin=ORIGIN, called_off_at=None)
        .prefetch_related("lines__order_line", "refunds")
        .order_by("decided_at", "id")
    )
