"""What to do next with a return, in every state."""

from dataclasses import replace
from itertools import product

import pytest
from tests.world import LAMP, findings, order_of, received_return, requested_return, run_jobs
from tests.world import small_shop as a_shop

from rebond.domain.conversations.actions import write_to_shop
from rebond.domain.discussions.actions import close_return
from rebond.domain.discussions.states import DiscussionState
from rebond.domain.exchanges.states import ExchangeState
from rebond.domain.refunds.models import TaskKind
from rebond.domain.repairs.states import RepairState
from rebond.domain.returns.actions import approve_return
from rebond.domain.returns.states import InspectionState, MoneyState, ParcelState, RequestState
from rebond.domain.returns.steps import LOOKED_AT, Standing, Step, allowed_steps
from rebond.domain.warehouse.actions import inspect_return
from rebond.domain.work.standing import suggestions_for
from rebond.domain.work.suggestions import STEPS, Facts, Next, Who, suggest

APPROVED = Standing(
    RequestState.APPROVED,
    ParcelState.NONE,
    InspectionState.AWAITING,
    MoneyState.NONE,
    missing=1,
)
SEEN = replace(
    APPROVED,
    parcel=ParcelState.RECEIVED,
    inspection=InspectionState.COMPLIANT,
    missing=0,
    accepted=1,
)
REPAIR = replace(SEEN, is_repair=True)


def asked(**changed):
    return Facts(replace(APPROVED, request=RequestState.REQUESTED), **changed)


CASES = [
    (asked(), Next.DECIDE),
    (asked(asks_look=True), Next.LOOK_CLOSER),
    (asked(waits_for_answer=True, asks_look=True), Next.ANSWER_SHOPPER),
    (Facts(replace(APPROVED, request=RequestState.NEEDS_INFO)), Next.PHOTOS_AWAITED),
    (Facts(replace(APPROVED, request=RequestState.DECLINED)), Next.NOTHING),
    (Facts(replace(APPROVED, request=RequestState.CLOSED)), Next.NOTHING),
    (Facts(APPROVED), Next.SENDING_AWAITED),
    (Facts(replace(APPROVED, parcel=ParcelState.ANNOUNCED)), Next.HAND_IN_AWAITED),
    (Facts(replace(APPROVED, parcel=ParcelState.IN_TRANSIT)), Next.CARRIER_BRINGS),
    (Facts(replace(APPROVED, parcel=ParcelState.DELIVERED)), Next.RECEIVE),
    (Facts(replace(APPROVED, parcel=ParcelState.RECEIVED)), Next.RECEIVE),
    (Facts(replace(APPROVED, parcel=ParcelState.LOST)), Next.PARCEL_LOST),
    (Facts(replace(APPROVED, inspection=InspectionState.RECEIVED)), Next.INSPECT),
    (
        Facts(
            replace(APPROVED, inspection=InspectionState.RECEIVED),
            discussion=DiscussionState.OPEN,
        ),
        Next.REPLY_AWAITED,
    ),
    (
        Facts(
            replace(APPROVED, inspection=InspectionState.RECEIVED),
            discussion=DiscussionState.KEEPS,
        ),
        Next.SEND_PIECES_BACK,
    ),
    (Facts(SEEN), Next.REFUND),
    (Facts(replace(SEEN, is_known_sale=False)), Next.CLOSE_UNPAID),
    (Facts(replace(SEEN, accepted=0)), Next.CLOSE_UNPAID),
    (Facts(SEEN, tasks=frozenset({TaskKind.BLOCKED})), Next.DECIDE_REFUND),
    (Facts(SEEN, tasks=frozenset({TaskKind.APPROVAL})), Next.SECOND_PERSON),
    (Facts(SEEN, tasks=frozenset({TaskKind.DISPUTE})), Next.BANK_DECIDES),
    (Facts(SEEN, tasks=frozenset({TaskKind.UNCLEAR})), Next.MEND_REFUND),
    (Facts(SEEN, tasks=frozenset({TaskKind.BY_HAND})), Next.PAY_BY_HAND),
    (Facts(replace(SEEN, money=MoneyState.PLANNED, is_settled=True)), Next.PAYOUT_AWAITED),
    (Facts(replace(SEEN, money=MoneyState.PENDING, waits_for_payer=True)), Next.PAY_BY_HAND),
    (Facts(replace(SEEN, money=MoneyState.FAILED, is_settled=True)), Next.MEND_REFUND),
    (Facts(replace(SEEN, money=MoneyState.SUCCEEDED, is_settled=True)), Next.CLOSE),
    (Facts(SEEN, is_contested=True), Next.ANSWER_CONTEST),
    (Facts(SEEN, exchange=ExchangeState.AGREED), Next.SETTLE_EXCHANGE),
    (Facts(SEEN, exchange=ExchangeState.UNPAID), Next.DIFFERENCE_AWAITED),
    (Facts(replace(APPROVED, is_sent_back=False)), Next.REFUND),
    (Facts(replace(APPROVED, is_sent_back=False, waits_for_proof=True)), Next.PROOF_AWAITED),
    (Facts(REPAIR, repair=RepairState.IN_REPAIR), Next.DO_REPAIR),
    (Facts(REPAIR, repair=RepairState.REPAIRED), Next.SEND_REPAIR_BACK),
    (Facts(REPAIR, repair=RepairState.REFUSED), Next.SEND_REPAIR_BACK),
    (Facts(REPAIR, repair=RepairState.FAILED), Next.DECIDE_REPAIR),
    (Facts(REPAIR, repair=RepairState.SENT_BACK), Next.CLOSE),
    (
        Facts(replace(APPROVED, is_repair=True), repair=RepairState.AWAITED),
        Next.SENDING_AWAITED,
    ),
    (Facts(REPAIR, repair=RepairState.AWAITED, asks_money=True), Next.DECIDE_REPAIR),
]


@pytest.mark.parametrize(("facts", "code"), CASES)
def test_each_state_has_its_next_step(facts, code):
    assert suggest(facts).code is code


def test_every_next_step_is_met():
    assert {code for _, code in CASES} == set(Next)


def test_a_step_is_only_suggested_where_it_may_be_taken():
    for tracks in product(RequestState, ParcelState, InspectionState, MoneyState):
        is_looked_at = tracks[2] in LOOKED_AT
        standing = Standing(
            *tracks,
            missing=0 if is_looked_at else 1,
            accepted=1 if is_looked_at else 0,
            is_settled=tracks[3] is not MoneyState.NONE,
        )

        found = suggest(Facts(standing))

        if found.step not in {None, Step.PAY}:
            assert found.step in allowed_steps(standing), tracks
        assert found.who is Who.SHOP or found.code not in STEPS


@pytest.mark.django_db
def test_a_return_from_request_to_its_end():
    shop = a_shop()
    rma = requested_return(order_of(shop, lines=(LAMP,)), {"LAMP-01": 1})

    def now_is():
        rma.refresh_from_db()
        return suggestions_for(shop, [rma])[rma.pk].code

    if rma.request_state == RequestState.REQUESTED:
        assert now_is() is Next.DECIDE
        approve_return(rma.pk, by="staff:Ana")
    assert now_is() is Next.SENDING_AWAITED
    write_to_shop(rma.pk, "Where do I send it?", by="shopper")
    assert now_is() is Next.ANSWER_SHOPPER
    other = received_return(order_of(shop, number="1002", lines=(LAMP,)))
    assert suggestions_for(shop, [other])[other.pk].code is Next.INSPECT
    inspect_return(other.pk, findings(other), by="staff:Karim")
    run_jobs()
    other.refresh_from_db()
    assert suggestions_for(shop, [other])[other.pk].code is Next.PAY_BY_HAND
    close_return(other.pk, by="staff:Ana")
