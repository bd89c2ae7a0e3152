"""Another wish before anything was sent: judged again, and the label given back where it must be.

It stands here and not with the returns because it has to know of parcels and labels.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from rebond.domain.policies.engine import Policy, decide
from rebond.domain.policies.facts import REPAIR, Verdict
from rebond.domain.returns.actions import check_wishes, pieces_held, refile
from rebond.domain.returns.errors import (
    ChangeDeclined,
    NotChangeable,
    RepairNotPossible,
)
from rebond.domain.returns.facts import facts_of
from rebond.domain.returns.models import Return
from rebond.domain.returns.states import RequestState
from rebond.domain.returns.wishes import Wish
from rebond.domain.shipping.actions.labels import VOID
from rebond.domain.shipping.changes import fixed_by, labels_of
from rebond.domain.shipping.methods import chosen_of, ways_of
from rebond.domain.shipping.models import Label
from rebond.domain.shipping.ports import Ability, carriers
from rebond.domain.shipping.sharing import contents_of, weight_in
from rebond.domain.shipping.states import LabelState
from rebond.kernel.actions import action
from rebond.kernel.jobs import later


@action
def change_return(
    rma_id: UUID,
    wishes: Sequence[Wish],
    *,
    policy: Policy,
    asked_at: datetime,
    by: str,
    comment: str = "",
    version: int | None = None,
) -> Return:
    """Ask for ``wishes`` instead of what the return asked for so far; ``policy`` judges it again.

    The day on which it was first asked counts, unless pieces are added: then ``asked_at`` does.
    A label that was made for another parcel is given back; the shopper asks for a new one. A way
    back that is not on offer any more is chosen again. Raises ``NotChangeable`` once anything was
    sent or paid, and for what cannot be changed (``shipping.changes.fixed_by``),
    ``ChangeDeclined`` where the policy says no (the return stands as it was),
    ``ChangedMeanwhile``, and the refusals of ``request_return``.
    """
    rma = Return.objects.locked(pk=rma_id, version=version)
    why = fixed_by(rma)
    if why:
        raise NotChangeable(number=rma.number, why=why)
    order = rma.order
    assert order is not None
    wanted = check_wishes(order, wishes, comment=comment, instead_of=rma)
    if any(wish.outcome == REPAIR for wish in wishes):
        raise RepairNotPossible(sku=wanted[0][1].sku, why="mixed")
    counted_from = day_that_counts(rma, wishes, asked_at)
    facts = facts_of(order, wanted, asked_at=counted_from, policy=policy, instead_of=rma)
    decision = decide(policy, facts)
    if decision.verdict is Verdict.DECLINE:
        no = next(one for one in decision.findings if one.verdict is Verdict.DECLINE)
        raise ChangeDeclined(number=rma.number, finding=no.code)
    was_sent_to = rma.send_to
    refile(rma, wanted, decision, comment=comment, by=by)
    _give_labels_back(rma, goes_elsewhere=rma.send_to != was_sent_to, by=by)
    _forget_way(rma)
    return rma


def day_that_counts(rma: Return, wishes: Sequence[Wish], asked_at: datetime) -> datetime:
    """When the request counts as made: at first, or now where pieces are added to it."""
    held = pieces_held(rma)
    is_more = any(wish.quantity > held.get(wish.order_line_id, 0) for wish in wishes)
    return asked_at if is_more else rma.requested_at


def _give_labels_back(rma: Return, *, goes_elsewhere: bool, by: str) -> None:
    """Give back what was made for another parcel, where its carrier takes labels back."""
    is_over = rma.request_state != RequestState.APPROVED or rma.keeps_goods
    for label in labels_of(rma):
        weighs = weight_in(contents_of(label.parcel))
        other = goes_elsewhere or is_over or label.parcel.weight_grams != weighs
        can = carriers[label.carrier].can if label.carrier in carriers else frozenset()
        if other and Ability.VOID in can:
            Label.objects.filter(pk=label.pk).update(state=LabelState.VOIDING)
            later(VOID, label.pk, by, shop_id=rma.shop_id)


def _forget_way(rma: Return) -> None:
    chosen = chosen_of(rma)
    offered = {way.method: way.fee_minor for way in ways_of(rma)}
    if chosen is None:
        return
    if chosen.method not in offered:
        chosen.delete()
    elif chosen.fee_minor > offered[chosen.method]:
        chosen.fee_minor = offered[chosen.method]
        chosen.save(update_fields=["fee_minor"])
