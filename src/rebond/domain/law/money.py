"""Exact shares of money: whole minor units in, whole minor units out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Split:
    """A gross amount taken apart, all in minor units; ``net + vat == gross``."""

    net: int
    vat: int

    @property
    def gross(self) -> int:
        return self.net + self.vat


def rounded(value: Fraction) -> int:
    """Half a minor unit goes up, away from zero for a negative value."""
    sign = -1 if value < 0 else 1
    return sign * int(abs(value) + Fraction(1, 2))


def share(amount: int, percent: int | Fraction) -> int:
    """``percent`` percent of an amount, rounded half up."""
    return rounded(Fraction(amount) * percent / 100)


def vat_inside(gross: int, rate: Fraction) -> Split:
    """The VAT contained in a gross amount at ``rate`` percent, rounded half up.

    The VAT is rounded and the net is the rest, so that the paid total holds.
    """
    vat = rounded(Fraction(gross) * rate / (100 + rate))
    return Split(net=gross - vat, vat=vat)


def spread(amount: int, weights: Mapping[str, int]) -> dict[str, int]:
    """An amount spread in proportion to the weights, largest remainder first.

    The parts add up to ``amount``; ties go to the earlier key. All weights zero
    put everything on the first key.
    """
    total = sum(weights.values())
    if total == 0:
        return {key: amount if place == 0 else 0 for place, key in enumerate(weights)}
    exact = {key: Fraction(amount * weight, total) for key, weight in weights.items()}
    parts = {key: int(value) for key, value in exact.items()}
    by_remainder = sorted(exact, key=lambda key: parts[key] - exact[key])
    for key in by_remainder[: amount - sum(parts.values())]:
        parts[key] += 1
    return parts


def percent_at(days: int, scale: Sequence[tuple[int, int]], *, beyond: int) -> int:
    """The percentage of the first step that still holds on day ``days``, else ``beyond``."""
    return next((percent for last, percent in scale if days <= last), beyond)
