"""Whatever happens in whatever order: the books balance and nobody gets more than there is."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.world import small_shop

from rebond.domain.ledger.actions import (
    Terms,
    capture,
    cash_out,
    release,
    reserve,
    set_terms,
    take_back,
)
from rebond.domain.ledger.books import account_of
from rebond.domain.ledger.due import due_lots
from rebond.domain.ledger.errors import CashOutExceedsCash
from rebond.domain.ledger.jobs import expire_due
from rebond.domain.ledger.kinds import AccountKind, Part
from rebond.domain.ledger.models import Account, Entry, Hold, HoldPart, Lot, Transaction
from rebond.domain.ledger.queries import liability
from rebond.domain.ledger.refunding import Owed
from rebond.domain.shoppers.models import Shopper
from rebond.domain.store_credit.actions import (
    give_credit,
    refund_back_to_credit,
    refund_into_credit,
    spend_credit,
)
from rebond.kernel.clock import now
from rebond.kernel.errors import RebondError
from rebond.kernel.money import Money

pytestmark = pytest.mark.django_db

minors = st.integers(1, 2500)
which = st.integers(0, 5)
STEPS = st.one_of(
    st.tuples(st.just("refund"), minors, st.sampled_from([0, 10, 33])),
    st.tuples(st.just("gesture"), minors, st.just(0)),
    st.tuples(st.just("spend"), minors, st.just(0)),
    st.tuples(st.just("reserve"), minors, st.just(0)),
    st.tuples(st.just("capture"), minors, which),
    st.tuples(st.just("capture_all"), st.just(0), which),
    st.tuples(st.just("release"), st.just(0), which),
    st.tuples(st.just("restore"), minors, which),
    st.tuples(st.just("carry"), minors, which),
    st.tuples(st.just("cash_out"), minors, st.just(0)),
    st.tuples(st.just("take_back"), minors, st.just(0)),
    st.tuples(st.just("wait"), st.integers(1, 40), st.just(0)),
)


class Life:
    """One shopper's credit, and another shopper to whom spends are carried over."""

    def __init__(self, clock):
        self.clock = clock
        self.shop = small_shop(f"shop-{uuid4().hex[:12]}")
        set_terms(self.shop, Terms(bonus_days=30, cash_days=400), by="test")
        self.ann, self.bob = (Shopper.objects.create(shop=self.shop, key=k) for k in "ab")
        self.account = account_of(self.shop.pk, AccountKind.STORE_CREDIT, self.ann.pk, "EUR")
        self.began = now()
        self.holds, self.spends = [], []

    def take(self, step):
        name, minor, more = step
        try:
            getattr(self, name)(minor, more)
        except RebondError as refusal:
            assert refusal.code in EXPECTED, refusal

    def refund(self, minor, percent):
        refund_into_credit(self.owed(minor, "card"), self.ann, bonus_percent=percent)

    def gesture(self, minor, _):
        give_credit(self.ann, eur(minor), is_cash=False, key=key(), reason="sorry", by="test")

    def spend(self, minor, _):
        spent = spend_credit(self.ann, eur(minor), reference=key(), by="test")
        self.spends.append(spent.reference)

    def reserve(self, minor, _):
        until = now() + timedelta(days=5)
        reference = key()
        reserve(self.account.pk, eur(minor), reference=reference, expires_at=until, by="test")
        self.holds.append(reference)

    def capture(self, minor, at):
        if self.holds:
            spent = capture(self.shop.pk, one(self.holds, at), eur(minor), reference=key(), by="t")
            self.spends.append(spent.reference)

    def capture_all(self, _, at):
        if self.holds:
            spent = capture(self.shop.pk, one(self.holds, at), reference=key(), by="t")
            self.spends.append(spent.reference)

    def release(self, _, at):
        if self.holds:
            release(self.shop.pk, one(self.holds, at), by="test")

    def restore(self, minor, at):
        if self.spends:
            refund_back_to_credit(self.owed(minor, one(self.spends, at)))

    def carry(self, minor, at):
        if self.spends:
            owed = self.owed(minor, one(self.spends, at))
            refund_into_credit(owed, self.bob, bonus_percent=10)

    def cash_out(self, minor, _):
        lots = Lot.objects.filter(shop=self.shop, account=self.account)
        cash = sum(lot.free(Part.CASH) for lot in lots if not lot.is_over(Part.CASH, now()))
        try:
            cash_out(self.account.pk, eur(minor), reference=key(), reason="asked", by="test")
        except CashOutExceedsCash:
            assert minor > cash
            return
        assert minor <= cash

    def take_back(self, minor, _):
        take_back(self.account.pk, eur(minor), key=key(), reason="wrong", by="test")

    def wait(self, days, _):
        self.clock.shift(timedelta(days=days))
        expire_due()
        assert not due_lots(now())

    def owed(self, minor, reference):
        return Owed(self.shop.pk, uuid4(), eur(minor), reference, "test")


EXPECTED = {
    "insufficient_balance",
    "nothing_to_restore",
    "hold_over",
}


def eur(minor):
    return Money(minor, "EUR")


def key():
    return uuid4().hex


def one(things, at):
    return things[at % len(things)]


def total(rows, column):
    return rows.aggregate(sum=Sum(column))["sum"] or 0


def check(life):
    shop = life.shop
    entries = Entry.objects.filter(shop=shop)
    for row in entries.order_by().values("transaction", "currency").annotate(s=Sum("amount_minor")):
        assert row["s"] == 0
    for account in Account.objects.filter(shop=shop, kind=AccountKind.STORE_CREDIT):
        lots = Lot.objects.filter(shop=shop, account=account)
        left = total(lots, "cash_left_minor") + total(lots, "bonus_left_minor")
        held = total(lots, "cash_held_minor") + total(lots, "bonus_held_minor")
        booked = total(entries.filter(account=account), "amount_minor")
        assert account.balance_minor == left == booked >= 0
        assert account.held_minor == held <= account.balance_minor
        holds = Hold.objects.filter(shop=shop, account=account)
        assert held == sum(hold.left_minor for hold in holds)
        for part in Part:
            of_part = entries.filter(account=account, part=part)
            assert total(of_part, "amount_minor") == total(lots, f"{part}_left_minor")
    parts = HoldPart.objects.filter(shop=shop)
    gone = total(Hold.objects.filter(shop=shop), "captured_minor")
    gone += total(Hold.objects.filter(shop=shop), "released_minor")
    assert total(parts, "gone_minor") == gone
    for spend in Transaction.objects.filter(shop=shop, kind="used"):
        back = Transaction.objects.filter(shop=shop, reverses=spend)
        assert total(back, "amount_minor") <= spend.amount_minor
    for report in liability(shop, life.began - timedelta(days=1), now() + timedelta(seconds=1)):
        assert sum(minor for _, minor in report.rows[:-1]) == report.closing
        owed = Account.objects.filter(shop=shop, kind=AccountKind.STORE_CREDIT)
        assert report.closing == total(owed, "balance_minor")


@settings(max_examples=80, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(STEPS, min_size=4, max_size=16))
def test_the_books_balance_whatever_happens(steps):
    with time_machine.travel(now(), tick=True) as clock:
        life = Life(clock)
        life.refund(2000, 10)
        for step in steps:
            life.take(step)
        check(life)


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(
    first=minors,
    percent=st.integers(0, 100),
    amounts=st.lists(st.integers(1, 999), min_size=1, max_size=5),
)
def test_a_spend_that_comes_back_whole_is_as_if_it_never_was(first, percent, amounts):
    with time_machine.travel(now(), tick=True) as clock:
        life = Life(clock)
        life.refund(first, percent)
        before = list(
            Lot.objects.filter(shop=life.shop).values_list("cash_left_minor", "bonus_left_minor")
        )
        whole = first + first * percent // 100
        spend_credit(life.ann, eur(whole), reference="o", by="test")
        left = whole
        for minor in [*amounts, whole]:
            part = min(minor, left)
            if part:
                refund_back_to_credit(life.owed(part, "o"))
            left -= part

        after = Lot.objects.filter(shop=life.shop)
        assert list(after.values_list("cash_left_minor", "bonus_left_minor")) == before


@settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(minor=st.integers(100, 5000), rounds=st.integers(1, 4))
def test_going_round_in_circles_earns_one_bonus(minor, rounds):
    with time_machine.travel(now(), tick=True) as clock:
        life = Life(clock)
        life.refund(minor, 10)
        whole = minor + minor // 10
        for turn in range(rounds):
            owner, other = (life.ann, life.bob) if turn % 2 == 0 else (life.bob, life.ann)
            spend_credit(owner, eur(whole), reference=f"o{turn}", by="test")
            refund_into_credit(life.owed(whole, f"o{turn}"), other, bonus_percent=10)

        balances = Account.objects.filter(shop=life.shop, kind=AccountKind.STORE_CREDIT)
        assert total(balances, "balance_minor") == whole
