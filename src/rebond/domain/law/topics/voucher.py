"""When VAT falls on a voucher, and what store credit after a return leaves behind."""

from __future__ import annotations

from fractions import Fraction

from rebond.domain.law.facts import FactMissing, Facts
from rebond.domain.law.findings import Findings, NotCovered
from rebond.domain.law.money import vat_inside
from rebond.domain.law.places import Place

MULTI_WORDS = ("multi", "mixed", "any ", "several rates", "different rates", "all ", "various")
FREE_WORDS = ("free ", "coupon", "discount")
SINGLE, MULTI, NONE = "single_purpose", "multi_purpose", "not_a_voucher"


def answer(facts: Facts, place: Place) -> Findings:
    """Keys: kind, vat_at_sale, credit_note, store_credit, vat_on_store_credit_issue."""
    return Findings(place).ask(facts, _sale, _store_credit, _anything)


def _sale(found: Findings, facts: Facts) -> None:
    sold_for = facts.amount("sold_for")
    if sold_for is None and not facts.has("instrument"):
        return
    kind, rate = _kind(facts)
    found.cite("VC-02")
    found.because(kind)
    found.give(kind=kind)
    if kind == SINGLE and rate is not None:
        found.give(vat_at_sale=vat_inside(facts.the_amount("sold_for"), rate).vat)
    else:
        found.give(vat_at_sale=0)


def _kind(facts: Facts) -> tuple[str, Fraction | None]:
    instrument = (facts.text("instrument") or "").lower().replace("-", " ").replace("_", " ")
    rate = facts.rate("vat_rate")
    if any(word in instrument for word in FREE_WORDS) and not facts.amount("sold_for"):
        return NONE, rate
    if "single" in instrument:
        if rate is None:
            raise FactMissing("vat_rate")
        return SINGLE, rate
    if rate is None or any(word in instrument for word in MULTI_WORDS):
        return MULTI, rate
    return SINGLE, rate


def _store_credit(found: Findings, facts: Facts) -> None:
    item_gross = facts.amount("item_gross")
    if item_gross is None:
        return
    if not found.place.is_french:
        raise NotCovered("voucher")
    rate = facts.rate("vat_rate")
    if rate is None:
        raise FactMissing("vat_rate")
    split = vat_inside(item_gross, rate)
    found.cite("VC-03")
    found.doubt("medium")
    found.because("store_credit_after_credit_note")
    found.give(
        credit_note={"net": split.net, "vat": split.vat, "gross": split.gross},
        store_credit=item_gross,
        vat_on_store_credit_issue=0,
    )


def _anything(found: Findings, facts: Facts) -> None:
    if not found.keys and not found.lacking:
        raise FactMissing("item_gross" if facts.has("event") else "sold_for")
