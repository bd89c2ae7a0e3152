"""The page of one return: everything that hangs from it, in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Prefetch
from django.http import Http404

from rebond.domain.contests.models import Contest
from rebond.domain.contests.queries import Finding as ContestedFinding
from rebond.domain.contests.queries import contest_of, findings_of
from rebond.domain.credit_notes.models import CreditNote
from rebond.domain.discussions.models import Discussion
from rebond.domain.discussions.queries import discussion_of, photos_of, why_not
from rebond.domain.exchanges.actions import BEFORE_SETTLEMENT
from rebond.domain.exchanges.models import Exchange
from rebond.domain.exchanges.pricing import Sum
from rebond.domain.exchanges.queries import estimate_of, exchange_of
from rebond.domain.refunds.models import Refund, Settlement
from rebond.domain.refunds.queries import expected_for
from rebond.domain.refunds.states import RefundState
from rebond.domain.repairs.queries import Standing as RepairStanding
from rebond.domain.repairs.queries import repair_of, why_not_reducible
from rebond.domain.returns.guarantee import is_defect
from rebond.domain.returns.models import Note, Photo, Return, ReturnLine
from rebond.domain.returns.states import MoneyState, RequestState
from rebond.domain.returns.steps import Standing, Step, allowed_steps, next_step
from rebond.domain.shipping.customs import Declaration, declaration_of
from rebond.domain.shipping.models import Parcel
from rebond.domain.shipping.sharing import asked_with, companions_of
from rebond.domain.shops.access import Right
from rebond.domain.shops.models import Shop
from rebond.domain.signals.models import Assessment, Verdict
from rebond.domain.signals.queries import latest_assessment, verdicts_of
from rebond.domain.warehouse.models import Inspection, WorkOrder
from rebond.domain.warehouse.shares import GradeShares, shares_of
from rebond.domain.withdrawals.models import Statement
from rebond.domain.work.standing import facts_of, standing_from
from rebond.domain.work.suggestions import Suggestion, suggest
from rebond.kernel.clock import today
from rebond.kernel.models import Event
from rebond.outbound.notifications.models import Message
from rebond.outbound.telling.sums import titles_of
from rebond.web.backoffice.queries.duties import Row, duties_of
from rebond.web.backoffice.queries.parcels import WayBack, parcels_of, way_back_of

RIGHT_FOR = {
    Step.APPROVE: Right.DECIDE,
    Step.DECLINE: Right.DECIDE,
    Step.CANCEL: Right.DECIDE,
    Step.CLOSE: Right.DECIDE,
    Step.REOPEN: Right.DECIDE,
    Step.RECEIVE: Right.RECEIVE,
    Step.INSPECT: Right.RECEIVE,
    Step.SETTLE: Right.REFUND,
    Step.PAY: Right.REFUND,
}
EVENTS_OF_MONEY = ("settlement.", "refund.", "credit_note.")
LETTERS_OF_MONEY = ("refunded", "refund_failed")
MOST_EVENTS = 200


@dataclass(frozen=True)
class Shown:
    """A return with what its page shows beside it. ``expected`` is the sum as it would be now."""

    rma: Return
    lines: list[ReturnLine]
    settlements: list[Settlement]
    photos: list[Photo]
    parcels: list[Parcel]
    companions: list[Return]
    asked_with: list[Return]
    way: WayBack
    notes: list[Note]
    timeline: list[Event]
    messages: list[Message]
    expected: dict[str, Any] | None
    titles: dict[str, str]
    standing: Standing
    steps: frozenset[Step]
    next: Step | None
    suggestion: Suggestion
    duties: list[Row]
    withdrawal: Statement | None
    exchange: Exchange | None
    estimate: Sum | None
    can_be_exchanged: bool
    can_be_reduced: bool
    repair: RepairStanding | None
    customs: Declaration | None
    contest: Contest | None
    discussion: Discussion | None
    discussion_photos: list[Photo]
    can_be_discussed: bool
    shares: dict[UUID, GradeShares]
    all_photos: list[Photo]
    contested: list[ContestedFinding]
    contest_photos: list[Photo]
    work: list[WorkOrder]
    apart: list[Return]
    assessment: Assessment | None
    verdicts: list[Verdict]

    @property
    def can_exchange_now(self) -> bool:
        """Whether what comes back is worth something already, so that it may pay for goods."""
        return self.rma.request_state == RequestState.APPROVED and self.expected is not None

    @property
    def article_names(self) -> dict[str, str]:
        """What people call the articles, by the id of the order's line."""
        return {str(line.order_line_id): line.title for line in self.lines}

    @property
    def others(self) -> frozenset[str]:
        """The steps that can be taken beside the next one."""
        return frozenset(step.value for step in self.steps - {self.next, Step.PAY})

    @property
    def refunds(self) -> list[Refund]:
        """All refunds of the return, oldest first."""
        return [refund for settlement in self.settlements for refund in settlement.refunds.all()]

    @property
    def to_pay(self) -> list[Refund]:
        """Refunds that wait for somebody to pay them by hand."""
        return [refund for refund in self.refunds if refund.waits_for_payer]


def find_return(shop: Shop, number: str) -> Return:
    """The return of ``shop`` with ``number``, with its order and shopper; else 404."""
    found = (
        Return.objects.select_related("order__shop", "shopper", "shop")
        .filter(shop=shop, number_key=number.lower())
        .first()
    )
    if found is None:
        raise Http404
    return found


def shown(rma: Return, rights: frozenset[Right]) -> Shown:
    """All that the page of ``rma`` shows to somebody with ``rights``."""
    lines = lines_of(rma)
    settlements = settlements_of(rma) if Right.SEE_MONEY in rights else []
    facts = facts_of(rma.shop, [rma])[rma.pk]
    standing = facts.standing
    steps = frozenset(s for s in allowed_steps(standing) if RIGHT_FOR[s] in rights)
    sees_money = Right.SEE_MONEY in rights and rma.order is not None
    hidden = () if Right.SEE_MONEY in rights else EVENTS_OF_MONEY
    exchange = exchange_of(rma)
    is_open = exchange is not None and exchange.is_open
    if is_open:  # the goods come first: the button for the money is not offered
        steps = steps - {Step.SETTLE}
    contest = contest_of(rma)
    talk = discussion_of(rma)
    if talk is not None and talk.blocks:  # nothing is graded, paid or closed before their word
        steps = steps - {Step.SETTLE, Step.INSPECT, Step.CLOSE}
    can_discuss = talk is None and Right.DECIDE in rights and not why_not(rma)
    expected = expected_for(rma) if sees_money and not settlements else None
    return Shown(
        rma=rma,
        lines=lines,
        settlements=settlements,
        photos=list(Photo.objects.filter(shop_id=rma.shop_id, rma=rma, line=None)),
        parcels=parcels_of(rma),
        companions=companions_of(rma),
        asked_with=asked_with(rma),
        way=way_back_of(rma),
        notes=list(rma.notes.order_by("at", "id")),
        timeline=[row for row in timeline_of(rma) if not row.name.startswith(hidden or ("\0",))],
        messages=_messages_of(rma, without=() if not hidden else LETTERS_OF_MONEY),
        expected=expected,
        titles=titles_of(rma.order) if sees_money and rma.order is not None else {},
        standing=standing,
        steps=steps,
        next=next_step(standing, steps),
        suggestion=suggest(facts),
        duties=duties_of(rma, today(rma.shop.time_zone)),
        withdrawal=_statement_of(rma) if Right.SEE_PEOPLE in rights else None,
        exchange=exchange,
        estimate=estimate_of(exchange, expected) if exchange and is_open and expected else None,
        can_be_exchanged=_can_be_exchanged(rma, exchange),
        can_be_reduced=_can_be_reduced(rma, standing, lines),
        customs=declaration_of(rma) if Right.SEE_PEOPLE in rights else None,
        contest=contest,
        discussion=talk,
        discussion_photos=photos_of(talk, [*talk.photos, *talk.reply_photos]) if talk else [],
        can_be_discussed=can_discuss,
        shares=_cutting(shares_of(rma, lines)) if can_discuss else {},
        all_photos=list(Photo.objects.filter(shop_id=rma.shop_id, rma=rma).order_by("added_at"))
        if can_discuss
        else [],
        contested=findings_of(rma) if contest is not None and contest.is_open else [],
        contest_photos=_photos_of(contest),
        repair=repair_of(rma, today(rma.shop.time_zone)),
        work=open_work_of(rma) if rma.is_repair else [],
        apart=list(rma.split_off.only("number").order_by("number")),
        assessment=latest_assessment(rma) if Right.SEE_PEOPLE in rights else None,
        verdicts=verdicts_of(rma) if Right.SEE_PEOPLE in rights else [],
    )


def _photos_of(contest: Contest | None) -> list[Photo]:
    """The pictures that came with a contested grade."""
    if contest is None or not contest.photos:
        return []
    return list(Photo.objects.filter(shop_id=contest.shop_id, pk__in=contest.photos))


def _cutting(shares: dict[UUID, GradeShares]) -> dict[UUID, GradeShares]:
    """Those by which something may be kept."""
    return {line: one for line, one in shares.items() if one.cuts}


def _statement_of(rma: Return) -> Statement | None:
    """The statement of withdrawal that became ``rma``."""
    if not rma.is_withdrawal:
        return None
    return Statement.objects.filter(shop_id=rma.shop_id, cases__rma=rma).first()


def _can_be_exchanged(rma: Return, exchange: Exchange | None) -> bool:
    stands = exchange is not None and exchange.state not in {"lapsed", "cancelled"}
    is_early = rma.request_state in BEFORE_SETTLEMENT and rma.money_state == MoneyState.NONE
    is_plain = rma.order is not None and not rma.is_gift and not rma.keeps_goods
    is_plain = is_plain and not rma.is_repair
    return is_plain and is_early and not stands


def _can_be_reduced(rma: Return, standing: Standing, lines: list[ReturnLine]) -> bool:
    """Whether a price reduction is offered: faulty goods, and no money decided."""
    if standing.is_settled or not all(is_defect(line.reason) for line in lines):
        return False
    return not why_not_reducible(rma, rma.repairs.first())


def lines_of(rma: Return) -> list[ReturnLine]:
    """The return's lines with reason, photos and what was found."""
    lines = rma.lines.select_related("reason", "order_line").order_by("position")
    here = Inspection.objects.filter(shop_id=rma.shop_id)
    found = here.select_related("photo").order_by("at", "id")
    return list(lines.prefetch_related("photos", Prefetch("inspections", found)))


def settlements_of(rma: Return) -> list[Settlement]:
    """What was decided about money: refunds with their attempts, and documents."""
    ours = Refund.objects.filter(shop_id=rma.shop_id)
    refunds = ours.select_related("payment").order_by("started_at", "id")
    papers = CreditNote.objects.filter(shop_id=rma.shop_id).defer("content").order_by("number")
    return list(
        rma.settlements.order_by("decided_at", "id").prefetch_related(
            Prefetch("refunds", refunds.prefetch_related("attempts")),
            Prefetch("credit_notes", papers),
        )
    )


def standing_of(rma: Return, lines: list[ReturnLine]) -> Standing:
    """Where ``rma`` stands, for the question what can be done. One query."""
    payouts = Refund.objects.filter(shop_id=rma.shop_id, settlement__rma=rma)
    payouts = payouts.filter(settlement__called_off_at=None)
    states = list(payouts.exclude(provider="").values_list("state", "needs_person"))
    return standing_from(
        rma,
        lines,
        is_settled=rma.settlements.filter(called_off_at=None).exists(),
        waits_for_payer=(RefundState.REQUIRES_ACTION, True) in states,
        waits_for_proof=_waits_for_proof(rma),
    )


def open_work_of(rma: Return) -> list[WorkOrder]:
    """The open work orders on the pieces of a repair, in the order of its lines."""
    work = WorkOrder.objects.filter(
        shop_id=rma.shop_id, unit__inspection__line__rma=rma, ended_at=None
    ).select_related("unit__inspection__line")
    return list(work.order_by("unit__inspection__line__position", "opened_at", "id"))


def _waits_for_proof(rma: Return) -> bool:
    donation = rma.donation
    return donation is not None and donation.proven_at is None


def timeline_of(rma: Return) -> list[Event]:
    """Who did what, oldest first, the last two hundred."""
    rows = Event.objects.filter(shop_id=rma.shop_id, subject=rma.pk).order_by("-sequence")
    return list(rows[:MOST_EVENTS])[::-1]


def _messages_of(rma: Return, *, without: tuple[str, ...]) -> list[Message]:
    """The letters about ``rma``, but those ``without``: their subject names the sum."""
    letters = Message.objects.filter(shop_id=rma.shop_id, rma=rma).exclude(kind__in=without)
    return list(letters.order_by("made_at"))
