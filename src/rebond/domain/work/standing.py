"""Reads what a suggestion looks at, for one return or a page of them, in as many queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from rebond.domain.contests.models import Contest
from rebond.domain.conversations.models import ConversationMessage
from rebond.domain.discussions.models import Discussion
from rebond.domain.discussions.states import DiscussionState
from rebond.domain.exchanges.models import Exchange
from rebond.domain.exchanges.states import OPEN, ExchangeState
from rebond.domain.policies.facts import REPAIR
from rebond.domain.refunds.models import MoneyTask, Refund, Settlement, TaskKind
from rebond.domain.refunds.states import RefundState
from rebond.domain.repairs.models import Repair
from rebond.domain.repairs.states import RepairState
from rebond.domain.returns.models import Donation, Return, ReturnLine
from rebond.domain.returns.states import InspectionState, MoneyState, ParcelState, RequestState
from rebond.domain.returns.steps import WAITING, Standing
from rebond.domain.shops.models import Shop
from rebond.domain.signals.queries import is_to_be_looked_at
from rebond.domain.work.suggestions import Facts, Suggestion, suggest


def suggestions_for(shop: Shop, rows: Sequence[Return]) -> dict[UUID, Suggestion]:
    """What to do next with each of ``rows``, whose lines are read already, by their ids."""
    return {pk: suggest(facts) for pk, facts in facts_of(shop, rows).items()}


def facts_of(shop: Shop, rows: Sequence[Return]) -> dict[UUID, Facts]:
    """The facts of each of ``rows`` by its id; eleven queries, whatever their number."""
    ids = [rma.pk for rma in rows]
    of_these = {"shop": shop, "rma__in": ids}
    settled = set(
        Settlement.objects.filter(**of_these, called_off_at=None).values_list("rma", flat=True)
    )
    payers = _waiting_for_payer(shop, list(settled))
    unproven = set(
        Donation.objects.filter(**of_these, proven_at=None).values_list("rma", flat=True)
    )
    wrote = set(
        ConversationMessage.objects.filter(**of_these, waits=True).values_list("rma", flat=True)
    )
    contested = set(
        Contest.objects.filter(**of_these, answered_at=None).values_list("rma", flat=True)
    )
    exchanges = dict(
        Exchange.objects.filter(**of_these, state__in=[one.value for one in OPEN]).values_list(
            "rma", "state"
        )
    )
    repairs = {row.rma_id: row for row in Repair.objects.filter(**of_these)}
    talks = dict(Discussion.objects.filter(**of_these).values_list("rma", "state"))
    tasks = _tasks(shop, rows)
    asks = _asking_for_a_look(shop, rows)
    found = {}
    for rma in rows:
        repair = repairs.get(rma.pk)
        found[rma.pk] = Facts(
            standing=standing_from(
                rma,
                list(rma.lines.all()),
                is_settled=rma.pk in settled,
                waits_for_payer=rma.pk in payers,
                waits_for_proof=rma.pk in unproven,
            ),
            waits_for_answer=rma.pk in wrote,
            is_contested=rma.pk in contested,
            asks_look=rma.pk in asks,
            tasks=frozenset(tasks[rma.pk]),
            exchange=ExchangeState(exchanges[rma.pk]) if rma.pk in exchanges else None,
            repair=RepairState(repair.state) if repair is not None else None,
            discussion=DiscussionState(talks[rma.pk]) if rma.pk in talks else None,
            asks_money=repair is not None and repair.is_money_asked,
        )
    return found


def standing_from(
    rma: Return,
    lines: Sequence[ReturnLine],
    *,
    is_settled: bool,
    waits_for_payer: bool,
    waits_for_proof: bool,
) -> Standing:
    """Where ``rma`` stands, from its row, its lines and what was read beside them."""
    return Standing(
        request=RequestState(rma.request_state),
        parcel=ParcelState(rma.parcel_state),
        inspection=InspectionState(rma.inspection_state),
        money=MoneyState(rma.money_state),
        missing=sum(line.quantity - line.received_quantity for line in lines),
        accepted=sum(line.accepted_quantity or 0 for line in lines),
        is_settled=is_settled,
        is_known_sale=rma.order_id is not None,
        waits_for_payer=waits_for_payer,
        is_sent_back=not rma.keeps_goods,
        waits_for_proof=waits_for_proof,
        is_repair=any(line.outcome == REPAIR for line in lines),
        is_given_back=any(line.is_given_back for line in lines),
    )


def _waiting_for_payer(shop: Shop, settled: list[UUID]) -> set[UUID]:
    rows = Refund.objects.filter(
        shop=shop,
        settlement__rma__in=settled,
        settlement__called_off_at=None,
        state=RefundState.REQUIRES_ACTION,
        needs_person=True,
    ).exclude(provider="")
    return {one for one in rows.values_list("settlement__rma", flat=True) if one is not None}


def _tasks(shop: Shop, rows: Sequence[Return]) -> defaultdict[UUID, set[TaskKind]]:
    """Open tasks by return; found by their orders, for which there is an index."""
    found: defaultdict[UUID, set[TaskKind]] = defaultdict(set)
    orders = {rma.order_id for rma in rows if rma.order_id is not None}
    tasks = MoneyTask.objects.filter(shop=shop, order__in=orders, closed_at=None)
    for of, kind in tasks.exclude(rma=None).values_list("rma", "kind"):
        if of is not None:
            found[of].add(TaskKind(kind))
    return found


def _asking_for_a_look(shop: Shop, rows: Sequence[Return]) -> set[UUID]:
    waiting = [rma.pk for rma in rows if rma.request_state in WAITING]
    asking = Return.objects.filter(is_to_be_looked_at(shop), shop=shop, pk__in=waiting)
    return set(asking.values_list("pk", flat=True))
