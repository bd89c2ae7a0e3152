"""Adds up what one return costs the shop, each part with where it comes from.  (pure)

Amounts are minor units of one currency. What is known counts as it is; what is not is estimated
as a share of the price or from minutes and a wage, and says so. Where nothing of a part can be
said, the part is not there: a nought would look like knowledge.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from rebond.kernel.money import half_up

PARTS = ("transport", "handling", "refurbishing", "lost_value", "kept")
UNDECIDED = frozenset({"quarantine", "missing"})


@dataclass(frozen=True)
class Rates:
    """How the shop estimates. Percents are of the price of the goods.

    ``wage_minor`` is one hour; 0: labour is estimated by ``handling_percent``.
    ``minutes_per_piece`` is what receiving and looking at one piece takes.
    ``lost_percent`` maps where a piece goes to the part of its price that is lost.
    """

    transport_percent: int = 15
    handling_percent: int = 7
    refurbishing_percent: int = 3
    wage_minor: int = 0
    minutes_per_piece: int = 6
    lost_percent: Mapping[str, int] = field(default_factory=lambda: dict(USUAL_LOSS))


USUAL_LOSS: dict[str, int] = {
    "restock": 0,
    "refurbish": 15,
    "resell": 40,
    "donate": 100,
    "recycle": 100,
    "destroy": 100,
    "return_to_vendor": 0,
}


@dataclass(frozen=True)
class Piece:
    """Pieces of one article that came back: what one was sold for, and where they go."""

    quantity: int
    price_minor: int
    disposition: str = ""


@dataclass(frozen=True)
class Work:
    """One work order that has ended."""

    minutes: int
    parts_minor: int


@dataclass(frozen=True)
class Facts:
    """What is known of one return.

    ``labels_minor`` is what carriers charged for its labels, None where no price is known.
    ``shop_pays_transport`` says who pays the way back where there is no label. ``kept_minor`` is
    what was not refunded for the state of the goods.
    """

    pieces: Sequence[Piece]
    works: Sequence[Work] = ()
    labels_minor: int | None = None
    shop_pays_transport: bool = False
    kept_minor: int = 0


@dataclass(frozen=True)
class Part:
    """One part of the cost; ``kept`` is negative. ``is_estimate``: not all of it was measured."""

    kind: str
    amount_minor: int
    is_estimate: bool


@dataclass(frozen=True)
class Cost:
    """The parts, in the order of ``PARTS``, and their sum."""

    parts: tuple[Part, ...]

    @property
    def total_minor(self) -> int:
        """The sum of the parts, to the cent."""
        return sum(part.amount_minor for part in self.parts)

    @property
    def is_estimate(self) -> bool:
        """Whether any part was not measured."""
        return any(part.is_estimate for part in self.parts)


def cost_of(facts: Facts, rates: Rates) -> Cost:
    """What a return costs; an empty one costs what its labels do."""
    value = sum(piece.quantity * piece.price_minor for piece in facts.pieces)
    found = (
        _transport(facts, rates, value),
        _handling(facts, rates, value),
        _refurbishing(facts, rates),
        _lost_value(facts, rates),
        Part("kept", -facts.kept_minor, is_estimate=False) if facts.kept_minor else None,
    )
    return Cost(tuple(part for part in found if part is not None))


def _transport(facts: Facts, rates: Rates, value: int) -> Part | None:
    if facts.labels_minor is not None:
        return Part("transport", facts.labels_minor, is_estimate=False)
    if not facts.shop_pays_transport or not value:
        return None
    return Part("transport", _share(value, rates.transport_percent), is_estimate=True)


def _handling(facts: Facts, rates: Rates, value: int) -> Part | None:
    pieces = sum(piece.quantity for piece in facts.pieces)
    if not pieces:
        return None
    if rates.wage_minor:
        amount = _wage(pieces * rates.minutes_per_piece, rates)
        return Part("handling", amount, is_estimate=True)
    return Part("handling", _share(value, rates.handling_percent), is_estimate=True)


def _refurbishing(facts: Facts, rates: Rates) -> Part | None:
    to_repair = [piece for piece in facts.pieces if piece.disposition == "refurbish"]
    if facts.works and rates.wage_minor:
        minutes = sum(work.minutes for work in facts.works)
        parts = sum(work.parts_minor for work in facts.works)
        return Part("refurbishing", parts + _wage(minutes, rates), is_estimate=False)
    if not to_repair and not facts.works:
        return None
    value = sum(piece.quantity * piece.price_minor for piece in to_repair)
    parts = sum(work.parts_minor for work in facts.works)
    amount = parts + _share(value, rates.refurbishing_percent)
    return Part("refurbishing", amount, is_estimate=True)


def _lost_value(facts: Facts, rates: Rates) -> Part | None:
    decided = [p for p in facts.pieces if p.disposition and p.disposition not in UNDECIDED]
    if not decided:
        return None
    amounts = (
        _share(piece.quantity * piece.price_minor, rates.lost_percent.get(piece.disposition, 0))
        for piece in decided
    )
    return Part("lost_value", sum(amounts), is_estimate=True)


def _share(minor: int, percent: int) -> int:
    return half_up(Fraction(minor * percent, 100))


def _wage(minutes: int, rates: Rates) -> int:
    return half_up(Fraction(rates.wage_minor * minutes, 60))
