"""Somebody stands at the counter with the goods: filed, accepted and received in one step."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rebond.domain.orders.models import Order
from rebond.domain.orders.reading import lock_order
from rebond.domain.policies.engine import Policy, decide
from rebond.domain.returns.actions import approve, check_wishes, file_return
from rebond.domain.returns.facts import facts_of
from rebond.domain.returns.models import Return
from rebond.domain.returns.states import RequestState
from rebond.domain.returns.wishes import Wish
from rebond.domain.warehouse.actions.parcels import book_in
from rebond.kernel.actions import action

COUNTER = "counter"


@action
def take_at_counter(
    order: Order,
    wishes: Sequence[Wish],
    *,
    policy: Policy,
    asked_at: datetime,
    language: str,
    by: str,
    comment: str = "",
) -> Return:
    """File a return whose goods lie on the counter and receive them.

    What the policy would have a person look at is accepted by ``by``, who looks at it; what it
    declines stays declined and nothing is received. Raises what ``request_return`` raises.
    """
    lock_order(order.pk)
    wanted = check_wishes(order, wishes, comment=comment)
    decision = decide(policy, facts_of(order, wanted, asked_at=asked_at, policy=policy))
    rma = file_return(
        order,
        wanted,
        decision,
        asked_at=asked_at,
        language=language,
        by=by,
        origin=COUNTER,
        comment=comment,
    )
    if rma.request_state == RequestState.REQUESTED:
        approve(rma, by=by)
    if rma.request_state == RequestState.APPROVED and not rma.keeps_goods:
        counts = {line.pk: line.quantity for line in rma.lines.all()}
        book_in(rma, counts, note="", by=by)
    return rma
