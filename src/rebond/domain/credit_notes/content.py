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

GOODS, CHARGE, AMOUNT = "goods", "charge", "amount"
"""Kinds of positions: pieces that came back, shipping or a fee, a part of a price."""


@dataclass(frozen=True)
class Item:
    """One position. ``tax_by_rate`` maps a rate as fraction text ("0.20", "" for none) to tax.

    ``source`` is the id of the order's line or charge; an ``AMOUNT`` has no pieces.
    """

    title: str
    sku: str
    quantity: int
    gross_minor: int
    tax_by_rate: Mapping[str, int]
    kind: str = GOODS
    source: str = ""

    @property
    def net_minor(self) -> int:
        """The position without tax."""
        return self.gross_minor - sum(self.tax_by_rate.values())

    @property
    def parts(self) -> list[Part]:
        """The position split by rate; most have one part."""
        rates = self.tax_by_rate or {"": 0}
        gross = _gross_by_rate(self, rates)
        return [Part(rate, gross[rate] - tax, tax) for rate, tax in rates.items()]


@dataclass(frozen=True)
class Part:
    """What of a position, or of what is kept, falls under one rate."""

    rate: str
    net_minor: int
    tax_minor: int


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


@dataclass(frozen=True)
class Share:
    """What one position is credited after its share of what is kept; its tax by rate."""

    gross_minor: int
    tax_by_rate: Mapping[str, int]

    @property
    def tax_minor(self) -> int:
        """The tax in ``gross_minor``."""
        return sum(self.tax_by_rate.values())


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
    gross, tax = _sums_by_rate(items)
    rates_in_order = sorted(gross, key=lambda rate: Fraction(rate or 0))
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


def kept_parts(items: Sequence[Item], totals: Totals) -> list[Part]:
    """What was taken off the positions for each rate; rates with nothing taken off are left out."""
    gross, tax = _sums_by_rate(items)
    found = []
    for row in totals.by_rate:
        kept_tax = tax[row.rate] - row.tax_minor
        kept_net = gross[row.rate] - tax[row.rate] - row.net_minor
        if kept_tax or kept_net:
            found.append(Part(row.rate, kept_net, kept_tax))
    return found


def shares_of(items: Sequence[Item], totals: Totals) -> list[Share]:
    """What each of ``items`` is credited when what is kept is spread over them; sums to totals."""
    gross = [{part.rate: part.net_minor + part.tax_minor for part in item.parts} for item in items]
    tax = [{part.rate: part.tax_minor for part in item.parts} for item in items]
    for kept in kept_parts(items, totals):
        _take_off(gross, kept.rate, kept.net_minor + kept.tax_minor)
        _take_off(tax, kept.rate, kept.tax_minor)
    return [Share(sum(g.values()), t) for g, t in zip(gross, tax, strict=True)]


def _take_off(amounts: list[dict[str, int]], rate: str, less: int) -> None:
    weights = [max(0, each.get(rate, 0)) for each in amounts]
    for each, cut in zip(amounts, allocate(less, weights), strict=True):
        if cut:
            each[rate] = each.get(rate, 0) - cut


def _sums_by_rate(items: Sequence[Item]) -> tuple[dict[str, int], dict[str, int]]:
    gross: dict[str, int] = {}
    tax: dict[str, int] = {}
    for item in items:
        for part in item.parts:
            tax[part.rate] = tax.get(part.rate, 0) + part.tax_minor
            gross[part.rate] = gross.get(part.rate, 0) + part.net_minor + part.tax_minor
    return gross, tax


def _portion(tax: int, rest: int, whole: int) -> Fraction:
    return Fraction(tax * rest, whole) if whole else Fraction(0)


def _gross_by_rate(item: Item, rates: Mapping[str, int]) -> dict[str, int]:
    """A position with one rate goes there whole; of several, each has the net of its tax."""
    if len(rates) == 1:
        return {next(iter(rates)): item.gross_minor}
    known = all(Fraction(rate or 0) > 0 for rate in rates)
    parts = allocate(
        item.net_minor,
        [Fraction(max(part, 0)) / (Fraction(rate) if known else 1) for rate, part in rates.items()],
    )
    return {rate: net + part for (rate, part), net in zip(rates.items(), parts, strict=True)}


def tax_of_part(
    stored: Mapping[str, int],
    whole_minor: int,
    *,
    before_minor: int,
    before: Mapping[str, int],
    part_minor: int,
) -> dict[str, int]:
    """The tax by rate in ``part_minor`` of a line that cost ``whole_minor``.

    ``stored`` is the line's tax by rate as it was sold; ``before_minor`` was credited of the
    line already, with ``before`` as its tax by rate. Rounding runs over the sum, so the last part
    takes what is left and all parts together are the line, to the cent.
    """
    reached = before_minor + part_minor
    found = {}
    for rate, tax in stored.items():
        upto = half_up(Fraction(tax * reached, whole_minor)) if whole_minor else 0
        found[rate] = min(max(upto - before.get(rate, 0), 0), part_minor)
    return found


def as_json(totals: Totals) -> dict[str, Any]:
    """``totals`` as plain JSON values."""
    return asdict(totals) | {"by_rate": [asdict(row) for row in totals.by_rate]}


def hash_of(previous: str, content: Mapping[str, Any]) -> str:
    """SHA-256 over the previous document's hash and this one's canonical JSON, as hexadecimal."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{canonical}".encode()).hexdigest()
