"""Says in words what a rule is about: for which goods, where, when, for whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from babel import Locale
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from rebond.domain.policies.conditions import Condition, Reach
from rebond.kernel import formats

GROUNDS = {
    "statutory_withdrawal": N_("a legal withdrawal"),
    "legal_guarantee": N_("a faulty article"),
    "transport_damage": N_("an article damaged on the way to you"),
    "hidden_defect": N_("a hidden fault after the legal guarantee"),
    "commercial_return": N_("returns beyond your legal rights"),
}
OUTCOMES = {
    "refund": N_("a refund"),
    "store_credit": N_("store credit"),
    "gift_card": N_("a gift card"),
    "exchange": N_("another size or colour"),
    "replacement": N_("the same article again"),
    "repair": N_("a repair"),
}


def about(reach: Reach, language: str, currency: str, reasons: Mapping[str, str]) -> str:
    """“(for shoes; sent to France; except: too small)”; empty where a rule is about everything.

    ``reasons`` are the shop's words for its codes.
    """
    parts = list(_parts(reach.when, language, currency, reasons))
    if reach.unless is not None:
        out = ", ".join(_parts(reach.unless, language, currency, reasons))
        if out:
            parts.append(_("except: {what}").format(what=out))
    return f" ({'; '.join(parts)})" if parts else ""


def _parts(
    condition: Condition, language: str, currency: str, reasons: Mapping[str, str]
) -> Iterator[str]:
    given = condition.values
    for name in ("categories", "tags", "skus"):
        if name in given:
            yield _("for {what}").format(what=_list(given[name]))
    if "reasons" in given:
        yield _list([reasons.get(code, code) for code in given["reasons"]])
    if "grounds" in given:
        yield _list([_(GROUNDS[name]) for name in given["grounds"]])
    if "outcomes" in given:
        yield _list([_(OUTCOMES[name]) for name in given["outcomes"]])
    if "fault" in given:
        yield _("we are at fault") if given["fault"] == "ours" else _("we are not at fault")
    yield from _people(given, language)
    yield from _amounts(given, language, currency)
    yield from _days(given, language)


def _people(given: Mapping[str, Any], language: str) -> Iterator[str]:
    if "countries" in given:
        where = [_country(code, language) for code in given["countries"]]
        yield _("sent to: {where}").format(where=_list(where))
    if "customers" in given:
        yield _("companies") if given["customers"] == "business" else _("private people")
    if "customer_tags" in given:
        yield _("certain customers")
    if "channels" in given:
        yield _("bought here: {where}").format(where=_list(given["channels"]))


def _amounts(given: Mapping[str, Any], language: str, currency: str) -> Iterator[str]:
    for low, high, least, most in (
        ("min_value_minor", "max_value_minor", N_("from {amount}"), N_("up to {amount}")),
        (
            "min_request_minor",
            "max_request_minor",
            N_("returns from {amount}"),
            N_("returns up to {amount}"),
        ),
    ):
        for name, sentence in ((low, least), (high, most)):
            if name in given:
                yield _(sentence).format(amount=formats.money(given[name], currency, language))


def _days(given: Mapping[str, Any], language: str) -> Iterator[str]:
    for name, sentence in (
        ("ordered_from", N_("ordered from {day}")),
        ("ordered_to", N_("ordered until {day}")),
        ("asked_from", N_("asked for from {day}")),
        ("asked_to", N_("asked for until {day}")),
    ):
        value: date | None = given.get(name)
        if value is not None:
            yield _(sentence).format(day=formats.day(value, language))


def _country(code: str, language: str) -> str:
    return str(Locale.parse(language).territories.get(code.upper(), code))


def _list(words: Sequence[str]) -> str:
    return ", ".join(words)
