"""Whatever order messages come in, how often, and which are lost: the end is the same."""

import json
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count

import pytest
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.integrations.conftest import SECRET
from tests.world import order_of, small_shop

from rebond.domain.orders.models import Payment
from rebond.domain.refunds import actions, fetching
from rebond.domain.refunds.comparing import Days
from rebond.domain.refunds.models import (
    Dispute,
    MoneyTask,
    OutsideRefund,
    ProviderEvent,
    Refund,
)
from rebond.domain.refunds.ports import Answer, Outcome
from rebond.domain.refunds.wishes import OrderRefund
from rebond.domain.shops.models import Shop
from rebond.insights.verification.promises import PROMISES
from rebond.kernel.clock import local_date, now
from rebond.kernel.models import Job
from rebond.simulator.payments import sign

pytestmark = pytest.mark.django_db

NUMBERS = count(1)
# How a refund can go, step by step, as the provider tells it.
WAYS = (
    ("pending", "succeeded"),
    ("succeeded",),
    ("pending", "failed"),
    ("pending", "succeeded", "failed"),
    ("pending", "requires_action", "succeeded"),
)
OUTSIDE = (("succeeded",), ("succeeded", "failed"), ("pending", "succeeded"))
DISPUTES = (("open",), ("open", "won"), ("open", "lost"), ("open", "lost", "won"), ("lost",))
ABOUT_MONEY = {"I1", "I3", "I5", "I6", "I14", "I14b", "I16", "I17", "I18"}
# Which of the two depends on whether we ever heard that it had succeeded; nobody has the money.
SAME = {"failed_late": "failed"}


@dataclass(frozen=True)
class History:
    """What happened at the provider on one payment: our refunds, others, a complaint."""

    ours: tuple[tuple[str, ...], ...]
    outside: tuple[tuple[str, ...], ...]
    dispute: tuple[str, ...]


@dataclass
class Scene:
    """One payment of a shop, and everything the provider has to say about it."""

    name: str
    payment: str
    order: object
    messages: list[bytes] = field(default_factory=list)
    last_of_dispute: bytes | None = None

    def add(self, kind: str, item: dict) -> bytes:
        """A further message, under a name of its own."""
        name = f"evt_{self.name}_{len(self.messages)}"
        self.messages.append(json.dumps({"id": name, "type": kind, "data": item}).encode())
        return self.messages[-1]


def set_out(provider, history: History) -> Scene:
    """Let the history happen at the provider, with nobody told of it yet."""
    number = next(NUMBERS)
    shop = Shop.objects.filter(slug="galerie").first() or small_shop()
    order = order_of(shop, number=f"{number}", provider="simulator")
    scene = Scene(f"{number}", order.payments.get().reference, order)
    provider.opens(scene.payment, 13080)
    for place, way in enumerate(history.ours):
        wish = OrderRefund(amount_minor=1000 + place, reason="late")
        refund = actions.refund_order(order.pk, wish, by="staff:Ana").refunds.get()
        armed = actions.arm_refund(refund.pk)
        _happen(provider, scene, way, 1000 + place, f"{scene.name}_re_{place}", str(refund.pk))
        actions.settle_refund(refund.pk, armed.token, Answer(Outcome.NO_ANSWER))
    for place, way in enumerate(history.outside):
        _happen(provider, scene, way, 500 + place, f"{scene.name}_out_{place}", "")
    for state in history.dispute:
        item = {"id": f"dp_{scene.name}", "payment": scene.payment, "amount": 13080}
        told = scene.add("dispute.updated", {**item, "currency": "EUR", "status": state})
        scene.last_of_dispute = told
    return scene


def _happen(
    provider, scene: Scene, way: Sequence[str], minor: int, name: str, reference: str
) -> None:
    row = {
        "id": name,
        "payment": scene.payment,
        "amount": minor,
        "currency": "EUR",
        "merchant_reference": reference,
    }
    with provider.ledger.writing() as db:
        db.execute(
            "INSERT INTO refund (id, payment, amount, currency, merchant_reference, status,"
            " made_at) VALUES (:id, :payment, :amount, :currency, :merchant_reference, :status,"
            " :made_at)",
            {**row, "status": way[-1], "made_at": time.time()},
        )
    for status in way:
        code = "account_closed" if status == "failed" else ""
        scene.add("refund.updated", {**row, "status": status, "code": code})


def as_it_happens(provider, scene: Scene) -> Iterator[bytes]:
    """The messages in the order of events, each while the provider itself stands just there."""
    for body in scene.messages:
        told = json.loads(body)
        if told["type"] == "refund.updated":
            _stands(provider, told["data"]["id"], told["data"]["status"])
        yield body


def _stands(provider, name: str, status: str) -> None:
    with provider.ledger.writing() as db:
        db.execute("UPDATE refund SET status = ? WHERE id = ?", (status, name))


def deliver(scene: Scene, messages: Iterable[bytes], run_jobs) -> None:
    """Post each message at our own door and let the work that follows be done."""
    caller = Client()
    for body in messages:
        answer = caller.post(
            "/hooks/payments/galerie/simulator/",
            body,
            content_type="application/json",
            headers={"Simulator-Signature": sign(SECRET, body, int(time.time()))},
        )
        assert answer.status_code == 204
        Job.objects.exclude(path__endswith=".fetch_parked").delete()  # letters and documents
        run_jobs()


def ask_once_more(scene: Scene) -> None:
    """The nightly comparison: the provider's present truth."""
    today = local_date(now(), scene.order.shop.time_zone)
    fetching.compare(scene.order.shop, "simulator", Days(today, today))


def how_it_ended(scene: Scene) -> dict:
    """Everything that must not depend on the order of messages."""
    order, payment = scene.order, Payment.objects.get(order=scene.order)
    waiting = MoneyTask.objects.filter(order=order, closed_at=None)
    refunds = Refund.objects.filter(payment=payment).order_by("amount_minor")
    outside = OutsideRefund.objects.filter(payment=payment).order_by("amount_minor")
    disputes = Dispute.objects.filter(payment=payment)
    return {
        "ours": [(r.amount_minor, SAME.get(r.state, r.state)) for r in refunds],
        "outside": [(row.amount_minor, row.state) for row in outside],
        "counters": (payment.refund_reserved_minor, payment.refunded_outside_minor),
        "is_disputed": payment.is_disputed,
        "disputes": [(dispute.state, dispute.consumed_minor) for dispute in disputes],
        "tasks": sorted((task.kind, task.facts.get("amount_minor")) for task in waiting),
        "parked": ProviderEvent.objects.filter(payment_reference=scene.payment, shop=order.shop)
        .exclude(result="applied")
        .count(),
    }


histories = st.builds(
    History,
    ours=st.lists(st.sampled_from(WAYS), max_size=2).map(tuple),
    outside=st.lists(st.sampled_from(OUTSIDE), max_size=2).map(tuple),
    dispute=st.one_of(st.just(()), st.sampled_from(DISPUTES)),
).filter(lambda h: h.ours or h.outside or h.dispute)


def shuffled(draw, scene: Scene) -> list[bytes]:
    """Any order, with repeats and losses. Of a complaint the last word is not lost: nobody could
    be asked for it."""
    kept = [
        message
        for message in scene.messages
        if message == scene.last_of_dispute or draw(st.integers(0, 3))
    ]
    again = draw(st.lists(st.sampled_from(kept), max_size=3)) if kept else []
    return draw(st.permutations(kept + again))


@pytest.mark.timeout(300)
@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(history=histories, data=st.data())
@example(history=History((("pending", "succeeded", "failed"),), (), ()), data=None)
@example(history=History((), (("succeeded", "failed"),), ("open", "lost", "won")), data=None)
def test_the_end_does_not_depend_on_the_order_of_messages(history, data, provider, run_jobs):
    plain, other = set_out(provider, history), set_out(provider, history)
    deliver(plain, as_it_happens(provider, plain), run_jobs)
    ask_once_more(plain)

    backwards = other.messages[::-1] * 2
    deliver(other, backwards if data is None else shuffled(data.draw, other), run_jobs)
    ask_once_more(other)

    assert how_it_ended(other) == how_it_ended(plain)
    assert how_it_ended(plain)["parked"] == 0
    kept = [promise for promise in PROMISES if promise.number in ABOUT_MONEY]
    assert len(kept) == len(ABOUT_MONEY)
    assert [breach for promise in kept for breach in promise.breaches()] == []
