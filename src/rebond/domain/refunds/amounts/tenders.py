"""Which payment gives how much back, planned before any money is sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations

from rebond.domain.refunds.amounts.model import Action, Payment, Refused, Tender, Verb
from rebond.kernel.money import half_up

WHOLE_ORDER = "payment"
_MOST_TRIED = 12
_FEWEST_PARTS = frozenset({Verb.ALLOCATE_TENDERS, Verb.CANCEL_ORDER, Verb.CANCEL_ITEMS})


@dataclass
class Purse:
    """A payment and what is ``left`` of it, in the order's currency.

    ``charged`` is what was captured in ``currency``, the payment's own.
    """

    id: str
    method: str | None
    captured: int
    left: int
    charged: int
    currency: str
    refundable: bool = True
    partial: bool = True
    auto: bool = True

    @classmethod
    def of(cls, payment: Payment, captured: int, home: str) -> Purse:
        return cls(
            id=payment.id,
            method=payment.method,
            captured=captured,
            left=captured,
            charged=payment.captured,
            currency=payment.charge_currency or home,
            refundable=payment.refundable,
            partial=payment.partial_refundable,
            auto=payment.auto_refundable,
        )

    @classmethod
    def for_whole_order(cls, charged: int, home: str) -> Purse:
        return cls(WHOLE_ORDER, None, charged, charged, charged, home)

    def accepts(self, wanted: int) -> int:
        """How much of ``wanted`` this payment takes."""
        if not self.refundable or wanted <= 0:
            return 0
        part = min(self.left, wanted)
        return part if self.partial or part == self.left else 0

    def tender(self, amount: int) -> Tender:
        """The part in both currencies; the last part takes what is left of the charge."""
        before = self._in_charge(self.captured - self.left)
        after = self._in_charge(self.captured - self.left + amount)
        return Tender(self.id, amount, after - before, self.currency)

    def _in_charge(self, amount: int) -> int:
        return half_up(Fraction(amount * self.charged, self.captured)) if self.captured else 0


@dataclass(frozen=True)
class Plan:
    """Parts per payment in the order they are sent; ``unallocated`` found no place.

    ``manual`` parts are paid by a person; ``manual_extra`` is paid by a person and
    uses no payment's balance; ``outside`` goes to where the action says instead.
    """

    automatic: tuple[tuple[Purse, int], ...] = ()
    manual: tuple[tuple[Purse, int], ...] = ()
    manual_extra: int = 0
    outside: int = 0
    unallocated: int = 0
    preferred: frozenset[str] = field(default_factory=frozenset)

    @property
    def all_parts(self) -> tuple[tuple[Purse, int], ...]:
        return self.automatic + self.manual

    @property
    def manual_total(self) -> int:
        return sum(part for _, part in self.manual) + self.manual_extra

    @property
    def placed(self) -> int:
        return sum(part for _, part in self.all_parts) + self.manual_extra + self.outside


def plan(purses: Sequence[Purse], amount: int) -> Plan:
    """Place ``amount`` over the payments in their order."""
    return _plan(purses, amount, fewest=False, by_person=True)


def plan_for(action: Action, purses: Sequence[Purse], amount: int) -> Plan:
    """Place ``amount`` as the action wishes.

    Raises ``Refused("INVALID_INPUT")`` for a payment that the order does not have,
    ``Refused("AMOUNT_EXCEEDS_REMAINING")`` when the one payment named has too little left.
    Source: docs/reference/quote.md, "Which payment".
    """
    _check_named(action, purses)
    if action.payment_id is not None:
        _check_one(action.payment_id, purses, amount)
    if amount <= 0:
        return Plan()
    if not action.auto_refund:
        return _all_by_hand(action, purses, amount)
    eligible, preferred = _in_wanted_order(action, purses)
    fewest = action.verb in _FEWEST_PARTS and not preferred
    by_person = action.manual_refund is not False
    placed = _plan(eligible, amount, fewest=fewest, by_person=by_person)
    outside = extra = 0
    if _goes_elsewhere(action) and action.payment_id is None:
        outside = placed.unallocated
    elif action.manual_refund:
        extra = placed.unallocated
    return Plan(
        placed.automatic,
        placed.manual,
        manual_extra=extra,
        outside=outside,
        unallocated=placed.unallocated - outside - extra,
        preferred=preferred,
    )


def _check_named(action: Action, purses: Sequence[Purse]) -> None:
    known = {purse.id for purse in purses}
    for name in (action.payment_id, action.prefer_payment):
        if name is not None and name not in known:
            raise Refused("INVALID_INPUT", detail=f"the order has no payment {name}")


def _check_one(payment_id: str, purses: Sequence[Purse], amount: int) -> None:
    purse = next(purse for purse in purses if purse.id == payment_id)
    if not purse.refundable:
        raise Refused("NOT_REFUNDABLE", max_refundable_minor=0)
    if amount > purse.left:
        raise Refused("AMOUNT_EXCEEDS_REMAINING", max_refundable_minor=purse.left)


def _goes_elsewhere(action: Action) -> bool:
    return action.to not in (None, "original_payment", "original")


def _all_by_hand(action: Action, purses: Sequence[Purse], amount: int) -> Plan:
    if action.manual_refund is False:
        return Plan(unallocated=amount)
    eligible, _ = _in_wanted_order(action, purses)
    by_hand: list[tuple[Purse, int]] = []
    for purse in eligible:
        part = min(purse.left, amount)
        if purse.refundable and part > 0:
            by_hand.append((purse, part))
            amount -= part
    extra = amount if action.manual_refund else 0
    return Plan(manual=tuple(by_hand), manual_extra=extra, unallocated=amount - extra)


def _in_wanted_order(action: Action, purses: Sequence[Purse]) -> tuple[list[Purse], frozenset[str]]:
    """The eligible payments, the wanted ones first, and the ids that were wished for."""
    if action.payment_id is not None:
        return [p for p in purses if p.id == action.payment_id], frozenset({action.payment_id})
    if _goes_elsewhere(action):
        return [p for p in purses if action.to in (p.id, p.method)], frozenset()
    first = [p for p in purses if p.id == action.prefer_payment]
    for name in action.tender_order:
        by_id = [p for p in purses if p.id == name]
        first += [p for p in by_id or [p for p in purses if p.method == name] if p not in first]
    preferred = frozenset(p.id for p in first)
    if action.eligible_tenders_only and action.tender_order:
        named = set(action.tender_order)
        return [p for p in first if {p.id, p.method} & named], preferred
    return first + [p for p in purses if p not in first], preferred


def _plan(purses: Sequence[Purse], amount: int, *, fewest: bool, by_person: bool) -> Plan:
    automatic = _place([p for p in purses if p.auto], amount, fewest=fewest)
    rest = amount - sum(part for _, part in automatic)
    by_hand = _place([p for p in purses if not p.auto], rest, fewest=fewest) if by_person else []
    rest -= sum(part for _, part in by_hand)
    return Plan(tuple(automatic), tuple(by_hand), unallocated=rest)


def _place(purses: Sequence[Purse], amount: int, *, fewest: bool) -> list[tuple[Purse, int]]:
    """The plan of the verb; if it leaves something, the full-only payments that fit best."""
    greedy = _fewest_parts(purses, amount) if fewest else _one_after_another(purses, amount)
    best, most = greedy, sum(part for _, part in greedy)
    full_only = [p for p in purses if not p.partial and p.accepts(p.left) and p.left <= amount]
    if most == amount or not full_only or len(full_only) > _MOST_TRIED:
        return best
    for size in range(len(full_only) + 1):
        for chosen in combinations(full_only, size):
            if sum(p.left for p in chosen) > amount:
                continue
            usable = [p for p in purses if p.partial or p in chosen]
            held = _with_all_of(chosen, usable, amount)
            if sum(part for _, part in held) > most:
                best, most = held, sum(part for _, part in held)
    return best


def _one_after_another(purses: Sequence[Purse], amount: int) -> list[tuple[Purse, int]]:
    placed = []
    for purse in purses:
        part = purse.accepts(amount)
        if part:
            placed.append((purse, part))
            amount -= part
    return placed


def _fewest_parts(purses: Sequence[Purse], amount: int) -> list[tuple[Purse, int]]:
    """An equal payment first, then the smallest that is enough, then the largest."""
    unused = [p for p in purses if p.accepts(p.left)]
    placed = []
    while amount and unused:
        purse = _best_fit(unused, amount)
        if purse is None:
            break
        unused.remove(purse)
        part = purse.accepts(amount)
        placed.append((purse, part))
        amount -= part
    return placed


def _best_fit(unused: Sequence[Purse], amount: int) -> Purse | None:
    same = [p for p in unused if p.left == amount]
    bigger = [p for p in unused if p.left > amount and p.partial]
    smaller = [p for p in unused if p.left < amount]
    if same:
        return same[0]
    if bigger:
        return min(bigger, key=lambda p: p.left)
    return max(smaller, key=lambda p: p.left) if smaller else None


def _with_all_of(
    chosen: Sequence[Purse], usable: Sequence[Purse], amount: int
) -> list[tuple[Purse, int]]:
    """All of ``chosen`` in full, the others as far as the rest goes, in the given order."""
    rest = amount - sum(p.left for p in chosen)
    placed = []
    for purse in usable:
        part = purse.left if purse in chosen else purse.accepts(rest)
        if part:
            placed.append((purse, part))
            rest -= 0 if purse in chosen else part
    return placed
