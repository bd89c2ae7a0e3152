"""The verbs of an exchange: agree, settle, pay the difference, deliver, end, document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from rebond.domain.exchanges.documents import write_document
from rebond.domain.exchanges.errors import (
    DifferenceOwed,
    ExchangeExists,
    ExchangeMoved,
    NothingToExchange,
    NotTheDifference,
)
from rebond.domain.exchanges.events import (
    DifferenceDue,
    DifferenceSettled,
    ExchangeAgreed,
    ExchangeEnded,
    ExchangeReleased,
)
from rebond.domain.exchanges.goods import agreed_lines, goods_of, is_same, order_of, wanted_of
from rebond.domain.exchanges.models import Exchange, ExchangePayment, SaleDocument
from rebond.domain.exchanges.pricing import Sum, sum_of
from rebond.domain.exchanges.states import NEXT_STATES, OPEN, WAIVED, ExchangeState
from rebond.domain.exchanges.wishes import Instead
from rebond.domain.machines.models import ApiKey
from rebond.domain.orders.writing import write_order
from rebond.domain.products import stock
from rebond.domain.refunds.amounts import Quote
from rebond.domain.refunds.errors import RepairOpen
from rebond.domain.refunds.models import Settlement
from rebond.domain.refunds.settling import answer_for, decide
from rebond.domain.refunds.ways import EXCHANGE, Channel, Exchanged, Yes
from rebond.domain.refunds.wished import wished_way
from rebond.domain.returns.errors import IllegalTransition
from rebond.domain.returns.models import Return
from rebond.domain.returns.states import ParcelState, RequestState
from rebond.domain.shops.models import Staff
from rebond.kernel.actions import action
from rebond.kernel.clock import local_date, now
from rebond.kernel.events import record
from rebond.kernel.money import Money

REPLACEMENT = "replacement"
"""The outcome of a line for which the same article is sent again."""

HELD_FOR = timedelta(days=14)
"""How long goods are held for a shopper who has not sent theirs back."""

BEFORE_SETTLEMENT = frozenset(
    {RequestState.REQUESTED, RequestState.NEEDS_INFO, RequestState.APPROVED}
)


@action
def agree_exchange(
    rma_id: UUID,
    wanted: Sequence[Instead],
    yes: Yes,
    *,
    by: str,
    expires_at: datetime | None = None,
) -> Exchange:
    """Hold other goods for a return that is not decided yet.

    Should the time run out, or the goods not come back, the money goes back as if nothing had
    been agreed. Raises ``IllegalTransition`` when the return is over or settled,
    ``ExchangeExists``, ``NothingToExchange`` (as for a present), ``UnknownProduct``,
    ``NotForExchange`` and ``OutOfStock``; then nothing is held.
    """
    rma = Return.objects.locked(pk=rma_id)
    _check_undecided(rma)
    moment = now()
    until = expires_at or moment + HELD_FOR
    lines = [] if rma.is_gift else agreed_lines(rma, wanted)
    if not lines:
        raise NothingToExchange(number=rma.number)
    assert rma.order is not None
    exchange = Exchange.objects.create(
        shop_id=rma.shop_id,
        rma=rma,
        state=ExchangeState.AGREED,
        currency=rma.order.currency,
        channel=yes.channel.value,
        given_by=yes.given_by.strip()[:254],
        agreed_by=by,
        agreed_at=moment,
        expires_at=until,
    )
    for line in sorted(lines, key=lambda line: str(line.product_id)):
        stock.hold(line.product, line.quantity)
    for place, line in enumerate(lines, start=1):
        line.exchange, line.position = exchange, place
        line.save()
        outcome = REPLACEMENT if is_same(line) else EXCHANGE
        rma.lines.filter(pk=line.return_line_id).update(outcome=outcome, waits_for_goods=True)
    rma.touch()
    day = local_date(until, rma.shop.time_zone).isoformat()
    event = ExchangeAgreed(str(rma.pk), str(exchange.pk), goods_of(lines), day)
    record(event, shop_id=rma.shop_id, actor=by)
    return exchange


@action
def settle_exchange(
    rma_id: UUID, *, by: str, who: Staff | ApiKey | None = None, version: int | None = None
) -> Settlement | None:
    """Let the return pay for the goods, and give back what is left of it, in one settlement.

    ``who`` decides, for their limits; None for the house itself.
    Returns None while the shopper owes a difference: the goods stay held and nothing moves.
    Where no piece for the exchange was accepted it ends, and the rest of the return is decided
    without it. Raises the refusals of ``refunds.settle_return``, ``ExchangeMoved`` when there is
    no open exchange, and ``DifferenceOwed`` to a person who asks while it is owed.
    """
    rma = Return.objects.locked(pk=rma_id, version=version)
    exchange = _open_of(rma)
    order, answer = answer_for(rma)
    worth = answer.refund_total + answer.unallocated
    priced = _priced(exchange, answer, worth)
    if not priced.sale_minor:
        _end(exchange, ExchangeState.CANCELLED, "nothing_accepted", by=by)
        return decide(order, rma, answer, origin="return", by=by, who=who, chosen=wished_way(rma))
    if priced.due_minor and not exchange.due_way:
        _ask_difference(exchange, priced, by=by, is_person=who is not None)
        return None
    yes = Yes(Channel(exchange.channel), exchange.given_by)
    way = wished_way(rma)
    if priced.applied_minor:
        to = f"exchange:{exchange.pk}"
        way = replace(way, exchanged=Exchanged(priced.applied_minor, to, yes))
    settlement = decide(order, rma, answer, origin="return", by=by, who=who, chosen=way)
    _move(exchange, ExchangeState.SETTLED, ended_at=now())
    if not priced.applied_minor:
        _release(exchange, by=by)
    return settlement


@action
def settle_difference(
    exchange_id: UUID, *, amount_minor: int, way: str, reference: str, by: str
) -> Exchange:
    """Note that the shopper paid the difference, or that the shop lets it go (``WAIVED``).

    Raises ``ExchangeMoved`` when none is owed, and ``NotTheDifference`` for another amount.
    """
    exchange = _locked(exchange_id)
    if not exchange.owes or exchange.state != ExchangeState.UNPAID:
        raise ExchangeMoved(was=exchange.state, asked="paid")
    due = exchange.due_minor or 0
    if amount_minor != due:
        raise NotTheDifference(due_minor=due, given_minor=amount_minor, currency=exchange.currency)
    exchange.due_way, exchange.due_reference = way[:30], reference.strip()[:120]
    exchange.save(update_fields=["due_way", "due_reference"])
    event = DifferenceSettled(
        str(exchange.rma_id), str(exchange.pk), due, exchange.currency, exchange.due_way
    )
    record(event, shop_id=exchange.shop_id, actor=by)
    return exchange


@action
def pay_for_exchange(
    shop_id: UUID, exchange_id: UUID, refund_id: UUID, amount: Money, reference: str
) -> ExchangePayment:
    """Put one refund's money into the goods, once for each refund; the last one releases them.

    ``reference`` is that of the payment whose money it is. Raises ``ExchangeMoved`` unless the
    exchange waits for this money, and ``NotTheDifference`` for more than it costs.
    """
    known = ExchangePayment.objects.filter(shop_id=shop_id, refund_id=refund_id).first()
    if known is not None:
        return known
    exchange = _locked(exchange_id)
    if exchange.shop_id != shop_id or exchange.state != ExchangeState.SETTLED:
        raise ExchangeMoved(was=exchange.state, asked="paid")
    before = sum(part.amount_minor for part in exchange.payments.all())
    applied = exchange.applied_minor or 0
    if amount.currency != exchange.currency or before + amount.minor > applied:
        raise NotTheDifference(
            due_minor=applied - before, given_minor=amount.minor, currency=exchange.currency
        )
    paid = ExchangePayment.objects.create(
        shop_id=shop_id,
        exchange=exchange,
        refund_id=refund_id,
        payment_reference=reference,
        currency=amount.currency,
        amount_minor=amount.minor,
        at=now(),
    )
    if before + amount.minor == applied:
        _release(exchange, by="system")
    return paid


@action
def end_exchange(exchange_id: UUID, *, why: str, by: str) -> Exchange:
    """Call an exchange off that no money has paid for: its goods are free, the money goes back.

    Where it was settled already, its refund is refused and waits for another way at the desk.
    """
    exchange = _locked(exchange_id)
    if exchange.payments.exists():
        raise ExchangeMoved(was=exchange.state, asked=str(ExchangeState.CANCELLED))
    _end(exchange, ExchangeState.CANCELLED, why, by=by)
    return exchange


@action
def let_lapse(exchange_id: UUID) -> None:
    """End an exchange whose time is over and that is not over itself.

    The shopper's part was to send the goods: once they are here, the shop takes the time it needs.
    """
    exchange = _locked(exchange_id)
    if not exchange.is_open or exchange.expires_at > now():
        return
    is_here = exchange.rma.parcel_state == ParcelState.RECEIVED
    if is_here and exchange.state == ExchangeState.AGREED:
        exchange.expires_at = now() + HELD_FOR
        exchange.save(update_fields=["expires_at"])
        return
    _end(exchange, ExchangeState.LAPSED, "time_over", by="system")


@action
def let_go_of(rma_id: UUID, *, why: str) -> None:
    """End the open exchange of a return that is over; nothing where there is none."""
    rma = Return.objects.locked(pk=rma_id)
    for exchange in rma.exchanges.filter(state__in=OPEN).select_related("rma"):
        _end(exchange, ExchangeState.CANCELLED, why, by="system")


@action
def take_back_settlement(settlement_id: UUID, *, by: str) -> None:
    """A second person said no to the settlement: the exchange is open again, its goods held."""
    settlement = Settlement.objects.select_related("rma").get(pk=settlement_id)
    if settlement.rma is None or settlement.called_off_at is None:
        return
    rma = Return.objects.locked(pk=settlement.rma.pk)
    exchange = rma.exchanges.filter(state=ExchangeState.SETTLED).first()
    if exchange is not None and not exchange.payments.exists():
        exchange.state, exchange.ended_at = ExchangeState.AGREED, None
        exchange.expires_at = max(exchange.expires_at, now() + HELD_FOR)
        exchange.save(update_fields=["state", "ended_at", "expires_at"])


@action
def document_sale(exchange_id: UUID, *, by: str) -> SaleDocument | None:
    """Give the sale its numbered document, once.

    None for a sale between businesses: those invoices go over an approved platform, from the
    shop's own system.
    """
    exchange = _locked(exchange_id)
    if exchange.state != ExchangeState.RELEASED:
        raise ExchangeMoved(was=exchange.state, asked="documented")
    return exchange.documents.first() or write_document(exchange, by=by)


def _check_undecided(rma: Return) -> None:
    is_settled = rma.settlements.filter(called_off_at=None).exists()
    is_early = not is_settled and rma.request_state in BEFORE_SETTLEMENT
    if rma.order is None or rma.keeps_goods or not is_early:
        raise IllegalTransition(number=rma.number, was=rma.request_state, asked="exchanged")
    if rma.is_repair:
        raise RepairOpen(number=rma.number)
    over = (ExchangeState.LAPSED, ExchangeState.CANCELLED)
    if rma.exchanges.exclude(state__in=over).exists():
        raise ExchangeExists(number=rma.number)


def _priced(exchange: Exchange, answer: Quote, worth_minor: int) -> Sum:
    lines = list(exchange.lines.select_related("return_line").order_by("position"))
    back = {item.id: (item.quantity, item.gross) for item in answer.lines}
    priced = sum_of(wanted_of(lines, back), worth_minor)
    for line, price in zip(lines, priced.lines, strict=True):
        line.settled_quantity, line.gross_minor = price.quantity, price.gross_minor
        line.save(update_fields=["settled_quantity", "gross_minor"])
    if exchange.due_way and priced.due_minor != exchange.due_minor:
        exchange.due_way = ""
    exchange.sale_minor, exchange.applied_minor = priced.sale_minor, priced.applied_minor
    exchange.due_minor = priced.due_minor
    exchange.save(update_fields=["sale_minor", "applied_minor", "due_minor", "due_way"])
    return priced


def _ask_difference(exchange: Exchange, priced: Sum, *, by: str, is_person: bool) -> None:
    if exchange.state == ExchangeState.UNPAID and is_person:
        raise DifferenceOwed(
            number=exchange.rma.number, due_minor=priced.due_minor, currency=exchange.currency
        )
    if exchange.state == ExchangeState.AGREED:
        _move(exchange, ExchangeState.UNPAID, expires_at=now() + HELD_FOR)
        event = DifferenceDue(
            str(exchange.rma_id), str(exchange.pk), priced.due_minor, exchange.currency
        )
        record(event, shop_id=exchange.shop_id, actor=by)


def _release(exchange: Exchange, *, by: str) -> None:
    """The order of the new goods; pieces that nothing pays for are free again."""
    lines = list(exchange.lines.select_related("product", "return_line").order_by("position"))
    order = write_order(exchange.rma.shop, order_of(exchange, lines), source=EXCHANGE, by=by)
    for line in lines:
        sold = line.settled_quantity or 0
        stock.send_out(line.product, sold)
        stock.let_go(line.product, line.quantity - sold)
    _move(exchange, ExchangeState.RELEASED, new_order=order)
    event = ExchangeReleased(
        str(exchange.rma_id), str(exchange.pk), str(order.pk), order.number, goods_of(lines)
    )
    record(event, shop_id=exchange.shop_id, actor=by)


def _end(exchange: Exchange, state: ExchangeState, why: str, *, by: str) -> None:
    _move(exchange, state, ended_at=now(), ended_why=why[:40])
    for line in exchange.lines.select_related("product").order_by("product_id"):
        stock.let_go(line.product, line.quantity)
        mine = exchange.rma.lines.filter(pk=line.return_line_id)
        mine.update(outcome="refund", waits_for_goods=False)
    exchange.rma.touch()
    event = ExchangeEnded(str(exchange.rma_id), str(exchange.pk), why)
    record(event, shop_id=exchange.shop_id, actor=by)


def _move(exchange: Exchange, state: ExchangeState, **more: object) -> None:
    if state not in NEXT_STATES[ExchangeState(exchange.state)]:
        raise ExchangeMoved(was=exchange.state, asked=str(state))
    exchange.state = state
    for name, value in more.items():
        setattr(exchange, name, value)
    exchange.save(update_fields=["state", *more])


def _locked(exchange_id: UUID) -> Exchange:
    """The exchange, read after its return was locked."""
    known = Exchange.objects.only("id", "rma_id").get(pk=exchange_id)
    Return.objects.locked(pk=known.rma_id)
    return Exchange.objects.select_related("rma__shop", "rma__order").get(pk=exchange_id)


def _open_of(rma: Return) -> Exchange:
    exchange = (
        rma.exchanges.filter(state__in=OPEN).select_related("rma__shop", "rma__order").first()
    )
    if exchange is None:
        raise ExchangeMoved(was="none", asked="settled")
    return exchange


__all__ = [
    "HELD_FOR",
    "WAIVED",
    "agree_exchange",
    "document_sale",
    "end_exchange",
    "let_go_of",
    "let_lapse",
    "pay_for_exchange",
    "settle_difference",
    "settle_exchange",
    "take_back_settlement",
]
