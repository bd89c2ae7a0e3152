"""What a credit note must say, and whether one may be issued."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from rebond.domain.law.facts import FactMissing, Facts, InvalidFact, read_whole
from rebond.domain.law.findings import Findings
from rebond.domain.law.money import Split, vat_inside
from rebond.domain.law.places import Place

CREDIT_TYPES = ("381", "261", "396", "502", "503")
CORRECTED_INVOICE_TYPES = ("384", "471", "472", "473")
MOST_CREDITS = 1000
MOST_MISSING = 1000
NUMBERED = re.compile(r"(.*?)([0-9]{1,15})", re.ASCII | re.DOTALL)
DRAFT = re.compile(r"\bdraft\b", re.IGNORECASE)
ALTERS = re.compile(
    r"\b(delet|edit|modif|chang|updat|remov|overwrit|renumber|reus|eras|alter|replac|void)\w*",
    re.IGNORECASE,
)
CORRECTS = re.compile(
    r"\b(duplicata|duplicate|re-?send\w*|new document|new credit|issu\w* a (new|correct\w*))\b",
    re.IGNORECASE,
)


def answer(facts: Facts, place: Place) -> Findings:
    """Keys: type_code, net, vat, gross, by_rate, credits, valid, continuous, allowed, correct."""
    questions = (_document, _credits, _reference, _series, _action, _room, _signs, _anything)
    return Findings(place).ask(facts, *questions)


def vat_by_rate(lines: Sequence[tuple[int, Fraction]]) -> dict[Fraction, Split]:
    """The VAT of a document, rounded once for each rate, in order of appearance.

    ``lines`` are (gross in minor units, rate in percent).
    Source: CGI ann. II 242 nonies A I-11°.
    """
    sums: dict[Fraction, int] = {}
    for gross, rate in lines:
        sums[rate] = sums.get(rate, 0) + gross
    return {rate: vat_inside(gross, rate) for rate, gross in sums.items()}


def unit_credits(invoice: Split, *, unit_gross: int, quantity: int, rate: Fraction) -> list[Split]:
    """One credit for each unit; the last takes what rounding left of the invoice."""
    one = vat_inside(unit_gross, rate)
    before = quantity - 1
    last = Split(net=invoice.net - one.net * before, vat=invoice.vat - one.vat * before)
    return [one] * before + [last]


def missing_numbers(issued: Sequence[int]) -> list[int]:
    """The numbers that a series skipped, at most a thousand of them."""
    gaps: list[int] = []
    known = sorted(set(issued))
    for before, after in pairwise(known):
        room = MOST_MISSING - len(gaps)
        gaps += range(before + 1, min(after, before + 1 + room))
    return gaps


def _document(found: Findings, facts: Facts) -> None:
    lines = facts.parts("lines")
    if lines is None:
        return
    if not lines:
        raise FactMissing("lines")
    rates = {str(line.values.get("vat_rate")): _rate(line) for line in lines}
    split = vat_by_rate([(line.the_amount("gross"), _rate(line)) for line in lines])
    printed = {rate: text for text, rate in reversed(list(rates.items()))}
    found.cite("CN-05", "CN-06")
    found.because("series_of_document")
    found.give(
        type_code=facts.text("type_code") or "381",
        net=sum(part.net for part in split.values()),
        vat=sum(part.vat for part in split.values()),
        gross=sum(part.gross for part in split.values()),
        by_rate=[
            {"vat_rate": printed[rate], "net": part.net, "vat": part.vat}
            for rate, part in split.items()
        ],
    )


def _rate(line: Facts) -> Fraction:
    rate = line.rate("vat_rate")
    if rate is None:
        raise FactMissing("vat_rate")
    return rate


def _credits(found: Findings, facts: Facts) -> None:
    if not facts.is_object("invoice"):
        return
    invoice = facts.the_part("invoice")
    quantity, rate = invoice.amount("quantity") or 1, _rate(invoice)
    if quantity > MOST_CREDITS:
        raise InvalidFact("quantity", "at most a thousand units")
    unit_gross = invoice.amount("unit_gross")
    gross = invoice.amount("gross")
    if unit_gross is None and (gross is None or quantity > 1):
        raise FactMissing("unit_gross")
    unit_gross = gross if unit_gross is None else unit_gross
    whole = _invoice_split(invoice, (unit_gross or 0) * quantity, rate)
    credits = unit_credits(whole, unit_gross=unit_gross or 0, quantity=quantity, rate=rate)
    found.cite("CN-06")
    found.because("residual_on_last")
    found.give(credits=[{"net": credit.net, "vat": credit.vat} for credit in credits])


def _invoice_split(invoice: Facts, gross: int, rate: Fraction) -> Split:
    net, vat = invoice.amount("net"), invoice.amount("vat")
    if net is None or vat is None:
        return vat_inside(gross, rate)
    return Split(net=net, vat=vat)


def _reference(found: Findings, facts: Facts) -> None:
    single = facts.named("preceding_invoice_reference")
    if not (single or facts.named("preceding_invoice_references")):
        return
    type_code = facts.text("type_code") or "381"
    if type_code not in (*CREDIT_TYPES, *CORRECTED_INVOICE_TYPES):
        raise InvalidFact("type_code", "the code of a credit note or corrected invoice")
    found.cite("CN-03")
    if type_code in CREDIT_TYPES:
        missing = _undated(facts)
        found.give(valid=not missing, rule="BR-FR-CO-05")
    else:
        count = len(_references(facts))
        missing = ["preceding_invoice_reference"] if count == 0 else _undated_objects(facts)
        found.give(valid=count == 1 and not missing, rule="BR-FR-CO-04", allowed=1)
    if missing:
        found.because("formal_defect", missing=missing)
        found.give(missing=missing[0])


def _references(facts: Facts) -> list[object]:
    references = list(facts.listed("preceding_invoice_references") or [])
    single = facts.values.get("preceding_invoice_reference")
    return references if single is None else [*references, single]


def _undated(facts: Facts) -> list[str]:
    """What keeps a credit note without a dated reference; empty when it has one."""
    references = _references(facts)
    if not references:
        return ["preceding_invoice_reference"]
    lacks = [_lack(reference) for reference in references]
    return [] if None in lacks else [lack for lack in lacks if lack][:1]


def _undated_objects(facts: Facts) -> list[str]:
    lacks = [_lack(reference) for reference in _references(facts) if isinstance(reference, dict)]
    return [lack for lack in lacks if lack]


def _lack(reference: object) -> str | None:
    if isinstance(reference, str):
        return "issue_date"
    if not isinstance(reference, dict):
        raise InvalidFact("preceding_invoice_reference", "an object")
    return next((name for name in ("number", "issue_date") if not reference.get(name)), None)


def _series(found: Findings, facts: Facts) -> None:
    issued = facts.listed("issued")
    if issued is None:
        return
    prefix, width, numbers = _numbers(issued)
    gaps = missing_numbers(numbers)
    found.cite("CN-02")
    continuous = not gaps and len(set(numbers)) == len(numbers)
    if not continuous:
        found.because("gap_in_series", missing=gaps)
    printed: list[object] = list(gaps)
    if width:
        printed = [f"{prefix}{number:0{width}d}" for number in gaps]
    found.give(continuous=continuous, missing=printed)


def _numbers(issued: list[object]) -> tuple[str, int, list[int]]:
    """The common prefix, the width of printed numbers (0 for bare ones), and the numbers."""
    if not any(isinstance(number, str) for number in issued):
        return "", 0, [read_whole(number, "issued") for number in issued]
    parsed = [NUMBERED.fullmatch(str(number)) for number in issued]
    found = [match for match in parsed if match]
    if len(found) < len(issued) or len({match[1] for match in found}) > 1:
        raise InvalidFact("issued", "numbers of one series")
    return found[0][1], len(found[0][2]), [int(match[2]) for match in found]


def _action(found: Findings, facts: Facts) -> None:
    action = facts.text("action")
    if action is None:
        return
    found.cite("CN-04")
    if DRAFT.search(action) or (CORRECTS.search(action) and not ALTERS.match(action.strip())):
        found.give(allowed=True)
    elif ALTERS.search(action):
        found.because("issued_is_final")
        found.give(allowed=False, instead="a new document that corrects the issued one")
    else:
        raise InvalidFact("action", "an action on a document")


def _room(found: Findings, facts: Facts) -> None:
    invoice_gross = facts.amount("invoice_gross")
    if invoice_gross is None:
        if facts.has("requested_credit"):
            raise FactMissing("invoice_gross")
        return
    remaining = max(0, invoice_gross - (facts.amount("already_credited") or 0))
    found.cite("CN-07")
    found.give(max_remaining=remaining)
    requested = facts.amount("requested_credit")
    if requested is None:
        return
    allowed = requested <= remaining
    if not allowed:
        found.because("credits_exceed_invoice", remaining=remaining)
    found.give(allowed=allowed)


def _signs(found: Findings, facts: Facts) -> None:
    amounts = [facts.whole(name) for name in ("net", "vat", "gross")]
    known = [amount for amount in amounts if amount is not None]
    if not known:
        return
    if (facts.text("type_code") or "381") not in (*CREDIT_TYPES, *CORRECTED_INVOICE_TYPES):
        raise InvalidFact("type_code", "the code of a credit note or corrected invoice")
    found.cite("CN-06")
    found.because("series_of_document")
    found.give(correct=all(amount >= 0 for amount in known), expected_signs="positive")


def _anything(found: Findings, facts: Facts) -> None:
    if not found.keys and not found.lacking:
        raise FactMissing("lines")
