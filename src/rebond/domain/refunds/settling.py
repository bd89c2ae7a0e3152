"""Writes down what goes back and why, and sets its money aside. Used inside actions only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from rebond.domain.machines.models import ApiKey
from rebond.domain.orders.models import Order, Payment
from rebond.domain.orders.reading import read_money_of
from rebond.domain.refunds import amounts
from rebond.domain.refunds.approvals import Decider, ask_second_person, passed_limit
from rebond.domain.refunds.errors import (
    AlreadySettled,
    PaymentDisputed,
    RefundExceedsPaid,
    RepairOpen,
)
from rebond.domain.refunds.events import RefundPending, RefundStarted, SettlementDecided
from rebond.domain.refunds.models import (
    Consent,
    Refund,
    Settlement,
    SettlementCharge,
    SettlementLine,
    TaskKind,
)
from rebond.domain.refunds.payouts import CHECK_AGAIN, say, subject_of, sum_up_locked
from rebond.domain.refunds.planning import Part, as_json, is_of, plan_of
from rebond.domain.refunds.quoting import (
    Worked,
    breakdown_of,
    pieces_in_full,
    pieces_of,
    together,
    worked_for,
)
from rebond.domain.refunds.reading import decided_for
from rebond.domain.refunds.reserving import reserve
from rebond.domain.refunds.states import RefundState
from rebond.domain.refunds.tasks import close_tasks, open_refund_task
from rebond.domain.refunds.ways import EXCHANGE, THE_WAY_BACK, ChosenWay, Exchanged, LinesWay, Yes
from rebond.domain.returns.errors import IllegalTransition
from rebond.domain.returns.models import Return
from rebond.domain.returns.states import RequestState
from rebond.domain.shipping.methods import fee_of
from rebond.domain.shops.models import Staff
from rebond.domain.warehouse.shares import claimed_lines
from rebond.kernel.clock import now
from rebond.kernel.events import record
from rebond.kernel.writing import insert_all


def answer_for(rma: Return, *, by_person: bool = True) -> tuple[Order, amounts.Quote]:
    """What the pieces of ``rma`` are worth under its terms, where it may be decided.

    After a withdrawal nothing is kept and nothing refused unless ``by_person``.
    Raises ``AlreadySettled``, ``IllegalTransition`` unless it is approved, ``RepairOpen``,
    ``NothingAccepted`` and ``QuoteRefused``.
    """
    worked = worked_out(rma, by_person=by_person)
    return worked.order, worked.answer


def worked_out(rma: Return, *, by_person: bool = True) -> Worked:
    """Like ``answer_for``, with what was asked, so that a person may change the amount."""
    if rma.order is None or decided_for(rma):
        raise AlreadySettled(number=rma.number)
    if rma.request_state != RequestState.APPROVED:
        raise IllegalTransition(number=rma.number, was=rma.request_state, asked="settled")
    if rma.is_repair:
        raise RepairOpen(number=rma.number)
    terms: Mapping[str, Any] = rma.terms.get("terms", {})
    is_judged = by_person or not rma.is_withdrawal
    pieces = pieces_of(rma) if is_judged else pieces_in_full(rma)
    if not by_person:  # C. conso. L221-23 al. 3, L221-24: a claim is a person's
        claims = claimed_lines(rma)
        pieces = [
            replace(piece, kept_percent=0) if str(piece.order_line_id) in claims else piece
            for piece in pieces
        ]
    way_back = fee_of(rma)
    read_money_of(rma.order)
    return worked_for(rma.order, together(pieces), terms, way_back_minor=way_back)


def decide(
    order: Order,
    rma: Return | None,
    answer: amounts.Quote,
    *,
    origin: str,
    by: str,
    who: Decider,
    chosen: ChosenWay = THE_WAY_BACK,
    reason: str = "",
    tells_shopper: bool = True,
    request_key: str | None = None,
    edit: Mapping[str, Any] | None = None,
) -> Settlement:
    """Write the decision, hold its money on the payments, and start its refunds.

    Above a limit of ``who`` the money is held, but nothing starts before a second person
    agrees. ``edit`` is the note of ``editing.edited``. Raises ``ConsentNeeded``,
    ``NoRefundablePayment``, ``PaymentDisputed`` and ``RefundExceedsPaid``.
    """
    chosen.check()
    parts = plan_of(order, answer, chosen)
    total = answer.refund_total + answer.unallocated
    passed = passed_limit(order, total, who)
    settlement = write_settlement(
        order,
        rma,
        answer,
        parts,
        gross_minor=total,
        origin=origin,
        decided_by=by,
        decided_by_staff=who if isinstance(who, Staff) else None,
        decided_by_key=who if isinstance(who, ApiKey) else None,
        reason=reason[:200],
        tells_shopper=tells_shopper,
        request_key=request_key,
        edit=edit,
    )
    if chosen.yes is not None:
        extra = sum(part.bonus_minor for part in parts if part.provider == chosen.way.value)
        note_consent(settlement, total, chosen, offered_minor=total + extra, by=by)
    if chosen.exchanged is not None:
        _note_exchange(settlement, chosen.exchanged, by=by)
    for each in chosen.lines:
        _note_lines(settlement, parts, each, by=by)
    for part in parts:
        start_refund(settlement, part, by=by, waits=passed is not None)
    if rma is not None:
        close_tasks(rma.shop_id, rma.pk, by=by, kind=TaskKind.BLOCKED)
    if passed is not None and who is not None:
        ask_second_person(settlement, passed, who, by=by)
    if rma is not None:
        sum_up_locked(rma, by=by)
    return settlement


def start_refund(settlement: Settlement, part: Part, *, by: str, waits: bool = False) -> Refund:
    """Hold the part on its payment and start its refund, unless it ``waits`` for somebody's yes.

    A part without a provider waits for a person to find a way. Raises ``PaymentDisputed`` and
    ``RefundExceedsPaid``.
    """
    payment = part.payment
    if not reserve(payment, part.amount_minor, another_way=part.takes_another_way):
        _refuse(settlement, payment, part.amount_minor)
    moment = now()
    has_way = bool(part.provider)
    refund = Refund(
        shop_id=settlement.shop_id,
        settlement=settlement,
        payment=payment,
        provider=part.provider,
        destination=part.sent_to,
        currency=payment.currency,
        amount_minor=part.amount_minor,
        state=RefundState.RESERVED if has_way else RefundState.REQUIRES_ACTION,
        needs_person=not has_way,
        started_at=moment,
        next_check_at=moment + CHECK_AGAIN if has_way and not waits else None,
    )
    insert_all([refund])
    if not has_way:
        say(refund, RefundPending, by=by)
        open_refund_task(TaskKind.NO_WAY, refund)
    elif not waits:
        say(refund, RefundStarted, by=by)
    return refund


def note_consent(
    settlement: Settlement, money_minor: int, chosen: ChosenWay, *, offered_minor: int, by: str
) -> None:
    """Keep the shopper's yes to ``chosen``: the money that was shown first, and what is offered."""
    assert chosen.yes is not None
    _keep_yes(settlement, chosen.way.value, money_minor, offered_minor, chosen.yes, by=by)


def _note_exchange(settlement: Settlement, exchanged: Exchanged, *, by: str) -> None:
    money = exchanged.amount_minor
    _keep_yes(settlement, EXCHANGE, money, money, exchanged.yes, by=by)


def _note_lines(
    settlement: Settlement, parts: Sequence[Part], chosen: LinesWay, *, by: str
) -> None:
    mine = [part for part in parts if is_of(part, chosen)]
    money = sum(part.amount_minor for part in mine)
    if money:
        bonus = sum(part.bonus_minor for part in mine)
        _keep_yes(settlement, chosen.way, money, money + bonus, chosen.yes, by=by)


def _keep_yes(
    settlement: Settlement, way: str, money_minor: int, offered_minor: int, yes: Yes, *, by: str
) -> None:
    Consent.objects.create(
        shop_id=settlement.shop_id,
        settlement=settlement,
        way=way,
        currency=settlement.currency,
        money_minor=money_minor,
        offered_minor=offered_minor,
        channel=yes.channel.value,
        given_by=yes.given_by.strip()[:254],
        noted_by=by,
        given_at=now(),
    )


def _refuse(settlement: Settlement, payment: Payment, asked_minor: int) -> None:
    payment.refresh_from_db()
    if payment.is_disputed:
        raise PaymentDisputed(order=settlement.order.number, payment=str(payment.pk))
    raise RefundExceedsPaid(
        payment=str(payment.pk),
        left_minor=payment.left_minor,
        asked_minor=asked_minor,
        currency=payment.currency,
    )


def write_settlement(
    order: Order,
    rma: Return | None,
    answer: amounts.Quote,
    parts: Sequence[Part],
    *,
    gross_minor: int,
    edit: Mapping[str, Any] | None = None,
    **more: Any,
) -> Settlement:
    """The settlement with its lines and charges, as the quote has them; ``more`` are columns."""
    breakdown = breakdown_of(answer, order.currency) | ({"edit": dict(edit)} if edit else {})
    settlement = Settlement(
        shop_id=order.shop_id,
        order=order,
        rma=rma,
        currency=order.currency,
        gross_minor=gross_minor,
        tax_minor=answer.tax or 0,
        kept_minor=answer.retained or 0,
        breakdown=breakdown | {"tenders": as_json(parts)},
        decided_at=now(),
        **more,
    )
    insert_all([settlement])
    kept = {item.line_id: item for item in answer.past.lines} if answer.past else {}
    bought = {str(line.pk): line for line in order.lines.all()}
    lines = [
        SettlementLine(
            shop_id=order.shop_id,
            settlement=settlement,
            order_line_id=UUID(item.id),
            quantity=item.quantity,
            gross_minor=item.gross,
            tax_minor=item.tax,
            taxes=_by_rate(bought[item.id].taxes, kept.get(item.id), item),
        )
        for item in answer.lines
    ]
    insert_all(lines)
    SettlementCharge.objects.bulk_create(
        SettlementCharge(
            shop_id=order.shop_id,
            settlement=settlement,
            charge_id=UUID(item.id),
            gross_minor=item.gross,
            tax_minor=item.tax,
        )
        for item in answer.shipping
    )
    fees = [(UUID(fee_id), amount) for fee_id, amount in answer.fees if amount]
    SettlementCharge.objects.bulk_create(
        SettlementCharge(
            shop_id=order.shop_id, settlement=settlement, charge_id=fee_id, gross_minor=amount
        )
        for fee_id, amount in fees
    )
    event = SettlementDecided(
        subject_of(settlement), str(settlement.pk), settlement.gross_minor, settlement.currency
    )
    record(event, shop_id=order.shop_id, actor=str(more["decided_by"]))
    return settlement


def _by_rate(
    taxes: Sequence[Mapping[str, Any]], kept: amounts.PastLine | None, item: amounts.QuotedItem
) -> dict[str, int]:
    """The tax of a settled line for each rate, as the quote spread it."""
    parts = kept.taxes if kept is not None and kept.taxes is not None else (item.tax,)
    found: dict[str, int] = {}
    for tax, part in zip(taxes, parts, strict=False):
        rate = str(tax.get("rate") or "")
        found[rate] = found.get(rate, 0) + part
    return found
