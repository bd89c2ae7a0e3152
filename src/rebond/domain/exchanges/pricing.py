"""What the goods of an exchange cost and what the return pays of it.  (pure)"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from rebond.kernel.money import half_up


@dataclass(frozen=True)
class Wanted:
    """One line as it was agreed, and how much of it the return pays for.

    ``accepted`` of ``returned`` pieces of the return's line were accepted; what comes back is
    worth ``credited_minor`` and counts ``credited_pieces``.
    """

    quantity: int
    is_even: bool
    unit_minor: int
    accepted: int
    credited_minor: int
    credited_pieces: int


@dataclass(frozen=True)
class Priced:
    """What a line costs, for how many pieces."""

    quantity: int
    gross_minor: int


@dataclass(frozen=True)
class Sum:
    """All lines together: the sale, what the return pays, what is owed."""

    lines: tuple[Priced, ...]
    sale_minor: int
    applied_minor: int
    due_minor: int


def price_of(wanted: Wanted) -> Priced:
    """A line's price for as many pieces as were accepted, at most as many as were agreed.

    The same thing in another size costs what was paid for the piece that comes back, so that
    nobody owes anybody a cent.
    """
    pieces = min(wanted.quantity, wanted.accepted)
    if not pieces:
        return Priced(0, 0)
    if wanted.is_even:
        share = Fraction(wanted.credited_minor * pieces, max(1, wanted.credited_pieces))
        return Priced(pieces, half_up(share))
    return Priced(pieces, wanted.unit_minor * pieces)


def sum_of(lines: Sequence[Wanted], worth_minor: int) -> Sum:
    """What the goods cost together, when what comes back is worth ``worth_minor``."""
    priced = tuple(price_of(line) for line in lines)
    sale = sum(line.gross_minor for line in priced)
    applied = min(sale, max(0, worth_minor))
    return Sum(priced, sale, applied, sale - applied)
