"""Money as whole minor units, so that parts always add up to the whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

_EXPONENTS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
_EXPONENT_OF = {code: digits for digits, codes in _EXPONENTS.items() for code in codes.split()}


@dataclass(frozen=True)
class Money:
    """An amount in one currency.

    ``minor`` counts the currency's smallest unit (cents, öre, yen) and may be
    negative. ``currency`` is an ISO 4217 code. Arithmetic and comparison
    between two currencies raise ``ValueError``.
    """

    minor: int
    currency: str

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same_currency(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same_currency(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same_currency(other)

    def __le__(self, other: Money) -> bool:
        return self.minor <= self._same_currency(other)

    def __gt__(self, other: Money) -> bool:
        return self.minor > self._same_currency(other)

    def __ge__(self, other: Money) -> bool:
        return self.minor >= self._same_currency(other)

    def __bool__(self) -> bool:
        return self.minor != 0

    def __str__(self) -> str:
        digits = exponent_of(self.currency)
        whole, part = divmod(abs(self.minor), 10**digits)
        sign = "-" if self.minor < 0 else ""
        return f"{sign}{whole}{f'.{part:0{digits}}' if digits else ''} {self.currency}"

    def split(self, weights: Sequence[int | Fraction]) -> list[Money]:
        """Share this amount in proportion to ``weights``; the parts sum to it.

        One part per weight, in their order. See ``allocate`` for the errors.
        """
        return [Money(part, self.currency) for part in allocate(self.minor, weights)]

    def _same_currency(self, other: Money) -> int:
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not mix")
        return other.minor


def exponent_of(currency: str) -> int:
    """How many decimals a currency has: 0 for JPY, 2 for EUR, 3 for KWD.

    An unknown code has 2. Source: ISO 4217, list one.
    """
    return _EXPONENT_OF.get(currency, 2)


def half_up(amount: Fraction | int) -> int:
    """The nearest whole number; a half goes away from zero.

    Symmetric, so that a negative amount is the mirror of the positive one.
    """
    doubled = abs(Fraction(amount)) * 2 + 1
    rounded = doubled.numerator // (2 * doubled.denominator)
    return rounded if amount >= 0 else -rounded


def allocate(total: int, weights: Sequence[int | Fraction]) -> list[int]:
    """Spread ``total`` over ``weights`` by largest remainder; the parts sum to it.

    One part per weight, in their order; equal remainders are served first come,
    first served. A zero weight gets nothing, unless all weights are zero: then
    they count as equal. A negative total is the mirror of the positive one.
    Raises ``ValueError`` for a negative weight, or when there is something to
    spread and nobody to take it.
    """
    if any(weight < 0 for weight in weights):
        raise ValueError("weights must not be negative")
    if not weights:
        if total:
            raise ValueError("nothing to spread over")
        return []
    if total < 0:
        return [-part for part in allocate(-total, weights)]
    return _largest_remainder(total, weights if any(weights) else [1] * len(weights))


def _largest_remainder(total: int, weights: Sequence[int | Fraction]) -> list[int]:
    whole = sum(weights, Fraction(0))
    exact = [Fraction(total) * weight / whole for weight in weights]
    parts = [share.numerator // share.denominator for share in exact]
    by_remainder = sorted(range(len(parts)), key=lambda i: parts[i] - exact[i])
    for i in by_remainder[: total - sum(parts)]:
        parts[i] += 1
    return parts
