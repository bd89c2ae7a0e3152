"""The verbs of goods that never arrived: reported, answered, ended, contested."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F

from rebond.domain import law
from rebond.domain.machines.models import ApiKey
from rebond.domain.non_deliveries.errors import (
    ContractEnded,
    ExpectedDayUnreadable,
    NonDeliveryClosed,
    NonDeliveryNotPossible,
    NothingMissing,
    PiecesNotMissing,
    RefusalNotContestable,
    RefusalUnfounded,
    SumHasChanged,
    TerminationTooEarly,
)
from rebond.domain.non_deliveries.events import (
    ContractTerminated,
    NonDeliveryAnswered,
    NonDeliveryReported,
    RefusalContested,
)
from rebond.domain.non_deliveries.models import NonDelivery, NonDeliveryAnswer, NonDeliveryLine
from rebond.domain.non_deliveries.pieces import chosen, give_back, left_to_report, take
from rebond.domain.non_deliveries.queries import country_of
from rebond.domain.non_deliveries.states import (
    AnswerKind,
    EndGround,
    Evidence,
    RefusalReason,
    ReportState,
    Tracking,
    article_of,
)
from rebond.domain.non_deliveries.worth import ORIGIN, worth_of
from rebond.domain.orders.models import Order, OrderState
from rebond.domain.orders.reading import deliveries_of, lock_order
from rebond.domain.refunds.models import Settlement
from rebond.domain.refunds.settling import decide
from rebond.domain.returns.actions import LONGEST_COMMENT
from rebond.domain.returns.errors import TextTooLong
from rebond.domain.shops.models import Staff
from rebond.kernel import crash
from rebond.kernel.actions import action
from rebond.kernel.clock import local_date, now
from rebond.kernel.events import record
from rebond.kernel.models import next_number

ADDITIONAL_DAYS = 10
"""How long the notice leaves the shop. The law asks for a reasonable period and names no number."""
A_YEAR = timedelta(days=366)


@dataclass(frozen=True)
class Told:
    """What somebody says is missing: ``pieces`` by the id of the order line.

    ``expected_on`` is the day that was announced, None where nobody knows one.
    """

    pieces: Mapping[UUID, int]
    tracking_said: Tracking
    expected_on: date | None = None
    text: str = ""
    language: str = ""


@action
def report_missing(order_id: UUID, told: Told, *, by: str) -> NonDelivery:
    """Take the report, which is also the notice to deliver within an additional period.

    Pieces that count as delivered are taken too, for tracking proves nothing; from now on they
    cannot come back in a return. Raises ``NothingMissing``, ``PiecesNotMissing`` (reported,
    returned or paid already), ``NonDeliveryNotPossible``, ``ExpectedDayUnreadable`` and
    ``TextTooLong``. Source: C. conso. L216-1 to L216-6.
    """
    lock_order(order_id)
    order = Order.objects.select_related("shop", "shopper").get(pk=order_id)
    if order.state == OrderState.CANCELLED:
        raise NonDeliveryNotPossible(number=order.number, why="cancelled")
    text = _short(told.text)
    moment = now()
    report = NonDelivery.objects.create(
        shop_id=order.shop_id,
        order=order,
        number=f"N-{moment.year}-{next_number(order.shop_id, f'missing:{moment.year}'):06d}",
        state=ReportState.OPEN,
        tracking_said=told.tracking_said,
        expected_on=told.expected_on,
        text=text,
        language=told.language or order.shopper.language or order.shop.language,
        reported_at=moment,
        deliver_by=_deliver_by(order, told, local_date(moment, order.shop.time_zone)),
        changed_at=moment,
    )
    quantity = _take_pieces(report, told.pieces)
    event = NonDeliveryReported(*_named(report), quantity)
    record(event, shop_id=order.shop_id, actor=by)
    return report


@action
def announce_day(
    report_id: UUID, on: date, words: str = "", *, by: str, staff: Staff | None = None
) -> NonDeliveryAnswer:
    """Tell the customer that the goods are on their way, and a new day.

    The customer's additional period runs on: a later day never takes a right away. Raises
    ``NonDeliveryClosed``, ``ContractEnded``, ``ExpectedDayUnreadable`` and ``TextTooLong``.
    """
    report = _open(report_id, still_wanted=True)
    _check_ahead(report, on)
    report.announced_on = on
    lines = chosen(report, None)
    return _answer(report, AnswerKind.ON_ITS_WAY, lines, words, by=by, staff=staff, announced_on=on)


@action
def send_again(
    report_id: UUID,
    pieces: Mapping[UUID, int] | None = None,
    words: str = "",
    *,
    by: str,
    staff: Staff | None = None,
    carrier: str = "",
    tracking_number: str = "",
    expected_on: date | None = None,
) -> NonDeliveryAnswer:
    """Note that ``pieces`` (None: all that are open) were sent once more, and say so.

    They stay open until they arrive. Raises what ``announce_day`` raises, ``NothingMissing`` and
    ``PiecesNotMissing``.
    """
    report = _open(report_id, still_wanted=True)
    if expected_on is not None:
        _check_ahead(report, expected_on)
        report.announced_on = expected_on
    return _answer(
        report,
        AnswerKind.SENT_AGAIN,
        chosen(report, pieces),
        words,
        by=by,
        staff=staff,
        announced_on=expected_on,
        carrier=carrier.strip()[:60],
        tracking_number=tracking_number.strip()[:80],
    )


@action
def refund_missing(
    report_id: UUID,
    pieces: Mapping[UUID, int] | None = None,
    *,
    by: str,
    who: Staff | ApiKey | None,
    with_delivery: bool = False,
    shown_minor: int | None = None,
) -> NonDeliveryAnswer:
    """Pay back the whole price of ``pieces`` (None: all that are open) the way it came.

    They can never be returned afterwards. ``shown_minor`` is the sum that somebody agreed to.
    Raises ``NonDeliveryClosed``, ``NothingMissing``, ``PiecesNotMissing``, ``SumHasChanged`` and
    the refusals of ``refund_order`` about amounts, payments and limits.
    Source: C. conso. L216-7.
    """
    report = _open(report_id)
    order = report.order
    lines = chosen(report, pieces)
    wanted = {line.order_line_id: quantity for line, quantity in lines.items()}
    quote = worth_of(order, wanted, with_delivery=with_delivery)
    total = quote.refund_total + quote.unallocated
    if shown_minor is not None and shown_minor != total:
        raise SumHasChanged(shown_minor=shown_minor, total_minor=total, currency=order.currency)
    settlement = decide(order, None, quote, origin=ORIGIN, by=by, who=who, reason=report.number)
    crash.point("settlement.deciding")
    for line, quantity in lines.items():
        _move(line, "refunded_quantity", quantity)
    staff = who if isinstance(who, Staff) else None
    return _answer(
        report, AnswerKind.REFUNDED, lines, "", by=by, staff=staff, settlement=settlement
    )


@action
def refuse_report(
    report_id: UUID,
    reason: RefusalReason,
    words: str,
    *,
    staff: Staff,
    by: str,
    evidence_kind: Evidence | None = None,
    evidence: str = "",
) -> NonDeliveryAnswer:
    """Refuse what is still open, as a person, in words, with the article and the proof.

    Tracking that says "delivered" is no proof by itself. The customer is told how to contest.
    Raises ``RefusalUnfounded``, ``NonDeliveryClosed`` and ``TextTooLong``.
    Source: C. conso. L216-2, L216-3 (FR-GL-13).
    """
    report = _open(report_id)
    if not words.strip():
        raise RefusalUnfounded(missing="words")
    proof = _short(evidence, field="evidence")
    if reason is RefusalReason.HANDED_OVER and (evidence_kind is None or not proof):
        raise RefusalUnfounded(missing="evidence")
    lines = chosen(report, None)
    is_here = reason is not RefusalReason.NOT_DUE
    for line, quantity in lines.items():
        give_back(line, quantity, is_here=is_here)
        _move(line, "refused_quantity", quantity)
    return _answer(
        report,
        AnswerKind.REFUSED,
        lines,
        words,
        by=by,
        staff=staff,
        reason=reason,
        article=article_of(reason, country_of(report.order)),
        evidence_kind=evidence_kind or "",
        evidence=proof,
    )


@action
def note_arrived(
    report_id: UUID,
    pieces: Mapping[UUID, int] | None = None,
    *,
    by: str,
    staff: Staff | None = None,
) -> NonDeliveryAnswer:
    """``pieces`` (None: all that are open) have arrived after all; they may come back now.

    Raises ``NonDeliveryClosed``, ``NothingMissing`` and ``PiecesNotMissing``.
    """
    report = _open(report_id)
    lines = chosen(report, pieces)
    for line, quantity in lines.items():
        give_back(line, quantity, is_here=True)
        _move(line, "arrived_quantity", quantity)
    return _answer(report, AnswerKind.ARRIVED, lines, "", by=by, staff=staff)


@action
def end_contract(
    report_id: UUID, ground: EndGround, *, by: str, is_customer: bool = False
) -> NonDelivery:
    """The customer waits no longer: from today the law counts the days to the refund.

    The customer alone (``is_customer``) once the additional period is over; a person may note it
    on any ground. Once more changes nothing. Raises ``NonDeliveryClosed`` and
    ``TerminationTooEarly``. Source: C. conso. L216-6, L216-7.
    """
    report = _open(report_id)
    if report.ended_on is not None:
        return report
    place = law.place_named(country_of(report.order))
    zone = place.zone if place is not None else report.shop.time_zone
    moment = now()
    is_early = not report.may_end(local_date(moment, report.shop.time_zone))
    if is_early and (is_customer or ground is EndGround.PERIOD_OVER):
        first = report.patience_until + timedelta(days=1)
        raise TerminationTooEarly(number=report.number, from_on=first.isoformat())
    report.ended_on, report.ended_by, report.end_ground = local_date(moment, zone), by[:120], ground
    _keep(report, ReportState.OPEN, "ended_on", "ended_by", "end_ground")
    record(ContractTerminated(*_named(report), str(ground)), shop_id=report.shop_id, actor=by)
    return report


@action
def contest_refusal(report_id: UUID, text: str, *, by: str) -> NonDelivery:
    """The customer does not accept the refusal: its pieces are open again, once.

    Raises ``RefusalNotContestable``, ``PiecesNotMissing`` where they came back meanwhile, and
    ``TextTooLong``.
    """
    report = _locked(report_id)
    refused = [line for line in report.lines.select_related("order_line") if line.refused_quantity]
    said = _short(text)
    checks = {
        "not_refused": not refused,
        "again": report.contested_at is not None,
        "words": not said,
    }
    why = next((code for code, holds in checks.items() if holds), "")
    if why:
        raise RefusalNotContestable(number=report.number, why=why)
    for line in refused:
        line.from_delivered += take(line.order_line, line.refused_quantity)
        line.refused_quantity = 0
        line.save(update_fields=["from_delivered", "refused_quantity"])
    report.contest_text, report.contested_at = said, now()
    _keep(report, ReportState.OPEN, "contest_text", "contested_at")
    record(RefusalContested(*_named(report)), shop_id=report.shop_id, actor=by)
    return report


@action
def reopen_called_off(settlement_id: UUID) -> NonDelivery | None:
    """A second person said no to the refund: its pieces are open again. Once more changes nothing.

    None for a settlement that paid no missing goods, or that stands.
    """
    paid = Settlement.objects.only("id", "shop_id").get(pk=settlement_id)
    rows = NonDeliveryAnswer.objects.filter(shop_id=paid.shop_id, settlement=paid)
    known = rows.values_list("report_id", flat=True).first()
    if known is None:
        return None
    report = _locked(known)
    answer = rows.select_related("settlement").filter(called_off_at=None).first()
    if answer is None or answer.settlement is None or answer.settlement.called_off_at is None:
        return None
    for line in report.lines.all():
        _move(line, "refunded_quantity", -int(answer.pieces.get(str(line.order_line_id), 0)))
    answer.called_off_at = now()
    answer.save(update_fields=["called_off_at"])
    _keep(report, ReportState.OPEN)
    return report


def _take_pieces(report: NonDelivery, pieces: Mapping[UUID, int]) -> int:
    """How many pieces were taken; raises ``NothingMissing`` and ``PiecesNotMissing``."""
    left = left_to_report(report.order)
    asked = {key: quantity for key, quantity in pieces.items() if quantity}
    if not asked or set(asked) - set(left):
        raise NothingMissing
    for bought in report.order.lines.order_by("position"):
        quantity = asked.get(bought.pk, 0)
        if not quantity:
            continue
        if not 1 <= quantity <= left[bought.pk]:
            raise PiecesNotMissing(sku=bought.sku, asked=quantity, possible=left[bought.pk])
        NonDeliveryLine.objects.create(
            shop_id=report.shop_id,
            report=report,
            order_line=bought,
            quantity=quantity,
            from_delivered=take(bought, quantity),
        )
    return sum(asked.values())


def _deliver_by(order: Order, told: Told, today: date) -> date:
    """The end of the additional period, counted from today or from the day delivery is due."""
    ordered_on = local_date(order.ordered_at, order.shop.time_zone)
    expected = told.expected_on
    if expected is not None and not ordered_on <= expected <= ordered_on + A_YEAR:
        latest = ordered_on + A_YEAR
        raise ExpectedDayUnreadable(
            earliest_on=ordered_on.isoformat(), latest_on=latest.isoformat()
        )
    is_said_to_be_here = told.tracking_said in {Tracking.DELIVERED, Tracking.LOST} or any(
        one.delivered_on for one in deliveries_of(order)
    )
    due_on = expected or (today if is_said_to_be_here else law.delivery_due_on(ordered_on))
    return max(today, due_on) + timedelta(days=ADDITIONAL_DAYS)


def _check_ahead(report: NonDelivery, on: date) -> None:
    today = local_date(now(), report.shop.time_zone)
    if not today <= on <= today + A_YEAR:
        latest = today + A_YEAR
        raise ExpectedDayUnreadable(earliest_on=today.isoformat(), latest_on=latest.isoformat())


def _answer(
    report: NonDelivery,
    kind: AnswerKind,
    lines: Mapping[NonDeliveryLine, int],
    words: str,
    *,
    by: str,
    staff: Staff | None,
    **more: Any,
) -> NonDeliveryAnswer:
    made = NonDeliveryAnswer.objects.create(
        shop_id=report.shop_id,
        report=report,
        kind=kind,
        pieces={str(line.order_line_id): quantity for line, quantity in lines.items()},
        words=_short(words),
        by=by[:120],
        staff=staff,
        at=now(),
        **more,
    )
    waits = kind in {AnswerKind.ON_ITS_WAY, AnswerKind.SENT_AGAIN}
    is_left = any(line.open_quantity for line in report.lines.all())
    still = ReportState.WAITING if waits else ReportState(report.state)
    _keep(report, still if is_left else ReportState.CLOSED, "announced_on")
    event = NonDeliveryAnswered(*_named(report), str(made.pk), str(kind), sum(lines.values()))
    record(event, shop_id=report.shop_id, actor=by)
    return made


def _move(line: NonDeliveryLine, column: str, quantity: int) -> None:
    """Count ``quantity`` pieces more in ``column``; the table's constraint guards their sum."""
    NonDeliveryLine.objects.filter(shop_id=line.shop_id, pk=line.pk).update(
        **{column: F(column) + quantity, "from_delivered": line.from_delivered}
    )


def _locked(report_id: UUID) -> NonDelivery:
    """The report, read after its order was locked."""
    order_id = NonDelivery.objects.values_list("order_id", flat=True).get(pk=report_id)
    lock_order(order_id)
    rows = NonDelivery.objects.select_related("shop", "order__shop", "order__shopper")
    return rows.get(pk=report_id)


def _open(report_id: UUID, *, still_wanted: bool = False) -> NonDelivery:
    report = _locked(report_id)
    if report.is_over:
        raise NonDeliveryClosed(number=report.number)
    if still_wanted and report.ended_on is not None:
        raise ContractEnded(number=report.number)
    return report


def _keep(report: NonDelivery, state: ReportState, *fields: str) -> None:
    report.state, report.changed_at = state, now()
    report.save(update_fields=["state", "changed_at", *fields])


def _named(report: NonDelivery) -> tuple[str, str, str]:
    return str(report.order_id), str(report.pk), report.number


def _short(text: str, *, field: str = "text") -> str:
    said = text.replace("\0", "").strip()
    if len(said) > LONGEST_COMMENT:
        raise TextTooLong(field=field, limit=LONGEST_COMMENT)
    return said
