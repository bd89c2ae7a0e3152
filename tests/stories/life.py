"""The whole life of orders, returns and money in any order: rules for Hypothesis, and a model.

The model is what a shopkeeper would keep on paper: what was paid, what was decided, for which
line. The rules call the real actions on the real database; the provider is a process of its own
with a ledger of its own. Used by test_whole_life.py.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

import time_machine
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from tests.integrations.conftest import SECRET, Rehearsal
from tests.world import EMAIL, requested_return, small_shop, staff_of

from rebond.domain.bank_transfers import actions as bank
from rebond.domain.bank_transfers.models import Transfer, TransferFile
from rebond.domain.credit_notes.actions import (
    DraftWish,
    discard_draft,
    issue_draft,
    write_draft,
)
from rebond.domain.credit_notes.models import CreditNoteDraft
from rebond.domain.discussions.actions import close_return
from rebond.domain.ledger import actions as books
from rebond.domain.ledger.models import Hold
from rebond.domain.orders.actions import enter_order
from rebond.domain.orders.models import Order, Payment
from rebond.domain.orders.new import NewCharge, NewLine, NewOrder, NewPayment, NewShopper
from rebond.domain.refunds import actions as money
from rebond.domain.refunds.fetching import fetch_due_messages
from rebond.domain.refunds.jobs import check_due_refunds
from rebond.domain.refunds.limits import LimitKind
from rebond.domain.refunds.models import Approval, Refund, Settlement
from rebond.domain.refunds.states import LIVE, UNDECIDED, RefundState
from rebond.domain.refunds.ways import Channel, ChosenWay, Way, Yes
from rebond.domain.refunds.wishes import OrderRefund, WantedCharge, WantedPieces
from rebond.domain.returns import actions as returns
from rebond.domain.returns.models import Return
from rebond.domain.returns.states import DeclineReason
from rebond.domain.shipping.actions import announce_parcel, note_hand_in
from rebond.domain.shops.access import Role
from rebond.domain.shops.models import Shop, Staff
from rebond.domain.store_credit.actions import give_credit, reserve_credit, spend_credit
from rebond.domain.warehouse.actions import Finding, inspect_return, receive_return
from rebond.domain.warehouse.grades import USUAL_DISPOSITION, Grade
from rebond.insights.verification.promises import PROMISES
from rebond.kernel import jobs
from rebond.kernel.clock import now, today
from rebond.kernel.errors import RebondError
from rebond.kernel.money import Money
from rebond.simulator.payments import sign

BEGINS = datetime(2026, 3, 2, 9, tzinfo=UTC)
LIMIT = 5000
IBAN = "FR7630006000011234567890189"
YES = Yes(Channel.PHONE, EMAIL)
FAULTS = ("ok", "refuse", "pending", "timeout_after", "500_after", "500_before", "429")
LATE = ("succeeded_then_failed", "pending_then_failed", "timeout_before")
MANY_JOBS = 500
ROUNDS = 12

which = st.integers(0, 9999)
several = st.integers(1, 3)
ways = st.sampled_from([Way.ORIGINAL, Way.ORIGINAL, Way.STORE_CREDIT, Way.GIFT_CARD, Way.BANK])
lines = st.tuples(several, st.integers(3, 20000), st.sampled_from(["0.20", "0.055", "0"]))


@dataclass
class Paper:
    """The model: what was sold and paid, and what was decided to give back."""

    captured: dict[str, int] = field(default_factory=dict)
    sold: dict[UUID, tuple[int, int]] = field(default_factory=dict)
    totals: dict[UUID, int] = field(default_factory=dict)
    decided: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    taken_back: set[UUID] = field(default_factory=set)
    disputes: dict[str, str] = field(default_factory=dict)

    def standing(self) -> list[dict[str, Any]]:
        """The decisions that nobody took back."""
        return [one for key, one in self.decided.items() if key not in self.taken_back]


class Life(RuleBasedStateMachine):
    """One shop, its orders and everything that may happen to them."""

    provider: ClassVar[Rehearsal]
    seen: ClassVar[Counter[str]] = Counter()
    number: ClassVar[int] = 0

    shop: Shop
    agent: Staff
    owner: Staff

    def __init__(self) -> None:
        super().__init__()
        Life.number += 1
        self.travel = time_machine.travel(BEGINS, tick=True)
        self.clock = self.travel.start()
        self.paper = Paper()
        self.orders: list[Order] = []
        self.messages: list[tuple[str, dict[str, Any]]] = []
        self.client = Client()
        self.count = 0
        self.asked = 0
        self.drafts = 0

    # --- a shop, and what is sold ---------------------------------------------------------

    @initialize(bought=st.lists(lines, min_size=1, max_size=3), split=which, shipping=st.booleans())
    def opens(self, bought: list[tuple[int, int, str]], split: int, shipping: bool) -> None:
        self.shop = small_shop(f"life-{self.number}")
        self.owner = staff_of(self.shop, Role.OWNER, name="Olga Owner")
        self.agent = staff_of(self.shop, Role.AGENT, name="Ana Agent")
        money.change_limit(
            self.shop,
            role=Role.AGENT,
            kind=LimitKind.REFUND,
            currency="EUR",
            amount_minor=LIMIT,
            staff=self.owner,
            by="staff:Olga",
        )
        bank.set_own_account(self.shop, holder="Galerie", iban=IBAN, by="staff:Olga")
        self._sell(bought, split, shipping)

    @precondition(lambda self: len(self.orders) == 1)
    @rule(bought=st.lists(lines, min_size=1, max_size=3), split=which)
    def sells_again(self, bought: list[tuple[int, int, str]], split: int) -> None:
        self._sell(bought, split, True)

    def _sell(self, bought: list[tuple[int, int, str]], split: int, shipping: bool) -> None:
        number = f"{self.number}-{len(self.orders) + 1}"
        told = tuple(
            NewLine(f"SKU-{n}", f"Article {n}", pieces, total, tax_rate=rate)
            for n, (pieces, total, rate) in enumerate(bought)
        )
        charges = (NewCharge("Shipping", 490),) if shipping else ()
        total = sum(line.total_minor for line in told) + sum(c.amount_minor for c in charges)
        first = split % (total + 1) if split % 3 else 0
        shares = [share for share in (first, total - first) if share]
        payments = tuple(
            NewPayment("simulator", "card", f"pay_{number}_{n}", share)
            for n, share in enumerate(shares)
        )
        order = enter_order(
            self.shop,
            NewOrder(
                number=number,
                ordered_at=now() - timedelta(days=5),
                currency="EUR",
                shopper=NewShopper(email=EMAIL, name="Camille", country="FR", postcode="75005"),
                lines=told,
                charges=charges,
                payments=payments,
                delivered_on=today(self.shop.time_zone) - timedelta(days=2),
                invoice_number=f"FA-{number}",
                invoice_date=today(self.shop.time_zone) - timedelta(days=5),
            ),
            source="test",
            by="test",
        )
        for payment in payments:
            self.provider.opens(payment.reference, payment.captured_minor)
            self.paper.captured[payment.reference] = payment.captured_minor
        for line in order.lines.all():
            self.paper.sold[line.pk] = (line.quantity, line.total_minor)
        self.paper.totals[order.pk] = total
        self.orders.append(order)

    # --- returns --------------------------------------------------------------------------

    @rule(order=which, pieces=st.lists(st.integers(0, 3), min_size=3, max_size=3))
    def asks_to_return(self, order: int, pieces: list[int]) -> None:
        chosen = self._order(order)
        skus = [line.sku for line in chosen.lines.order_by("position")]
        wanted = {sku: n for sku, n in zip(skus, pieces, strict=False) if n}
        self.asked += self._try(lambda: requested_return(chosen, wanted)) is not None

    @precondition(lambda self: self.asked)
    @rule(rma=which, verb=st.sampled_from(["approve", "decline", "cancel", "reopen", "close"]))
    def decides_on_a_return(self, rma: int, verb: str) -> None:
        one = self._return(rma)
        if one is None:
            return
        verbs: dict[str, Callable[[], object]] = {
            "approve": lambda: returns.approve_return(one.pk, by="staff:Ana"),
            "decline": lambda: returns.decline_return(
                one.pk, reason=DeclineReason.OTHER, note="no", by="staff:Ana"
            ),
            "cancel": lambda: returns.cancel_return(one.pk, by="shopper"),
            "reopen": lambda: returns.reopen_return(one.pk, by="staff:Ana"),
            "close": lambda: close_return(one.pk, by="staff:Ana"),
        }
        self._try(verbs[verb])

    @precondition(lambda self: self.asked)
    @rule(rma=which)
    def hands_in(self, rma: int) -> None:
        one = self._return(rma)
        if one is None:
            return
        about = {"carrier": "own_carrier", "carrier_name": "La Poste", "tracking_number": "6A1"}
        parcel = self._try(lambda: announce_parcel(one.pk, **about, by="shopper"))
        if parcel is not None:
            self._try(lambda: note_hand_in(parcel.pk, at=now(), by="shopper"))

    @precondition(lambda self: self.asked)
    @rule(rma=which, missing=st.sampled_from([0, 0, 0, 1]))
    def receives(self, rma: int, missing: int) -> None:
        one = self._return(rma)
        if one is None:
            return
        counts = {
            line.pk: max(line.quantity - line.received_quantity - missing, 0)
            for line in one.lines.all()
        }
        self._try(lambda: receive_return(one.pk, counts, note="", by="staff:Karim"))

    @precondition(lambda self: self.asked)
    @rule(rma=which, refused=st.sampled_from([0, 0, 1]), kept=st.sampled_from([0, 0, 15, 100]))
    def inspects(self, rma: int, refused: int, kept: int) -> None:
        one = self._return(rma)
        if one is None:
            return
        found = []
        for line in one.lines.all():
            bad = min(refused, line.received_quantity)
            good = line.received_quantity - bad
            for pieces, grade, is_accepted in ((good, Grade.A, True), (bad, Grade.C, False)):
                if pieces:
                    percent = kept if is_accepted else 0
                    usual = USUAL_DISPOSITION[grade]
                    found.append(Finding(line.pk, pieces, grade, usual, is_accepted, percent))
        self._try(lambda: inspect_return(one.pk, found, by="staff:Karim"))

    @precondition(lambda self: self.asked)
    @rule(rma=which, way=ways, by_agent=st.booleans())
    def settles(self, rma: int, way: Way, by_agent: bool) -> None:
        one = self._return(rma)
        if one is None or one.order is None:
            return
        staff = self.agent if by_agent else None
        chosen = self._way(one.order, way)
        self._try(lambda: money.settle_return(one.pk, by="staff:Ana", staff=staff, way=chosen))

    @rule(
        order=which,
        pieces=st.lists(several, min_size=1, max_size=3),
        way=ways,
        fault=st.sampled_from(FAULTS + LATE),
        kept=st.sampled_from([0, 0, 15]),
    )
    def a_return_goes_its_way(
        self, order: int, pieces: list[int], way: Way, fault: str, kept: int
    ) -> None:
        """As most do, from the wish to the money; the provider may fail in any way."""
        before = Return.objects.filter(shop=self.shop).count()
        self.asks_to_return(order, pieces)
        if Return.objects.filter(shop=self.shop).count() == before:
            return
        for payment in self._order(order).payments.all():
            self.provider.plan(fault, payment=payment.reference, seconds=0.2)
        self.decides_on_a_return(before, "approve")
        self.receives(before, 0)
        self.inspects(before, 0, kept)
        self.settles(before, way, False)
        self.a_worker_works(40)

    # --- money straight from an order -----------------------------------------------------

    @rule(order=which, line=which, pieces=several, way=ways, by_agent=st.booleans())
    def refunds_pieces(self, order: int, line: int, pieces: int, way: Way, by_agent: bool) -> None:
        chosen = self._order(order)
        wish = WantedPieces(self._line(chosen, line), pieces)
        self._refund(chosen, OrderRefund((wish,), way=self._way(chosen, way)), by_agent)

    @rule(order=which, line=which, amount=st.integers(1, 9000), way=ways)
    def cuts_a_price(self, order: int, line: int, amount: int, way: Way) -> None:
        chosen = self._order(order)
        wish = WantedPieces(self._line(chosen, line), 0, amount_minor=amount)
        self._refund(chosen, OrderRefund((wish,), way=self._way(chosen, way)), False, amount)

    @rule(order=which, amount=st.integers(1, 9000), by_agent=st.booleans())
    def says_sorry(self, order: int, amount: int, by_agent: bool) -> None:
        self._refund(self._order(order), OrderRefund(amount_minor=amount), by_agent, amount)

    @rule(order=which)
    def gives_shipping_back(self, order: int) -> None:
        chosen = self._order(order)
        charges = tuple(WantedCharge(charge.pk) for charge in chosen.charges.all())
        if charges:
            self._refund(chosen, OrderRefund(charges=charges), False)

    def _refund(
        self, order: Order, wish: OrderRefund, by_agent: bool, amount: int | None = None
    ) -> None:
        wanted = OrderRefund(wish.pieces, wish.charges, wish.amount_minor, "x", way=wish.way)
        staff = self.agent if by_agent else None
        made = self._try(lambda: money.refund_order(order.pk, wanted, by="staff:Ana", who=staff))
        if made is not None and amount is not None:
            assert made.gross_minor == amount

    # --- people and the bank --------------------------------------------------------------

    @precondition(lambda self: self.paper.decided)
    @rule(place=which, grants=st.booleans())
    def answers_an_approval(self, place: int, grants: bool) -> None:
        waiting = Approval.objects.filter(shop=self.shop, is_granted=None).order_by("asked_at")
        if (one := _nth(list(waiting), place)) is None:
            return
        answered = self._try(
            lambda: money.answer_approval(one.pk, grants=grants, staff=self.owner, by="staff:Olga")
        )
        if answered is not None and not grants:
            self.paper.taken_back.add(one.settlement_id)

    @precondition(lambda self: self.paper.decided)
    @rule(place=which, verb=st.sampled_from(["again", "another", "paid"]), way=ways)
    def mends_a_refund(self, place: int, verb: str, way: Way) -> None:
        ended = Refund.objects.filter(shop=self.shop).exclude(state=RefundState.SUCCEEDED)
        one = _nth(list(ended.order_by("started_at", "pk")), place)
        if one is None:
            return
        order = one.settlement.order
        verbs: dict[str, Callable[[], object]] = {
            "again": lambda: money.refund_again(one.pk, by="staff:Ana"),
            "another": lambda: money.send_another_way(
                one.pk, self._way(order, way), by="staff:Ana"
            ),
            "paid": lambda: money.pay_by_hand(
                one.pk, reference="VIR-1", paid_on=now().date(), by="staff:Ana"
            ),
        }
        self._try(verbs[verb])

    @precondition(lambda self: self.paper.decided)
    @rule(is_paid=st.booleans())
    def the_bank_works(self, is_paid: bool) -> None:
        made = self._try(lambda: bank.make_file(self.shop, staff=self.agent, by="staff:Ana"))
        for file in TransferFile.objects.filter(shop=self.shop, state="made"):
            self._try(lambda f=file: bank.release_file(f.pk, staff=self.owner, by="staff:Olga"))
        if made is None:
            return
        for transfer in Transfer.objects.filter(shop=self.shop, transfer_file=made):
            self._try(lambda t=transfer: bank.end_transfer(t.pk, is_paid=is_paid, by="staff:Ana"))

    @rule(place=which, ends=st.sampled_from(["won", "lost"]))
    def the_shopper_complains(self, place: int, ends: str) -> None:
        """At the bank: opened, or ended where it is open."""
        reference = _nth(sorted(self.paper.captured), place)
        was = self.paper.disputes.get(reference, "")
        if was in {"won", "lost"}:
            return
        status = ends if was == "open" else "open"
        case = self.provider.dispute(reference, self.paper.captured[reference], status)
        self.paper.disputes[reference] = status
        self.messages.append(("dispute.updated", case))

    # --- credit and documents -------------------------------------------------------------

    @rule(
        verb=st.sampled_from(["give", "hold", "use", "free", "spend"]), amount=st.integers(1, 4000)
    )
    def credit_moves(self, verb: str, amount: int) -> None:
        shopper, sum_ = self.orders[0].shopper, Money(amount, "EUR")
        held = Hold.objects.filter(shop=self.shop).order_by("-reference").first()
        name, held_as = f"cart-{self._fresh()}", held.reference if held else "none"
        verbs: dict[str, Callable[[], object]] = {
            "give": lambda: give_credit(
                shopper, sum_, is_cash=amount % 2 == 0, key=name, reason="kind", by="staff:Ana"
            ),
            "hold": lambda: reserve_credit(
                shopper, sum_, reference=name, expires_at=now() + timedelta(hours=1), by="till"
            ),
            "use": lambda: books.capture(self.shop.pk, held_as, reference=name, by="till"),
            "free": lambda: books.release(self.shop.pk, held_as, by="till"),
            "spend": lambda: spend_credit(shopper, sum_, reference=name, by="till"),
        }
        self._try(verbs[verb])

    @rule(order=which, line=which, amount=st.integers(1, 9000), pieces=st.integers(0, 1))
    def drafts_a_credit_note(self, order: int, line: int, amount: int, pieces: int) -> None:
        chosen = self._order(order)
        wish = DraftWish(self._line(chosen, line), amount, pieces)
        about = {"reason": "by phone", "sends_letter": False, "by": "staff:Claire"}
        self.drafts += self._try(lambda: write_draft(chosen.pk, [wish], **about)) is not None

    @precondition(lambda self: self.drafts)
    @rule(place=which, discards=st.sampled_from([False, False, True]))
    def ends_a_draft(self, place: int, discards: bool) -> None:
        drafts = CreditNoteDraft.objects.filter(shop=self.shop).order_by("made_at", "pk")
        if (draft := _nth(list(drafts), place)) is None:
            return
        if discards:
            self._try(lambda: discard_draft(draft.pk, by="staff:Claire"))
        else:
            self._try(lambda: issue_draft(draft.pk, version=draft.version, by="staff:Claire"))

    # --- the outside world, workers, time ---------------------------------------------------

    @rule(place=which, fault=st.sampled_from(FAULTS + LATE))
    def the_provider_will(self, place: int, fault: str) -> None:
        payment = _nth(sorted(self.paper.captured), place)
        self.provider.plan(fault, payment=payment, seconds=0.2)

    @rule()
    def the_provider_goes_on(self) -> None:
        ours = [item for item in self.provider.advance() if item["payment"] in self.paper.captured]
        self.messages += [("refund.updated", item) for item in ours]

    @precondition(lambda self: self.messages)
    @rule(places=st.lists(which, min_size=1, max_size=4))
    def messages_arrive(self, places: list[int]) -> None:
        """In any order, and more than once."""
        for place in places:
            self._deliver(place % len(self.messages))

    @rule(steps=st.integers(1, 12))
    def a_worker_works(self, steps: int) -> None:
        for _ in range(steps):
            for job in jobs.claim(1):
                jobs.perform(job)

    @rule()
    def a_worker_dies(self) -> None:
        """With a job in its hands; the lease runs out by itself."""
        jobs.claim(1)

    @rule(minutes=st.sampled_from([1, 2, 20, 600, 4000]))
    def time_passes(self, minutes: int) -> None:
        self.clock.shift(timedelta(minutes=minutes))
        check_due_refunds()

    # --- what must be true ------------------------------------------------------------------

    @invariant()
    def what_was_decided_stays(self) -> None:
        if not self.orders:
            return
        for row in Settlement.objects.filter(shop=self.shop).prefetch_related("lines"):
            told = {
                "order": row.order_id,
                "gross": row.gross_minor,
                "lines": {
                    ln.order_line_id: (ln.quantity, ln.gross_minor) for ln in row.lines.all()
                },
            }
            assert self.paper.decided.setdefault(row.pk, told) == told
            assert (row.called_off_at is not None) == (row.pk in self.paper.taken_back)

    @invariant()
    def no_line_and_no_order_gives_back_more_than_it_cost(self) -> None:
        pieces: Counter[UUID] = Counter()
        line_money: Counter[UUID] = Counter()
        order_money: Counter[UUID] = Counter()
        for one in self.paper.standing():
            order_money[one["order"]] += one["gross"]
            for line, (quantity, gross) in one["lines"].items():
                pieces[line] += quantity
                line_money[line] += gross
        for line, (bought, cost) in self.paper.sold.items():
            assert pieces[line] <= bought, f"line {line}: {pieces[line]} of {bought} pieces"
            assert line_money[line] <= cost, f"line {line}: {line_money[line]} of {cost}"
        for order, paid in self.paper.totals.items():
            assert order_money[order] <= paid, f"order {order}: {order_money[order]} of {paid}"

    @invariant()
    def no_payment_gives_back_more_than_it_took(self) -> None:
        if not self.orders:
            return
        live: Counter[UUID] = Counter()
        for refund in Refund.objects.filter(shop=self.shop, is_outside=False):
            self.seen[f"on the way:{refund.state}"] += 1
            if refund.state in LIVE:
                live[refund.payment_id] += refund.amount_minor
        for payment in Payment.objects.filter(shop=self.shop):
            captured = self.paper.captured[payment.reference]
            assert live[payment.pk] == payment.refund_reserved_minor <= captured
        gone, times = self._gone()
        for reference, captured in self.paper.captured.items():
            assert gone[reference] <= captured, f"{reference}: {gone[reference]} of {captured}"
        assert not [name for name, many in times.items() if many > 1], "paid twice"

    def teardown(self) -> None:
        """Let everything come to an end, then check it all, and leave an empty database."""
        try:
            if self.orders:
                self._drain()
                self._check_the_end()
        finally:
            self.travel.stop()
            call_command("flush", verbosity=0, interactive=False, inhibit_post_migrate=True)

    def _drain(self) -> None:
        for _ in range(ROUNDS):
            self.clock.shift(timedelta(minutes=16))
            self.the_provider_goes_on()
            for place in reversed(range(len(self.messages))):
                self._deliver(place)
            check_due_refunds()
            fetch_due_messages()
            self._work_all()
            self.the_bank_works(True)
        for refund in Refund.objects.filter(shop=self.shop, needs_person=True):
            if refund.is_in_doubt:
                self._look_for_oneself(refund)
        self._work_all()

    def _work_all(self) -> None:
        for _ in range(MANY_JOBS):
            claimed = jobs.claim(1)
            if not claimed:
                return
            jobs.perform(claimed[0])
        raise AssertionError("the jobs never come to an end")

    def _look_for_oneself(self, refund: Refund) -> None:
        """Somebody opens the provider's own pages and says what they see."""
        there = self._theirs().get(str(refund.pk), [])
        paid = [item for item in there if item["status"] == "succeeded"]
        reference = paid[0]["id"] if paid else ""
        money.end_doubt(refund.pk, was_paid=bool(paid), reference=reference, by="staff:Ana")

    def _check_the_end(self) -> None:
        for rma in Return.objects.filter(shop=self.shop):
            self.seen[f"return:{rma.money_state}"] += 1
        self.what_was_decided_stays()
        self.no_line_and_no_order_gives_back_more_than_it_cost()
        self.no_payment_gives_back_more_than_it_took()
        self._check_provider()
        broken = [breach for promise in PROMISES for breach in promise.breaches()]
        assert not broken, broken

    def _check_provider(self) -> None:
        """Refund by refund, the provider's own books say what ours say."""
        theirs = self._theirs()
        for refund in Refund.objects.filter(shop=self.shop).select_related("payment"):
            self.seen[f"{refund.provider}:{refund.state}"] += 1
            there = theirs.pop(str(refund.pk), [])
            live = [item for item in there if item["status"] != "failed"]
            if refund.provider != "simulator" or refund.handled_by:
                assert refund.handled_by or not there
                continue
            is_held = refund.payment.is_disputed and refund.state in UNDECIDED
            if refund.state == RefundState.SUCCEEDED:
                assert [(i["status"], i["amount"]) for i in live] == [
                    ("succeeded", refund.amount_minor)
                ], f"refund {refund.pk}: succeeded here, {there} there"
            elif refund.state in {RefundState.SENDING, RefundState.UNKNOWN}:
                assert is_held, f"refund {refund.pk} is still {refund.state}"
            elif refund.state in {RefundState.PENDING, RefundState.REQUIRES_ACTION}:
                assert live or refund.needs_person, f"refund {refund.pk}: {refund.state}"
            else:
                assert not live, f"refund {refund.pk}: {refund.state} here, {there} there"
        assert not theirs, f"the provider paid what we never asked for: {theirs}"

    # --- helpers ----------------------------------------------------------------------------

    def _try(self, do: Callable[[], Any]) -> Any:
        """What an action made; None where it was refused. Anything but a refusal is a bug."""
        try:
            made = do()
        except RebondError as refusal:
            self.seen[f"refused:{refusal.code}"] += 1
            return None
        return True if made is None else made

    def _order(self, place: int) -> Order:
        return self.orders[place % len(self.orders)]

    def _line(self, order: Order, place: int) -> UUID:
        found = list(order.lines.order_by("position").values_list("pk", flat=True))
        return found[place % len(found)]

    def _return(self, place: int) -> Return | None:
        found = Return.objects.filter(shop=self.shop).select_related("order").order_by("number")
        return _nth(list(found), place)

    def _way(self, order: Order, way: Way) -> ChosenWay:
        if way is Way.ORIGINAL:
            return ChosenWay()
        shopper = order.shopper
        if way is Way.BANK:
            account = bank.keep_account(shopper, holder="Camille", iban=IBAN, by="shopper")
            return ChosenWay(way, f"account:{account.pk}", yes=YES)
        word = "shopper" if way is Way.STORE_CREDIT else "new"
        return ChosenWay(way, f"{word}:{shopper.pk}?bonus=10", bonus_percent=10, yes=YES)

    def _fresh(self) -> str:
        self.count += 1
        return f"{self.number}-{self.count:04d}"

    def _deliver(self, place: int) -> None:
        about, item = self.messages[place]
        body = json.dumps({"id": f"evt-{self.number}-{place}", "type": about, "data": item})
        answer = self.client.post(
            reverse("payment_hook", args=[self.shop.slug, "simulator"]),
            body.encode(),
            content_type="application/json",
            headers={"Simulator-Signature": sign(SECRET, body.encode(), int(time.time()))},
        )
        assert answer.status_code == 204, answer.content

    def _theirs(self) -> dict[str, list[dict[str, Any]]]:
        """What the provider booked on our payments, by our own reference."""
        found: dict[str, list[dict[str, Any]]] = {}
        for item in self.provider.refunds():
            if item["payment"] in self.paper.captured:
                found.setdefault(item["merchant_reference"], []).append(item)
        return found

    def _gone(self) -> tuple[Counter[str], Counter[str]]:
        """By the provider's books: how much left each payment, how often for each refund."""
        gone: Counter[str] = Counter()
        times: Counter[str] = Counter()
        for reference, items in self._theirs().items():
            for item in items:
                if item["status"] != "failed":
                    gone[item["payment"]] += item["amount"]
                    times[reference] += 1
        return gone, times


def _nth(found: list[Any], place: int) -> Any:
    return found[place % len(found)] if found else None
