"""Works out the duties that follow from a return or a statement. Writes nothing.

Every day comes from the law engine; nothing is counted here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from rebond.domain import law
from rebond.domain.duties.kinds import DutyKind
from rebond.domain.fair_use.models import Appeal
from rebond.domain.non_deliveries.models import NonDelivery
from rebond.domain.non_deliveries.queries import country_of, legal_end_of, money_of
from rebond.domain.non_deliveries.states import ReportState
from rebond.domain.non_deliveries.worth import worth_of
from rebond.domain.orders.models import Order
from rebond.domain.refunds.errors import QuoteRefused
from rebond.domain.refunds.queries import expected_for
from rebond.domain.repairs.states import Instead, RepairState
from rebond.domain.returns.guarantee import is_defect
from rebond.domain.returns.models import Return
from rebond.domain.returns.states import Goods, MoneyState, RequestState
from rebond.domain.shoppers.models import DataRequest
from rebond.domain.withdrawals.assessing import last_day_of
from rebond.domain.withdrawals.models import Statement, WithdrawalCase
from rebond.kernel.clock import local_date

ACKNOWLEDGED_WITHIN = timedelta(minutes=15)
"""Later than that people are told; the law says without undue delay."""
ANSWERED_WITHIN = 2
"""Working days in which the shop's letter promises an answer."""
WAITING = (RequestState.REQUESTED, RequestState.NEEDS_INFO)


@dataclass(frozen=True)
class Owed:
    """One duty as it stands now; the names are those of ``Duty``."""

    kind: DutyKind
    since_on: date
    due_on: date | None
    due_at: datetime | None = None
    latest_on: date | None = None
    proof_on: date | None = None
    goods_on: date | None = None
    jurisdiction: str = ""
    rules: list[str] = field(default_factory=list)
    articles: list[str] = field(default_factory=list)
    why: list[dict[str, Any]] = field(default_factory=list)
    currency: str = ""
    sum_minor: int | None = None
    price_minor: int | None = None
    is_done: bool = False


def duties_of_return(rma: Return) -> list[Owed]:
    """All duties of ``rma``, those done included. None for history and for businesses;
    who got a present has no contract with the shop, so only the answer to them counts."""
    if rma.order is None or rma.origin == "import":
        return []
    found = [_answer_to_request(rma)]
    if not rma.order.shopper.is_business and not rma.is_gift:
        refund = _refund(rma, rma.order) or _refund_for_a_fault(rma, rma.order)
        found += [refund, _conformity(rma, rma.order)]
    return [owed for owed in found if owed is not None]


def duties_of_statement(statement: Statement, case: WithdrawalCase, *, is_told: bool) -> list[Owed]:
    """To acknowledge at once, and to answer before the refund would be due.

    ``is_told`` says that the acknowledgement has left.
    """
    order = case.order
    shop = statement.shop
    country = _country(order) if order is not None else shop.country
    place = law.place_named(country)
    zone = place.zone if place is not None else shop.time_zone
    since_on = local_date(statement.submitted_at, zone)
    return [
        Owed(
            kind=DutyKind.ACKNOWLEDGE,
            since_on=since_on,
            due_on=since_on,
            due_at=statement.submitted_at + ACKNOWLEDGED_WITHIN,
            jurisdiction=country,
            rules=["WB-05"],
            articles=["Dir. 2011/83/EU art. 11a(4)", "C. conso. D221-5"],
            is_done=is_told,
        ),
        _answer_to_statement(country, zone, since_on, is_done=not case.is_open),
    ]


def duties_of_appeal(appeal: Appeal) -> list[Owed]:
    """To answer an appeal against a restriction: the shop's own word, within the legal month.

    Source: GDPR arts 12(3), 22(3).
    """
    zone = appeal.shop.time_zone
    due_on = local_date(appeal.due_at, zone)
    return [
        Owed(
            kind=DutyKind.APPEAL,
            since_on=local_date(appeal.made_at, zone),
            due_on=due_on,
            due_at=law.closes_at(due_on, ZoneInfo(zone)),
            articles=["GDPR art. 12(3), 22(3)"],
            is_done=not appeal.is_open,
        )
    ]


def duties_of_data_request(request: DataRequest) -> list[Owed]:
    """To answer who asks about their data, within a month.  Source: GDPR art. 12(3) (GD-04)."""
    zone = request.shop.time_zone
    return [
        Owed(
            kind=DutyKind.DATA,
            since_on=local_date(request.asked_at, zone),
            due_on=request.due_on,
            due_at=law.closes_at(request.due_on, ZoneInfo(zone)),
            jurisdiction=request.shop.country,
            rules=["GD-04"],
            articles=["GDPR art. 12(3)"],
            is_done=not request.is_open,
        )
    ]


def duties_of_non_delivery(report: NonDelivery) -> list[Owed]:
    """To answer, as our letter promises; and, once the customer has ended the contract, to pay.

    Source: C. conso. L216-7 (FR-GL-12). No day where no page of law names one.
    """
    shop = report.shop
    since_on = local_date(report.contested_at or report.reported_at, shop.time_zone)
    place = law.place_named(shop.country)
    calendar = place.calendar if place is not None else law.WEEKENDS_ONLY
    due_on = calendar.business_days_after(since_on, ANSWERED_WITHIN)
    is_answered = report.state != ReportState.OPEN or report.ended_on is not None
    found = [
        Owed(
            kind=DutyKind.ANSWER,
            since_on=since_on,
            due_on=due_on,
            due_at=law.closes_at(due_on, ZoneInfo(shop.time_zone)),
            is_done=is_answered,
        )
    ]
    refund = _refund_of_missing(report) if report.ended_on is not None else None
    return [*found, refund] if refund is not None else found


def _refund_of_missing(report: NonDelivery) -> Owed | None:
    assert report.ended_on is not None
    end = legal_end_of(report, report.ended_on)
    country = country_of(report.order)
    place = law.place_named(country)
    if end.due_on is None or place is None:
        return None
    money = money_of(report)
    is_paid = money in {MoneyState.SUCCEEDED, MoneyState.NONE}
    return Owed(
        kind=DutyKind.REFUND,
        since_on=report.ended_on,
        due_on=end.due_on,
        due_at=law.closes_at(end.due_on, ZoneInfo(place.zone)),
        jurisdiction=country,
        rules=list(end.rules),
        articles=list(end.articles),
        currency=report.order.currency,
        sum_minor=_sum_of_missing(report),
        is_done=report.is_over and is_paid,
    )


def _sum_of_missing(report: NonDelivery) -> int | None:
    """What is owed for the pieces that are open; for none, what was decided for them."""
    still = {line.order_line_id: line.open_quantity for line in report.lines.all()}
    if any(still.values()):
        try:
            quote = worth_of(report.order, {key: n for key, n in still.items() if n})
        except QuoteRefused:
            return None
        return quote.refund_total + quote.unallocated
    rows = report.answers.filter(settlement__isnull=False, called_off_at=None)
    return sum(rows.values_list("settlement__gross_minor", flat=True))


def _answer_to_statement(country: str, zone: str, since_on: date, *, is_done: bool) -> Owed:
    """Answered too late, the refund is late too: it runs from the statement."""
    said = law.answer(
        {
            "jurisdiction": country,
            "topic": "refund_deadline",
            "facts": {"informed_on": since_on.isoformat(), "trader_offered_to_collect": True},
        }
    )
    due_on = _day(said.get("refund_due_on_or_before")) or law.send_back_by(since_on)
    return Owed(
        kind=DutyKind.ANSWER,
        since_on=since_on,
        due_on=due_on,
        due_at=law.closes_at(due_on, ZoneInfo(zone)),
        jurisdiction=country,
        rules=["FR-WD-10"],
        articles=["Dir. 2011/83/EU art. 13(1)"],
        is_done=is_done,
    )


def _answer_to_request(rma: Return) -> Owed | None:
    """What the letter promises to those who wait for a person: no law, but a word given."""
    if rma.terms.get("verdict") != "review":
        return None
    shop = rma.shop
    place = law.place_named(shop.country)
    calendar = place.calendar if place is not None else law.WEEKENDS_ONLY
    since_on = local_date(rma.requested_at, shop.time_zone)
    due_on = calendar.business_days_after(since_on, ANSWERED_WITHIN)
    return Owed(
        kind=DutyKind.ANSWER,
        since_on=since_on,
        due_on=due_on,
        due_at=law.closes_at(due_on, ZoneInfo(shop.time_zone)),
        is_done=rma.request_state not in WAITING,
    )


def _refund(rma: Return, order: Order) -> Owed | None:
    """The refund after a withdrawal: fourteen days, and not before goods or proof.

    Where the shopper keeps the goods there is nothing to wait for; a repair brings no money.

    Source: C. conso. L221-24; Dir. 2011/83/EU art. 13; SI 2013/3134 reg. 34.
    """
    country = _country(order)
    place = law.place_named(country)
    if place is None or not law.covers(country, "refund_deadline"):
        return None
    since_on = local_date(rma.requested_at, place.zone)
    if not rma.is_withdrawal and not _is_within_the_right(order, since_on):
        return None
    if rma.is_repair:
        return None
    goods_on, proof_on = _goods_on(rma, place.zone), _proof_on(rma, place.zone)
    said = law.answer(
        {
            "jurisdiction": country,
            "topic": "refund_deadline",
            "facts": {
                "informed_on": since_on.isoformat(),
                "goods_received_on": goods_on.isoformat() if goods_on else None,
                "proof_of_dispatch_on": proof_on.isoformat() if proof_on else None,
            }
            | ({"trader_offered_to_collect": True} if rma.goods == Goods.KEPT else {}),
        }
    )
    due_on = _day(said.get("refund_due_on_or_before"))
    currency, owed, price = _money(rma, order)
    return Owed(
        kind=DutyKind.REFUND,
        since_on=since_on,
        due_on=due_on,
        due_at=law.closes_at(due_on, ZoneInfo(place.zone)) if due_on else None,
        latest_on=_day(said.get("latest_reading")),
        proof_on=proof_on,
        goods_on=goods_on,
        jurisdiction=country,
        rules=_texts(said.get("rules")),
        articles=_texts(said.get("references")),
        why=_reasons(said.get("why")),
        currency=currency,
        sum_minor=owed,
        price_minor=price,
        is_done=_is_refunded(rma),
    )


def _refund_for_a_fault(rma: Return, order: Order) -> Owed | None:
    """The refund where a repair became one: fourteen days from the goods, or from the turn.

    Only where the page of law states it; it has no ladder of penalties.
    Source: C. conso. L217-14, L217-17.
    """
    turned = rma.repairs.filter(state=RepairState.TURNED, turned_into=Instead.REFUND).first()
    country = _country(order)
    place = law.place_named(country)
    if turned is None or place is None:
        return None
    goods_on, proof_on = _goods_on(rma, place.zone), _proof_on(rma, place.zone)
    back_on = min((day for day in (goods_on, proof_on) if day is not None), default=None)
    turned_on = local_date(turned.since, place.zone)
    since_on = turned_on if back_on is None else max(turned_on, back_on)
    said = law.answer(
        {
            "jurisdiction": country,
            "topic": "legal_guarantee",
            "facts": {"goods_received_back_on": since_on.isoformat()},
        }
    )
    last = _day(said.get("refund_due_on_or_before"))
    if last is None:
        return None
    due_on = last if back_on is not None else None
    currency, owed, price = _money(rma, order)
    return Owed(
        kind=DutyKind.REFUND,
        since_on=since_on,
        due_on=due_on,
        due_at=law.closes_at(due_on, ZoneInfo(place.zone)) if due_on else None,
        proof_on=proof_on,
        goods_on=goods_on,
        jurisdiction=country,
        rules=_texts(said.get("rules")),
        articles=_texts(said.get("references")),
        why=_reasons(said.get("why")),
        currency=currency,
        sum_minor=owed,
        price_minor=price,
        is_done=_is_refunded(rma),
    )


def _conformity(rma: Return, order: Order) -> Owed | None:
    """A defect is put right within thirty days of the request; a repair ends it when the piece
    is sent back, for that closes the return. Source: C. conso. L217-10."""
    country = _country(order)
    if country != "FR" or rma.request_state == RequestState.DECLINED:
        return None
    if not any(is_defect(line.reason) for line in rma.lines.all()):
        return None
    since_on = local_date(rma.requested_at, "Europe/Paris")
    due_on = law.conformity_due_on(since_on)
    currency, owed, price = _money(rma, order)
    return Owed(
        kind=DutyKind.CONFORMITY,
        since_on=since_on,
        due_on=due_on,
        due_at=law.closes_at(due_on, ZoneInfo("Europe/Paris")),
        jurisdiction=country,
        rules=["FR-GL-03"],
        articles=["C. conso. L217-9, L217-10"],
        currency=currency,
        sum_minor=owed,
        price_minor=price,
        is_done=_is_refunded(rma) or rma.request_state == RequestState.CLOSED,
    )


def _is_within_the_right(order: Order, since_on: date) -> bool:
    last_day = last_day_of(order)
    return last_day is not None and since_on <= last_day


def _is_refunded(rma: Return) -> bool:
    """Whether nothing is owed any more, because it was paid or because the return is off."""
    over = {RequestState.DECLINED, RequestState.CANCELLED, RequestState.EXPIRED}
    paid = rma.money_state == MoneyState.SUCCEEDED
    closed = rma.request_state == RequestState.CLOSED and rma.money_state == MoneyState.NONE
    return paid or closed or rma.request_state in over


def _money(rma: Return, order: Order) -> tuple[str, int | None, int | None]:
    """Currency, what is owed, and the price of the articles; minor units."""
    price = sum(
        line.order_line.total_minor * line.quantity // max(1, line.order_line.quantity)
        for line in rma.lines.select_related("order_line")
        if line.order_line is not None
    )
    decided = rma.settlements.filter(called_off_at=None).order_by("-decided_at").first()
    if decided is not None:
        return decided.currency, decided.gross_minor, max(0, price)
    expected = expected_for(rma)
    owed = expected["total_minor"] if expected is not None else None
    return order.currency, owed, max(0, price)


def _goods_on(rma: Return, zone: str) -> date | None:
    first = rma.receipts.order_by("at").first()
    return local_date(first.at, zone) if first is not None else None


def _proof_on(rma: Return, zone: str) -> date | None:
    """When the goods were handed in, or given to a charity and shown to be."""
    donation = rma.donation
    if donation is not None:
        return local_date(donation.proven_at, zone) if donation.proven_at else None
    sent = rma.parcels.filter(handed_in_at__isnull=False).order_by("handed_in_at").first()
    if sent is None or sent.handed_in_at is None:
        return None
    return local_date(sent.handed_in_at, zone)


def _country(order: Order) -> str:
    return order.country or order.shop.country


def _day(value: object) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else None


def _texts(value: object) -> list[str]:
    return [str(entry) for entry in value] if isinstance(value, list) else []


def _reasons(value: object) -> list[dict[str, Any]]:
    return [dict(entry) for entry in value] if isinstance(value, list) else []
