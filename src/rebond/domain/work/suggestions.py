"""What brings a return forward now, and who has to do it.  (pure)

It only says what is worth doing first; what may be done is in ``returns.steps``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from rebond.domain.discussions.states import DiscussionState
from rebond.domain.exchanges.states import ExchangeState
from rebond.domain.refunds.models.task import TaskKind
from rebond.domain.repairs.states import RepairState
from rebond.domain.returns.states import InspectionState, MoneyState, ParcelState, RequestState
from rebond.domain.returns.steps import LOOKED_AT, PUT_AWAY, Standing, Step

UNDERWAY = frozenset({MoneyState.PLANNED, MoneyState.SENT, MoneyState.PENDING})
STUCK = frozenset({TaskKind.FAILED, TaskKind.UNCLEAR, TaskKind.NO_WAY})


class Who(StrEnum):
    """Who has the ball."""

    SHOP = "shop"
    SHOPPER = "shopper"
    CARRIER = "carrier"
    BANK = "bank"
    NOBODY = "nobody"


class Next(StrEnum):
    """The one thing to do, or what is waited for."""

    ANSWER_CONTEST = "answer_contest"
    ANSWER_SHOPPER = "answer_shopper"
    MEND_REFUND = "mend_refund"
    PAY_BY_HAND = "pay_by_hand"
    SECOND_PERSON = "second_person"
    BANK_DECIDES = "bank_decides"
    PHOTOS_AWAITED = "photos_awaited"
    LOOK_CLOSER = "look_closer"
    DECIDE = "decide"
    DECIDE_REPAIR = "decide_repair"
    DO_REPAIR = "do_repair"
    SEND_REPAIR_BACK = "send_repair_back"
    INSPECT = "inspect"
    REPLY_AWAITED = "reply_awaited"
    SEND_PIECES_BACK = "send_pieces_back"
    DIFFERENCE_AWAITED = "difference_awaited"
    SETTLE_EXCHANGE = "settle_exchange"
    DECIDE_REFUND = "decide_refund"
    REFUND = "refund"
    PAYOUT_AWAITED = "payout_awaited"
    PROOF_AWAITED = "proof_awaited"
    PARCEL_LOST = "parcel_lost"
    RECEIVE = "receive"
    CARRIER_BRINGS = "carrier_brings"
    HAND_IN_AWAITED = "hand_in_awaited"
    SENDING_AWAITED = "sending_awaited"
    CLOSE = "close"
    CLOSE_UNPAID = "close_unpaid"
    NOTHING = "nothing"


WHO = {
    Next.BANK_DECIDES: Who.BANK,
    Next.PAYOUT_AWAITED: Who.BANK,
    Next.PHOTOS_AWAITED: Who.SHOPPER,
    Next.REPLY_AWAITED: Who.SHOPPER,
    Next.DIFFERENCE_AWAITED: Who.SHOPPER,
    Next.PROOF_AWAITED: Who.SHOPPER,
    Next.SENDING_AWAITED: Who.SHOPPER,
    Next.HAND_IN_AWAITED: Who.SHOPPER,
    Next.CARRIER_BRINGS: Who.CARRIER,
    Next.NOTHING: Who.NOBODY,
}
STEPS = {
    Next.PAY_BY_HAND: Step.PAY,
    Next.DECIDE: Step.APPROVE,
    Next.INSPECT: Step.INSPECT,
    Next.REFUND: Step.SETTLE,
    Next.DECIDE_REFUND: Step.SETTLE,
    Next.RECEIVE: Step.RECEIVE,
    Next.CLOSE: Step.CLOSE,
    Next.CLOSE_UNPAID: Step.CLOSE,
}


@dataclass(frozen=True)
class Facts:
    """What the suggestion looks at.

    ``waits_for_answer``: the shopper wrote. ``asks_look``: a signal asks for a closer look and
    nobody has said anything yet. ``tasks``: open tasks about its money. ``exchange`` is the open
    one, ``repair`` the one that stands; ``asks_money``: its shopper wants the money instead.
    """

    standing: Standing
    waits_for_answer: bool = False
    is_contested: bool = False
    asks_look: bool = False
    tasks: frozenset[TaskKind] = field(default_factory=frozenset)
    exchange: ExchangeState | None = None
    repair: RepairState | None = None
    asks_money: bool = False
    discussion: DiscussionState | None = None


@dataclass(frozen=True)
class Suggestion:
    """What to do, who does it, and the step at the desk that does it, where one does."""

    code: Next
    who: Who
    step: Step | None


def suggest(facts: Facts) -> Suggestion:
    """The one thing that brings the return forward; people who wait come before goods."""
    code = _waiting_people(facts) or _request(facts) or _approved(facts)
    return Suggestion(code, WHO.get(code, Who.SHOP), STEPS.get(code))


def _waiting_people(facts: Facts) -> Next | None:
    if facts.is_contested:
        return Next.ANSWER_CONTEST
    if facts.waits_for_answer:
        return Next.ANSWER_SHOPPER
    if facts.tasks & STUCK:
        return Next.MEND_REFUND
    if facts.standing.waits_for_payer or TaskKind.BY_HAND in facts.tasks:
        return Next.PAY_BY_HAND
    if facts.standing.money is MoneyState.FAILED:
        return Next.MEND_REFUND
    if TaskKind.APPROVAL in facts.tasks:
        return Next.SECOND_PERSON
    return Next.BANK_DECIDES if TaskKind.DISPUTE in facts.tasks else None


def _request(facts: Facts) -> Next | None:
    request = facts.standing.request
    if request is RequestState.NEEDS_INFO:
        return Next.PHOTOS_AWAITED
    if request is RequestState.REQUESTED:
        return Next.LOOK_CLOSER if facts.asks_look else Next.DECIDE
    return Next.NOTHING if request in PUT_AWAY else None


def _approved(facts: Facts) -> Next:
    standing = facts.standing
    found = _repair(facts) if standing.is_repair else None
    if found is not None:
        return found
    if facts.discussion is DiscussionState.OPEN:
        return Next.REPLY_AWAITED
    if facts.discussion is DiscussionState.KEEPS:
        return Next.SEND_PIECES_BACK
    if standing.inspection is InspectionState.RECEIVED:
        return Next.INSPECT
    if standing.inspection in LOOKED_AT:
        return _looked_at(facts)
    if not standing.is_sent_back:
        return Next.PROOF_AWAITED if standing.waits_for_proof else _money(facts)
    return _parcel(standing)


def _repair(facts: Facts) -> Next | None:
    if facts.asks_money or facts.repair is RepairState.FAILED:
        return Next.DECIDE_REPAIR
    if facts.repair is RepairState.IN_REPAIR:
        return Next.DO_REPAIR
    if facts.repair in {RepairState.REPAIRED, RepairState.REFUSED}:
        return Next.SEND_REPAIR_BACK
    return Next.CLOSE if facts.repair is RepairState.SENT_BACK else None


def _looked_at(facts: Facts) -> Next:
    if facts.exchange is ExchangeState.UNPAID:
        return Next.DIFFERENCE_AWAITED
    if facts.exchange is ExchangeState.AGREED:
        return Next.SETTLE_EXCHANGE
    if not facts.standing.accepted and not facts.standing.is_settled:
        return Next.CLOSE_UNPAID
    return _money(facts)


def _money(facts: Facts) -> Next:
    standing = facts.standing
    if standing.money in UNDERWAY:
        return Next.PAYOUT_AWAITED
    if standing.money is MoneyState.SUCCEEDED or standing.is_settled:
        return Next.CLOSE
    if not standing.is_known_sale:
        return Next.CLOSE_UNPAID
    return Next.DECIDE_REFUND if TaskKind.BLOCKED in facts.tasks else Next.REFUND


def _parcel(standing: Standing) -> Next:
    found = {
        ParcelState.LOST: Next.PARCEL_LOST,
        ParcelState.RECEIVED: Next.RECEIVE,
        ParcelState.DELIVERED: Next.RECEIVE,
        ParcelState.IN_TRANSIT: Next.CARRIER_BRINGS,
        ParcelState.ANNOUNCED: Next.HAND_IN_AWAITED,
    }
    return found.get(standing.parcel, Next.SENDING_AWAITED)
