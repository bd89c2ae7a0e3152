"""When VAT falls on a voucher, and what store credit after a return leaves behind."""

from __future__ import annotations

import re
from fractions import Fraction

from rebond.domain.law.dated import AS_OF, whole
from rebond.domain.law.facts import FactMissing, Facts
from rebond.domain.law.findings import Findings, NotCovered
from rebond.domain.law.money import vat_inside
from rebond.domain.law.places import Place

# An instrument is described in words only; these decide where no rate is stated.
MULTI_WORDS = {
    "multi", "multiple", "mixed", "any", "several", "different", "various", "all", "whole",
    "entire", "everything", "rates", "unknown",
}  # fmt: skip
SINGLE_WORDS = {"single", "one", "specific", "named"}
FREE_WORDS = {"free", "coupon", "discount"}
PERCENT = re.compile(r"([0-9]{1,2}(?:[.,][0-9])?)\s*(?:%|percent)", re.ASCII)
SINGLE, MULTI, NONE = "single_purpose", "multi_purpose", "not_a_voucher"


def answer(facts: Facts, place: Place) -> Findings:
    """Keys: kind, vat_at_sale, credit_note, store_credit, vat_on_store_credit_issue."""
    return Findings(place).ask(facts, _sale, _store_credit, _anything)


def _sale(found: Findings, facts: Facts) -> None:
    sold_for = facts.amount("sold_for")
    if sold_for is None and not facts.has("instrument"):
        return
    kind, rate = _kind(facts)
    if kind == SINGLE and rate is None and found.place.is_french:
        found.doubt("low")
        rate = Fraction(whole("vat.FR.standard_percent", AS_OF))
    found.cite("VC-02")
    found.because(kind)
    found.give(kind=kind)
    if kind != SINGLE:
        found.give(vat_at_sale=0)
    elif rate is None:
        raise FactMissing("vat_rate")
    else:
        found.give(vat_at_sale=vat_inside(facts.the_amount("sold_for"), rate).vat)


def _kind(facts: Facts) -> tuple[str, Fraction | None]:
    instrument = (facts.text("instrument") or "").lower()
    words = set(re.findall(r"[a-z]+", instrument))
    printed = {Fraction(rate.replace(",", ".")) for rate in PERCENT.findall(instrument)}
    rate = facts.rate("vat_rate")
    if words & FREE_WORDS and not facts.amount("sold_for"):
        return NONE, rate
    if words & MULTI_WORDS or len(printed) > 1:
        return MULTI, rate
    if rate is None and len(printed) == 1:
        rate = printed.pop()
    for_one_thing = bool(words & SINGLE_WORDS) and "gift card" not in instrument
    is_single = rate is not None or for_one_thing or "single" in words
    return (SINGLE if is_single else MULTI), rate


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
