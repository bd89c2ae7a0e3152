"""Whether the online withdrawal function is owed, and whether it is built as the law asks."""

from __future__ import annotations

import re

from rebond.domain.law.calendar import closes_at, local_day
from rebond.domain.law.dated import AS_OF, ParameterUnknown, known, row, starts_on
from rebond.domain.law.facts import FactMissing, Facts
from rebond.domain.law.findings import Findings
from rebond.domain.law.places import Place

LANGUAGES = {"FR": "fr", "DE": "de", "AT": "de", "IE": "en", "IT": "it", "ES": "es",
             "PL": "pl", "RO": "ro"}  # fmt: skip
LABELS = ("label_function", "label_confirm")

# What the statement step may require: a name, the contract, an electronic address.
ALLOWED_WORDS = {
    "name", "names", "firstname", "lastname", "surname", "fullname", "forename", "nom", "prenom",
    "order", "contract", "commande", "contrat", "invoice", "email", "mail", "courriel",
    "electronic", "acknowledgement", "reference",
}  # fmt: skip
FORBIDDEN_WORDS = {
    "reason", "motif", "phone", "telephone", "mobile", "iban", "bic", "bank", "photo", "photos",
    "picture", "account", "password", "login", "comment", "survey", "birth", "birthdate",
    "gender", "postal", "street", "amount", "condition", "user", "username", "value",
}  # fmt: skip
DURABLE_WORDS = {
    "email", "mail", "courriel", "pdf", "paper", "letter", "download", "downloadable", "file",
    "attachment", "sms",
}  # fmt: skip
CONTENTS = ("content", "date", "time")


def answer(facts: Facts, place: Place) -> Findings:
    """Keys: mandatory, the labels, acceptable, offending, complete, met, in_time."""
    if place.page == "UK":
        return Findings(place).ask(facts, _never_in_britain)
    questions = (_mandatory, _labels, _fields, _acknowledgement, _banner, _available, _in_time)
    return Findings(place).ask(facts, *questions)


def _never_in_britain(found: Findings, facts: Facts) -> None:
    found.cite("UK-01")
    found.give(mandatory=False)


def _mandatory(found: Findings, facts: Facts) -> None:
    asks_about_contract = facts.named("contract_concluded_on") or facts.named("withdrawal_right")
    if not (asks_about_contract or facts.named("online")):
        return
    found.cite("WB-01")
    online = facts.flag("online")
    right = facts.flag("withdrawal_right", default=True)
    if not (online and right):
        found.give(mandatory=False)
        return
    since = starts_on("withdrawal_function.mandatory")
    mandatory = facts.the_day("contract_concluded_on") >= since
    if not mandatory:
        found.because("before_valid_from", **{"from": since})
    found.give(mandatory=mandatory)


def _labels(found: Findings, facts: Facts) -> None:
    shown = [name for name in LABELS if facts.has(name)]
    if not shown and not facts.has("language"):
        return
    language = _language(facts, found.place)
    found.cite("WB-02", "WB-04")
    if shown:
        accepted = [_accepts(found, facts, name, language) for name in shown]
        found.give(acceptable=all(accepted))
    for name in LABELS:
        if known(f"{name}.{language}"):
            label = row(f"{name}.{language}", AS_OF)
            found.because("control_label", label=label.value)
            found.doubt(label.confidence)
            found.give(**{name: label.value})


def _language(facts: Facts, place: Place) -> str:
    language = facts.text("language") or LANGUAGES.get(place.code.partition("-")[0])
    if language is None:
        raise FactMissing("language")
    language = language.strip().lower().replace("_", "-").partition("-")[0]
    if not known(f"label_function.{language}"):
        raise ParameterUnknown(f"label_function.{language}")
    return language


def _accepts(found: Findings, facts: Facts, name: str, language: str) -> bool:
    label = row(f"{name}.{language}", AS_OF).value if known(f"{name}.{language}") else None
    if label is None:
        raise ParameterUnknown(f"{name}.{language}")
    shown = facts.the_text(name)
    accepted = _folded(shown) == _folded(str(label))
    if not accepted:
        found.because("other_label", label=shown)
    return accepted


def _folded(label: str) -> str:
    return " ".join(label.casefold().split()).strip(" .!")


def _fields(found: Findings, facts: Facts) -> None:
    required = facts.listed("required_fields")
    if required is None:
        return
    found.cite("WB-03")
    offending = [field for field in required if not _may_be_required(field)]
    if offending:
        found.because("not_required_by_law", fields=offending)
    found.give(offending=offending, acceptable=not offending)


def _may_be_required(field: object) -> bool:
    words = _words(str(field))
    return bool(words & ALLOWED_WORDS) and not words & FORBIDDEN_WORDS


def _words(text: str) -> set[str]:
    spaced = re.sub(r"([a-z])([A-Z])", r"\1 \2", text).lower().replace("e-mail", "email")
    return set(re.findall(r"[a-z]+", spaced.replace("é", "e")))


def _acknowledgement(found: Findings, facts: Facts) -> None:
    note = facts.part("acknowledgement")
    if note is None:
        return
    found.cite("WB-05")
    missing: list[str] = [name for name in CONTENTS if not note.values.get(name)]
    medium = note.text("medium")
    if medium is not None:
        durable = bool(_words(medium) & DURABLE_WORDS)
        found.give(durable_medium=durable)
        missing += [] if durable else ["durable_medium"]
    if missing:
        found.because("formal_defect", missing=missing)
    found.give(complete=not missing, missing=missing)


def _banner(found: Findings, facts: Facts) -> None:
    shown = facts.text("acknowledgement_shown")
    if shown is None:
        return
    found.cite("WB-05")
    durable = bool(_words(shown) & DURABLE_WORDS)
    found.because("place_on_durable_medium" if durable else "not_durable", medium=shown)
    found.give(durable_medium=durable, **({} if durable else {"complete": False}))


def _available(found: Findings, facts: Facts) -> None:
    hidden_from = facts.instant("function_hidden_from")
    if hidden_from is None:
        return
    last_day = facts.the_day("last_day")
    found.cite("WB-06")
    found.because("time_left", limit=last_day)
    found.give(met=hidden_from >= closes_at(last_day, facts.zone))


def _in_time(found: Findings, facts: Facts) -> None:
    confirmed_at = facts.instant("confirmation_activated_at")
    if confirmed_at is None:
        if not found.keys and not found.lacking:
            raise FactMissing("contract_concluded_on")
        return
    last_day = facts.the_day("last_day")
    found.cite("WB-07")
    sent_on = local_day(confirmed_at, facts.zone)
    in_time = sent_on <= last_day
    found.because("sent_in_time" if in_time else "sent_too_late", on=sent_on, last_day=last_day)
    found.give(in_time=in_time)
