"""What a credit note says: a snapshot made once, of amounts that add up.  (pure)

Source: CGI art. 289 I-5 and annexe II art. 242 nonies A; docs/reference/documents.md.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from typing import Any

from rebond.kernel.money import allocate, half_up


@dataclass(frozen=True)
class Item:
    """One position. ``tax_by_rate`` maps a rate as fraction text ("0.20", "" for none) to tax."""

    title: str
    sku: str
    quantity: int
    gross_minor: int
    tax_by_rate: Mapping[str, int]

    @property
    def net_minor(self) -> int:
        """The position without tax."""
        return self.gross_minor - sum(self.tax_by_rate.values())


@dataclass(frozen=True)
class RateTotal:
    """All positions of one rate together. ``rate`` "" means no tax was charged."""

    rate: str
    net_minor: int
    tax_minor: int
    gross_minor: int


@dataclass(frozen=True)
class Totals:
    """What the document comes to; ``kept_minor`` was taken off before."""

    by_rate: tuple[RateTotal, ...] = field(default_factory=tuple)
    net_minor: int = 0
    tax_minor: int = 0
    gross_minor: int = 0
    kept_minor: int = 0


def totals_of(
    items: Sequence[Item],
    *,
    kept_minor: int,
    gross_minor: int,
    decided_tax: Mapping[str, int] | None = None,
) -> Totals:
    """The totals per rate of ``items`` less ``kept_minor``, summing exactly to ``gross_minor``.

    What is kept, and a difference of rounding, is spread over the rates in proportion to their
    gross; the tax of each follows its share. ``decided_tax`` is the tax per rate that was worked
    out, and shown, when the money was decided: where it names the same rates, it is what is said.
    """
    gross: dict[str, int] = {}
    tax: dict[str, int] = {}
    for item in items:
        rates = item.tax_by_rate or {"": 0}
        shares = _gross_by_rate(item, rates)
        for rate, part in rates.items():
            tax[rate] = tax.get(rate, 0) + part
            gross[rate] = gross.get(rate, 0) + shares[rate]
    rates_in_order = sorted(gross, key=lambda rate: float(rate or 0))
    less = sum(gross.values()) - gross_minor
    cuts = allocate(less, [max(0, gross[rate]) for rate in rates_in_order])
    told = decided_tax or {}
    decided = told if set(told) == {rate for rate in gross if rate} else {}
    rows = []
    for rate, cut in zip(rates_in_order, cuts, strict=True):
        rest = gross[rate] - cut
        share = half_up(_portion(tax[rate], rest, gross[rate])) if cut else tax[rate]
        share = decided.get(rate, share) if cut else share
        rows.append(RateTotal(rate, rest - share, share, rest))
    return Totals(
        by_rate=tuple(rows),
        net_minor=sum(row.net_minor for row in rows),
        tax_minor=sum(row.tax_minor for row in rows),
        gross_minor=sum(row.gross_minor for row in rows),
        kept_minor=kept_minor,
    )


def _portion(tax: int, rest: int, whole: int) -> Fraction:
    return Fraction(tax * rest, whole) if whole else Fraction(0)


def _gross_by_rate(item: Item, rates: Mapping[str, int]) -> dict[str, int]:
    """A position with one rate goes there whole; several taxes share its net."""
    if len(rates) == 1:
        return {next(iter(rates)): item.gross_minor}
    parts = allocate(item.net_minor, [max(part, 0) for part in rates.values()])
    return {rate: net + part for (rate, part), net in zip(rates.items(), parts, strict=True)}


def as_json(totals: Totals) -> dict[str, Any]:
    """``totals`` as plain JSON values."""
    return asdict(totals) | {"by_rate": [asdict(row) for row in totals.by_rate]}


def hash_of(previous: str, content: Mapping[str, Any]) -> str:
    """SHA-256 over the previous document's hash and this one's canonical JSON, as hexadecimal."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{canonical}".encode()).hexdigest()
