"""What a bulk run does to one return, inside the transaction of its row."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _

from rebond.domain.conversations.actions import tell
from rebond.domain.refunds.settling import answer_for, decide
from rebond.domain.refunds.wished import wished_way
from rebond.domain.returns.actions import approve, decline
from rebond.domain.returns.models import Return
from rebond.domain.returns.states import DeclineReason, MoneyState, ParcelState, RequestState
from rebond.domain.returns.steps import LOOKED_AT, WAITING
from rebond.domain.signals.queries import is_to_be_looked_at
from rebond.domain.work.assigning import assign
from rebond.domain.work.errors import SomethingOpen
from rebond.domain.work.models import BulkKind, BulkRun


def do_to(rma: Return, run: BulkRun) -> None:
    """Do what ``run`` is for to a locked return. Raises what the single action would raise."""
    {
        BulkKind.APPROVE: _approve,
        BulkKind.DECLINE: _decline,
        BulkKind.ASSIGN: _assign,
        BulkKind.ASK: _ask,
        BulkKind.REMIND: _remind,
        BulkKind.REFUND: _refund,
    }[BulkKind(run.kind)](rma, run)


def _approve(rma: Return, run: BulkRun) -> None:
    _check_nothing_asks_for_a_look(rma)
    approve(rma, by=run.by)


def _decline(rma: Return, run: BulkRun) -> None:
    if rma.is_withdrawal:
        raise SomethingOpen(number=rma.number, why="withdrawal")
    rma.decline_note = run.told.get("text", "")
    decline(rma, DeclineReason(run.told["reason"]), by=run.by)


def _assign(rma: Return, run: BulkRun) -> None:
    assign(rma, run.told.get("staff_id") or None, by=run.by)


def _ask(rma: Return, run: BulkRun) -> None:
    if rma.request_state not in WAITING:
        raise SomethingOpen(number=rma.number, why="decided")
    if rma.is_withdrawal:
        raise SomethingOpen(number=rma.number, why="withdrawal")
    with translation.override(rma.language):
        usual = _(
            "Hello {name}, could you please send us one or two photos of what you wish to return, "
            "so that we can answer you? You can add them on the page of your return {number}."
        )
    tell(rma, run.told.get("text") or usual, by=run.by, asks=True)


def _remind(rma: Return, run: BulkRun) -> None:
    waits = rma.request_state == RequestState.NEEDS_INFO
    is_out = rma.request_state == RequestState.APPROVED and rma.parcel_state != ParcelState.RECEIVED
    is_out = is_out and not rma.keeps_goods
    if not waits and not is_out:
        raise SomethingOpen(number=rma.number, why="nothing_awaited")
    with translation.override(rma.language):
        usual = (
            _(
                "Hello {name}, a short reminder: we still need your answer about your return "
                "{number} to go on."
            )
            if waits
            else _(
                "Hello {name}, a short reminder: we have not received the goods of your return "
                "{number} yet. If they are on their way already, please ignore this message."
            )
        )
    tell(rma, run.told.get("text") or usual, by=run.by)


def _refund(rma: Return, run: BulkRun) -> None:
    """Only where the goods were looked at, and nobody has anything to add."""
    if rma.money_state != MoneyState.NONE or rma.inspection_state not in LOOKED_AT:
        raise SomethingOpen(number=rma.number, why="not_inspected")
    if rma.lines.filter(waits_for_goods=True).exists():
        raise SomethingOpen(number=rma.number, why="exchange")
    if rma.conversation.filter(waits=True).exists():
        raise SomethingOpen(number=rma.number, why="unanswered")
    _check_nothing_asks_for_a_look(rma)
    order, answer = answer_for(rma)
    chosen = wished_way(rma)
    decide(
        order,
        rma,
        answer,
        origin="return",
        by=run.by,
        who=run.staff or run.key,
        chosen=chosen,
    )


def _check_nothing_asks_for_a_look(rma: Return) -> None:
    if Return.objects.filter(is_to_be_looked_at(rma.shop), shop=rma.shop_id, pk=rma.pk).exists():
        raise SomethingOpen(number=rma.number, why="closer")
