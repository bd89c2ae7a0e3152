"""Whether a late return falls under the shop's own terms, store credit included."""

from __future__ import annotations

from datetime import date

from rebond.domain.law.calendar import add_days
from rebond.domain.law.facts import Facts, InvalidFact
from rebond.domain.law.findings import Findings
from rebond.domain.law.places import Place
from rebond.domain.law.topics.withdrawal_period import period_of

STATUTORY, COMMERCIAL, GOODWILL = "statutory_withdrawal", "commercial_return", "goodwill"


def answer(facts: Facts, place: Place) -> Findings:
    """Keys: kind, allowed (store credit without a new consent)."""
    return Findings(place).ask(facts, _kind)


def kind_of_return(request_on: date, *, statutory_last_day: date, policy_last_day: date) -> str:
    """``statutory_withdrawal``, then ``commercial_return``, then ``goodwill``."""
    if request_on <= statutory_last_day:
        return STATUTORY
    return COMMERCIAL if request_on <= policy_last_day else GOODWILL


def _kind(found: Findings, facts: Facts) -> None:
    request_on = facts.the_day("request_on")
    statutory_last_day = facts.day("statutory_last_day")
    if statutory_last_day is None:
        statutory_last_day = period_of(facts, found.place, found).last_day
    found.cite("FR-WD-24")
    found.doubt("medium")
    policy_last_day = _policy_last_day(facts, request_on, statutory_last_day)
    kind = kind_of_return(
        request_on, statutory_last_day=statutory_last_day, policy_last_day=policy_last_day
    )
    if kind == COMMERCIAL:
        found.because("promise_of_the_shop")
    found.give(kind=kind, allowed=kind != STATUTORY)


def _policy_last_day(facts: Facts, request_on: date, statutory_last_day: date) -> date:
    """The end of the shop's own period; not needed while the legal one runs."""
    if request_on <= statutory_last_day and not facts.has("policy_days"):
        return statutory_last_day
    days = facts.the_amount("policy_days")
    if days > 36_500:
        raise InvalidFact("policy_days", "a number of days")
    return add_days(facts.the_day("received_on"), days)
