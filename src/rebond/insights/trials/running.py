"""Judges one piece of the past after the other and adds it to what was counted before."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from rebond.domain.policies.engine import Decision, Policy, decide, read_policy
from rebond.domain.policies.frozen import thawed
from rebond.domain.policies.models import PolicyVersion
from rebond.domain.policies.queries import policy_in_force, policy_of
from rebond.domain.shops.models import Shop
from rebond.insights.costs.queries import terms_of
from rebond.insights.trials.comparing import Case, OrderTally, Tally, outcome_of
from rebond.insights.trials.gathering import (
    Bought,
    Piece,
    Span,
    Wishes,
    end_of_piece,
    orders_in,
    piece_of_orders,
    piece_of_returns,
    returns_in,
)
from rebond.insights.trials.models import Base, Stage, Trial


class Tallies:
    """All that a trial counts: returns, orders, made-up requests."""

    def __init__(self, kept: Mapping[str, Any]) -> None:
        self.returns = Tally(kept.get("returns"))
        self.orders = OrderTally(kept.get("orders"))
        self.simulated = Tally(kept.get("simulated"))
        self.by_law: int = kept.get("by_law", 0)
        self.undecided: int = kept.get("undecided", 0)

    def absorb(self, kept: Mapping[str, Any]) -> None:
        """Count what another process counted."""
        other = Tallies(kept)
        self.returns.absorb(other.returns)
        self.orders.absorb(other.orders)
        self.simulated.absorb(other.simulated)
        self.by_law += other.by_law
        self.undecided += other.undecided

    @property
    def lines(self) -> int:
        """How many lines were looked at."""
        return self.returns.lines + self.orders.lines + self.simulated.lines

    def plain(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "returns": self.returns.plain(),
            "orders": self.orders.plain(),
            "simulated": self.simulated.plain(),
            "by_law": self.by_law,
            "undecided": self.undecided,
        }


@dataclass
class Bases:
    """What a trial is held against, when nobody decided or another policy is asked for."""

    in_force: Policy
    only_in_force: bool
    since: list[datetime] = field(default_factory=list)
    versions: list[Policy] = field(default_factory=list)

    @classmethod
    def of(cls, shop: Shop, base: str, at: datetime) -> Bases:
        """The versions of ``shop`` that held until ``at``, read once."""
        rows = PolicyVersion.objects.filter(shop=shop, published_at__lte=at)
        held = list(rows.order_by("published_at", "number"))
        return cls(
            policy_in_force(shop, at),
            base == Base.IN_FORCE,
            [row.published_at for row in held if row.published_at],
            [policy_of(row) for row in held],
        )

    def for_order(self, bought_at: datetime) -> Policy:
        """The version in force when something was bought; the one of today before the first."""
        if self.only_in_force or not self.since or bought_at < self.since[0]:
            return self.in_force
        return self.versions[bisect_right(self.since, bought_at) - 1]


class Run:
    """One worker's go at a trial: the policies, read once, and the tallies so far."""

    def __init__(self, trial: Trial, at: datetime, today: date) -> None:
        self.shop = trial.shop
        self.trial = trial
        self.at = at
        self.today = today
        self.span = Span.of(trial.shop, trial.first_day, trial.last_day)
        self.tried = read_policy(trial.document, version=trial.number)
        self.bases = Bases.of(trial.shop, trial.base, at)
        self.tallies = Tallies(trial.tally)
        self.wishes = Wishes(trial.shop) if trial.with_simulated else None
        self.transport_percent = terms_of(trial.shop).rates.transport_percent

    def begin_afresh(self) -> None:
        """Count from nothing again."""
        self.tallies = Tallies({})

    def count(self) -> int:
        """How many rows there are to look at."""
        rows = returns_in(self.shop, self.span).count()
        return rows + (orders_in(self.shop, self.span).count() if self._looks_at_orders else 0)

    def stages(self, first: str) -> list[str]:
        """What is still to be looked at, from ``first`` on."""
        stages = [Stage.RETURNS.value]
        if self._looks_at_orders:
            stages.append(Stage.ORDERS.value)
        return stages[stages.index(first) :] if first in stages else []

    def end_of_piece(self, stage: str, cursor: Sequence[str]) -> list[str] | None:
        """Where the piece after ``cursor`` ends; None for the last one of its stage."""
        return end_of_piece(self.shop, self.span, cursor, of_orders=stage == Stage.ORDERS)

    def judge(
        self, stage: str, cursor: Sequence[str], until: Sequence[str] | None = None
    ) -> Piece | None:
        """Judge the next piece of ``stage``, up to ``until``; None where none is left."""
        if stage == Stage.RETURNS:
            piece = piece_of_returns(self.shop, self.span, cursor, until)
            if piece is not None:
                self._judge_returns(piece)
        else:
            piece = piece_of_orders(self.shop, self.span, cursor, until)
            if piece is not None:
                self._judge_orders(piece)
        return piece

    @property
    def _looks_at_orders(self) -> bool:
        return self.trial.with_orders or self.trial.with_simulated

    def _judge_returns(self, piece: Piece) -> None:
        self.tallies.by_law += piece.by_law
        for past in piece.cases:
            case = past.case
            self.tallies.undecided += past.frozen is None
            before = self._before(case, past.frozen, past.bought_at)
            self._add(self.tallies.returns, case, before, decide(self.tried, case.facts))

    def _judge_orders(self, piece: Piece) -> None:
        for bought in piece.cases:
            if self.trial.with_orders:
                self._judge_order(bought)
            if self.wishes is not None:
                case = self.wishes.of(bought)
                base = self.bases.for_order(bought.bought_at)
                decision = decide(self.tried, case.facts)
                self._add(self.tallies.simulated, case, decide(base, case.facts), decision)

    def _judge_order(self, bought: Bought) -> None:
        case = bought.case
        base = decide(self.bases.for_order(bought.bought_at), case.facts)
        tried = decide(self.tried, case.facts)
        self.tallies.orders.add(case, outcome_of(base, case), outcome_of(tried, case), self.today)

    def _before(
        self, case: Case, frozen: Mapping[str, Any] | None, bought_at: datetime
    ) -> Decision:
        if frozen is None or self.bases.only_in_force:
            return decide(self.bases.for_order(bought_at), case.facts)
        return thawed(frozen, case.facts)

    def _add(self, tally: Tally, case: Case, before: Decision, decision: Decision) -> None:
        was, would_be = (
            outcome_of(one, case, self.transport_percent) for one in (before, decision)
        )
        tally.add(case, was, would_be, decision)
