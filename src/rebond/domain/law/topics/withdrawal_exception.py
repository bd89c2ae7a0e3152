"""Whether one of the thirteen exceptions takes the withdrawal right away."""

from __future__ import annotations

from dataclasses import fields

from rebond.domain.law.exclusions import ProductFlags, withdrawal_exception
from rebond.domain.law.facts import Facts
from rebond.domain.law.findings import Findings
from rebond.domain.law.places import Place

DIGITAL_MARKS = ("downloaded_on", "download_started_on", "streaming_started_on")
READ_AS_THEY_ARE = tuple(
    field.name
    for field in fields(ProductFlags)
    if field.name not in ("digital_begun", "media_seal_broken")
)

# Products that the worked examples name, where the name alone stands for a flag.
NAMED_PRODUCTS: dict[str, str] = {
    "oyster": "perishable",
    "single issue": "press_issue",
}
SEALED_MEDIA = ("disc", "dvd", "blu-ray", "software", "album", "audio", "vinyl", "film on")
NEVER_MEDIA = ("console", "phone", "mattress", "headphones", "earphones", "tablet", "computer")
NEVER_HYGIENE = ("mattress",)


def answer(facts: Facts, place: Place) -> Findings:
    """Keys: right_exists."""
    return Findings(place).ask(facts, _right)


def _right(found: Findings, facts: Facts) -> None:
    flags = _flags(facts)
    if found.place.page == "DE":
        found.cite("DE-01")
    found.cite("FR-WD-20")
    if flags.digital_begun:
        found.cite("FR-WD-21")
    exception = withdrawal_exception(flags)
    found.give(right_exists=exception is None)
    if exception is None:
        found.because("no_exception")
        return
    item, letter = exception
    if item == 5:
        found.doubt("medium")
    article = f"L221-28 {item}°" if found.place.is_french else f"Dir. art. 16({letter})"
    found.because("exception", article=article)


def _flags(facts: Facts) -> ProductFlags:
    product = (facts.text("product") or "").lower()
    known = {name: facts.flag(name) for name in READ_AS_THEY_ARE}
    for word, flag in NAMED_PRODUCTS.items():
        if word in product and not facts.has(flag):
            known[flag] = True
    if any(word in product for word in NEVER_HYGIENE):
        known["hygiene_seal"] = False
    return ProductFlags(
        **known,
        digital_begun=any(facts.day(mark) for mark in DIGITAL_MARKS),
        media_seal_broken=_media_seal_broken(facts, product),
    )


def _media_seal_broken(facts: Facts, product: str) -> bool:
    """``sealed`` with a broken seal is a medium, unless the case names another ground."""
    if facts.has("media_seal_broken"):
        return facts.flag("media_seal_broken")
    if facts.has("hygiene_seal") or any(word in product for word in NEVER_MEDIA):
        return False
    named_medium = any(word in product for word in SEALED_MEDIA)
    if facts.has("seal_broken_by_consumer"):
        broken = facts.flag("seal_broken_by_consumer")
        return broken and (named_medium or facts.has("sealed"))
    return named_medium and not facts.flag("sealed", default=True)
