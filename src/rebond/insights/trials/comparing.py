"""Holds two decisions on one request against each other, and adds up many of them.  (pure)"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from rebond.domain.policies.engine import Decision
from rebond.domain.policies.facts import GOODS_INSTEAD, GRAVITY, Facts, LineFacts, Terms, Verdict
from rebond.domain.policies.rules.release import PAYS_AT

MOST_VALUES = 60
MOST_EXAMPLES = 12
OTHERS = "…"
COUNTED = (
    "offers_credit",
    "offers_gift_card",
    "offers_goods",
    "offers_discount",
    "offers_donation",
    "keeps_goods",
    "shop_pays_parcel",
)
SUMS = ("fees", "stays", "bonus", "way_back")
SEGMENTS = ("month", "country", "category", "reason", "customer")
NEVER = 10**7


class Outcome(NamedTuple):
    """What one decision comes to.

    ``refund_minor`` is what would be paid if everybody who has to look says yes; ``declined``
    counts refused lines. ``pays`` is the place of the paying event, later is higher.
    ``stays_minor`` is what shoppers wished to have as credit, card or other goods and would be
    offered so, ``bonus_minor`` what comes on top of it, ``way_back_minor`` what the parcel costs
    the shop by its own rates. ``grade_cut`` adds up what grades of an inspection would keep, in
    percent.
    """

    verdict: str
    declined: int
    refund_minor: int
    fee_minor: int
    offers_money: bool
    offers_credit: bool
    keeps_goods: bool
    shop_pays_parcel: bool
    pays: int
    wait_days: int
    last_day: int
    bonus_percent: int
    bonus_flat_minor: int
    offers_gift_card: bool
    offers_goods: bool
    offers_discount: bool
    offers_donation: bool
    stays_minor: int = 0
    bonus_minor: int = 0
    way_back_minor: int = 0
    grade_cut: int = 0

    @property
    def rank(self) -> tuple[Any, ...]:
        """What a shopper would call the decision itself; more is kinder."""
        gravity = GRAVITY[Verdict(self.verdict)]
        return (
            -self.declined,
            -gravity,
            self.offers_money,
            self.refund_minor,
            self.keeps_goods,
            self.shop_pays_parcel,
        )

    @property
    def terms_rank(self) -> tuple[Any, ...]:
        """What remains where the decision is the same: time, pace and bonus."""
        return (
            -self.pays,
            -self.wait_days,
            self.last_day,
            self.bonus_percent,
            self.bonus_flat_minor,
            -self.grade_cut,
        )


@dataclass(frozen=True)
class Case:
    """One request of the past, or a made-up one. ``number`` names its return or order."""

    number: str
    facts: Facts
    currency: str
    shipping_minor: int = 0


def outcome_of(decision: Decision, case: Case, transport_percent: int = 0) -> Outcome:
    """What ``decision`` comes to for ``case``; a parcel costs that share of its goods."""
    terms, lines = decision.terms, case.facts.lines
    refused = decision.declined_lines
    if decision.verdict is Verdict.DECLINE or "" in refused:
        refused = frozenset(line.key for line in lines)
    taken = [line for line in lines if line.key not in refused]
    fee = _fee(terms, taken)
    goods = sum(line.value_minor for line in taken)
    whole = case.facts.is_whole_order and len(taken) == len(lines) and terms.refunds_shipping
    outcomes = terms.outcomes or ("refund",)
    stays, bonus = _stays(terms, taken)
    shop_pays = not terms.shopper_pays_return and bool(taken)
    is_sent = shop_pays and not terms.keeps_goods
    return Outcome(
        decision.verdict.value,
        len(lines) - len(taken),
        max(0, goods - fee) + (case.shipping_minor if whole else 0),
        min(fee, goods),
        "refund" in outcomes,
        _is_offered(terms, {"store_credit"}),
        bool(terms.keeps_goods) and bool(taken),
        shop_pays,
        PAYS_AT.index(terms.pays_at) if terms.pays_at else len(PAYS_AT),
        terms.wait_days or 0,
        terms.last_day.toordinal() if terms.last_day else NEVER,
        terms.credit_bonus_percent or 0,
        terms.credit_bonus_minor or 0,
        _is_offered(terms, {"gift_card"}),
        _is_offered(terms, GOODS_INSTEAD),
        any((terms.keep_percents or {}).values()),
        bool(terms.charities),
        stays,
        bonus,
        goods * transport_percent // 100 if is_sent else 0,
        sum(100 - share for by in (terms.grade_shares or {}).values() for share in by.values()),
    )


def _stays(terms: Terms, lines: Sequence[LineFacts]) -> tuple[int, int]:
    """What stays at the shop because shoppers wish for something else than money; the bonus."""
    stays = credit = bonus = flat = 0
    for line in lines:
        if line.outcome == "refund":
            continue
        offered = (terms.line_outcomes or {}).get(line.key, GOODS_INSTEAD)
        if line.outcome in offered:
            stays += line.value_minor
            if line.outcome == "store_credit":
                credit += line.value_minor
                percents = terms.line_bonus_percents or {}
                bonus += line.value_minor * percents.get(line.key, 0) // 100
                flat = max(flat, (terms.line_bonuses_minor or {}).get(line.key, 0))
    return stays, min(bonus + flat, credit)


def _is_offered(terms: Terms, outcomes: Set[str]) -> bool:
    """Whether one of ``outcomes`` may be chosen for at least one article."""
    return any(outcomes & set(offered) for offered in (terms.line_outcomes or {}).values())


class Tally:
    """What many comparisons come to. Turns into plain values and back, so it can be put aside.

    Each case stands in one value of every segment, under its most valuable line, so the values
    of a segment add up to the whole.
    """

    def __init__(self, kept: Mapping[str, Any] | None = None) -> None:
        kept = kept or {}
        self.whole: dict[str, Any] = kept.get("whole") or _cell()
        self.segments: dict[str, dict[str, Any]] = {
            name: dict(kept.get("segments", {}).get(name, {})) for name in SEGMENTS
        }
        self.verdicts: dict[str, int] = dict(kept.get("verdicts", {}))
        self.counts: dict[str, list[int]] = {
            name: list(pair) for name, pair in kept.get("counts", {}).items()
        }
        self.sums: dict[str, dict[str, list[int]]] = {
            name: dict(kept.get("sums", {}).get(name, {})) for name in SUMS
        }
        self.fired: dict[str, int] = dict(kept.get("fired", {}))
        self.set_aside: dict[str, int] = dict(kept.get("set_aside", {}))
        self.examples: dict[str, list[list[Any]]] = {
            way: [list(one) for one in kept.get("examples", {}).get(way, [])]
            for way in ("kinder", "stricter")
        }
        self.lines: int = kept.get("lines", 0)

    def add(self, case: Case, base: Outcome, tried: Outcome, decision: Decision) -> None:
        """Count one case; ``decision`` is that of the tried policy."""
        way = _way(base, tried)
        facts = case.facts
        first = max(facts.lines, key=_value) if len(facts.lines) > 1 else facts.lines[0]
        self.lines += len(facts.lines)
        _count(self.whole, way, case.currency, base, tried)
        for name, value in zip(SEGMENTS, _values(facts, first), strict=True):
            cells = self.segments[name]
            if value not in cells:
                value = value if len(cells) < MOST_VALUES else OTHERS
                cells.setdefault(value, _cell())
            _count(cells[value], way, case.currency, base, tried)
        self._count_parts(case.currency, base, tried)
        for used in decision.applied:
            self.fired[used] = self.fired.get(used, 0) + 1
        for finding in {found.id for found in decision.overruled}:
            self.set_aside[finding] = self.set_aside.get(finding, 0) + 1
        if way in self.examples:
            self._keep_example(self.examples[way], case, base, tried)

    def absorb(self, other: Tally) -> None:
        """Count what ``other`` counted, as if its cases had come here one by one."""
        _add_cell(self.whole, other.whole)
        for name in SEGMENTS:
            cells = self.segments[name]
            for value, cell in other.segments[name].items():
                known = value if value in cells or len(cells) < MOST_VALUES else OTHERS
                _add_cell(cells.setdefault(known, _cell()), cell)
        _add_pairs(self.counts, other.counts)
        for name in SUMS:
            _add_pairs(self.sums[name], other.sums[name])
        for mine, theirs in (
            (self.verdicts, other.verdicts),
            (self.fired, other.fired),
            (self.set_aside, other.set_aside),
        ):
            for key, count in theirs.items():
                mine[key] = mine.get(key, 0) + count
        for way, kept in self.examples.items():
            _keep_heaviest(kept, other.examples[way])
        self.lines += other.lines

    def plain(self) -> dict[str, Any]:
        """As JSON values."""
        return dict(vars(self))

    def _count_parts(self, currency: str, base: Outcome, tried: Outcome) -> None:
        step = f"{base.verdict}>{tried.verdict}"
        self.verdicts[step] = self.verdicts.get(step, 0) + 1
        for name in COUNTED:
            pair = self.counts.setdefault(name, [0, 0])
            pair[0] += getattr(base, name)
            pair[1] += getattr(tried, name)
        for name, before, after in (
            ("fees", base.fee_minor, tried.fee_minor),
            ("stays", base.stays_minor, tried.stays_minor),
            ("bonus", base.bonus_minor, tried.bonus_minor),
            ("way_back", base.way_back_minor, tried.way_back_minor),
        ):
            if before or after:
                _add(self.sums[name].setdefault(currency, [0, 0]), (before, after))

    def _keep_example(
        self, kept: list[list[Any]], case: Case, base: Outcome, tried: Outcome
    ) -> None:
        weight = abs(tried.refund_minor - base.refund_minor)
        if len(kept) >= MOST_EXAMPLES and weight < kept[-1][0]:
            return
        asked = case.facts.asked_on.isoformat()
        amounts = [base.refund_minor, tried.refund_minor]
        row = [weight, case.number, asked, base.verdict, tried.verdict, *amounts, case.currency]
        _keep_heaviest(kept, [row])


class OrderTally:
    """Orders nobody sent back: until when they could be, then and by the tried policy."""

    def __init__(self, kept: Mapping[str, Any] | None = None) -> None:
        kept = kept or {}
        self.orders: int = kept.get("orders", 0)
        self.lines: int = kept.get("lines", 0)
        self.longer: int = kept.get("longer", 0)
        self.shorter: int = kept.get("shorter", 0)
        self.days: int = kept.get("days", 0)
        self.open_today: list[int] = list(kept.get("open_today", [0, 0]))
        self.excluded: list[int] = list(kept.get("excluded", [0, 0]))

    def add(self, case: Case, base: Outcome, tried: Outcome, today: date) -> None:
        """Count one order. Without a last day it stays open for good."""
        self.orders += 1
        self.lines += len(case.facts.lines)
        self.longer += tried.last_day > base.last_day
        self.shorter += tried.last_day < base.last_day
        if NEVER not in (tried.last_day, base.last_day):
            self.days += tried.last_day - base.last_day
        now = today.toordinal()
        for place, one in enumerate((base, tried)):
            can_come = one.last_day >= now and one.declined < len(case.facts.lines)
            self.open_today[place] += can_come
            self.excluded[place] += one.declined

    def absorb(self, other: OrderTally) -> None:
        """Count what ``other`` counted too."""
        for name in ("orders", "lines", "longer", "shorter", "days"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        _add(self.open_today, other.open_today)
        _add(self.excluded, other.excluded)

    def plain(self) -> dict[str, Any]:
        """As JSON values."""
        return dict(vars(self))


def rules_that_never_fired(ids: Iterable[str], *fired: Mapping[str, int]) -> list[str]:
    """Those of ``ids`` that were about no line of any case, in their order."""
    return [name for name in ids if not any(counted.get(name) for counted in fired)]


def _way(base: Outcome, tried: Outcome) -> str:
    if tried.rank != base.rank:
        return "kinder" if tried.rank > base.rank else "stricter"
    if tried.terms_rank != base.terms_rank:
        return "terms"
    return "same"


def _cell() -> dict[str, Any]:
    return {"cases": 0, "kinder": 0, "stricter": 0, "terms": 0, "money": {}}


def _count(cell: dict[str, Any], way: str, currency: str, base: Outcome, tried: Outcome) -> None:
    cell["cases"] += 1
    if way != "same":
        cell[way] += 1
    money = cell["money"]
    if currency not in money:
        money[currency] = [0, 0]
    money[currency][0] += base.refund_minor
    money[currency][1] += tried.refund_minor


def _add_cell(mine: dict[str, Any], theirs: Mapping[str, Any]) -> None:
    for name in ("cases", "kinder", "stricter", "terms"):
        mine[name] += theirs[name]
    _add_pairs(mine["money"], theirs["money"])


def _add_pairs(mine: dict[str, list[int]], theirs: Mapping[str, Sequence[int]]) -> None:
    for key, pair in theirs.items():
        _add(mine.setdefault(key, [0, 0]), pair)


def _add(mine: list[int], theirs: Sequence[int]) -> None:
    mine[0] += theirs[0]
    mine[1] += theirs[1]


def _keep_heaviest(kept: list[list[Any]], more: Sequence[list[Any]]) -> None:
    """The cases whose amount changes most, those with the smaller number first."""
    kept.extend(more)
    kept.sort(key=lambda row: (-row[0], row[1]))
    del kept[MOST_EXAMPLES:]


def _values(facts: Facts, first: LineFacts) -> tuple[str, ...]:
    return (
        facts.asked_on.isoformat()[:7],
        facts.country,
        first.category,
        first.reason,
        "business" if facts.is_business else "consumer",
    )


def _value(line: LineFacts) -> int:
    return line.value_minor


def _fee(terms: Terms, lines: Sequence[LineFacts]) -> int:
    percents = terms.fee_percents
    kept = terms.fee_minor or 0
    if percents:
        kept += sum(line.value_minor * percents.get(line.key, 0) // 100 for line in lines)
    return kept if terms.fee_cap_minor is None else min(kept, terms.fee_cap_minor)
