"""What the law gives a shopper for each line, whatever the policy says.  (pure)"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from rebond.domain import law
from rebond.domain.policies.facts import Facts, Finding, Ground, LineFacts, Verdict
from rebond.kernel.words import gettext_noop

KIND = "law"
HIDDEN_DEFECTS_IN = "FR"
"""The country whose page of law speaks of faults that show after the guarantee."""
IN_SHOP = frozenset({"shop", "in_shop", "store", "in_store", "pos"})
SENTENCES = {
    "withdrawal_right": gettext_noop(
        "You may withdraw from this purchase until {last_day}: the law says so."
    ),
    "fee_waived": gettext_noop("No fee is kept: the law does not allow one on a withdrawal."),
    "delivery_refunded": gettext_noop("The law also gives you back the cost of delivery."),
    "money_offered": gettext_noop("The law gives you your money back, the way you paid."),
    "fault_is_looked_at": gettext_noop(
        "The legal guarantee may apply to “{sku}”: we look at it ourselves."
    ),
}


@dataclass(frozen=True)
class Right:
    """What stands behind one line.

    ``last_day`` is the last day to withdraw, None where there is no such right or the goods have
    not arrived; ``exemption`` is the article that takes the right away.
    """

    may_withdraw: bool = False
    last_day: date | None = None
    exemption: str = ""


NO_RIGHT = Right()
Rights = Mapping[str, Right]


def rights_of(facts: Facts, exemptions: Mapping[str, str]) -> dict[str, Right]:
    """The right behind each line; ``exemptions`` are articles by line. By the law of the country.

    Businesses, who got a present, purchases in a shop, and countries for which no page of law
    gives the right, have none. Source: C. conso. L221-18, L221-28; Dir. 2011/83/EU arts 9, 16.
    """
    open_until = _withdrawal_end(facts)
    if open_until is None:
        return {line.key: NO_RIGHT for line in facts.lines}
    runs, last_day = open_until
    right = Right(runs and True, last_day)
    return {
        line.key: replace(right, may_withdraw=False, exemption=exemptions[line.key])
        if line.key in exemptions
        else right
        for line in facts.lines
    }


def grounds_of(line: LineFacts, right: Right, facts: Facts) -> frozenset[Ground]:
    """On what the claim for ``line`` stands; the shop's own promise where on nothing else.

    What is the shop's fault stands on the guarantee also after its end: a person looks at it.
    """
    found = {Ground.WITHDRAWAL} if right.may_withdraw else set()
    if line.is_our_fault:
        found.add(Ground.GUARANTEE)
        if line.is_in_transit:
            found.add(Ground.TRANSPORT)
        if line.is_defect and _may_be_hidden(line, facts):
            found.add(Ground.HIDDEN)
    return frozenset(found or {Ground.COMMERCIAL})


def _may_be_hidden(line: LineFacts, facts: Facts) -> bool:
    """Whether a fault shows after the guarantee and before the law forgets the sale."""
    is_over = "" < line.guaranteed_until < facts.asked_on.isoformat()
    if not is_over or facts.country != HIDDEN_DEFECTS_IN:
        return False
    _, outer = law.hidden_defect_limits(facts.asked_on, sold_on=facts.ordered_on)
    return outer is None or facts.asked_on <= outer


def finding_of_right(line: LineFacts, right: Right) -> Finding:
    """Why a line is taken back although the policy would not."""
    last_day = right.last_day.isoformat() if right.last_day else ""
    return _say("withdrawal_right", {"last_day": last_day}, line.key)


def finding_of_fault(line: LineFacts) -> Finding:
    """Why a person looks at a line that the policy would decline."""
    return replace(_say("fault_is_looked_at", {"sku": line.sku}, line.key), verdict=Verdict.REVIEW)


def say(code: str) -> Finding:
    """A remark of the law about the whole request."""
    return _say(code, {}, "")


def _say(code: str, numbers: dict[str, Any], line: str) -> Finding:
    return Finding(KIND, Verdict.APPROVE, code, numbers, line, KIND)


def _withdrawal_end(facts: Facts) -> tuple[bool, date | None] | None:
    """Whether the period runs, and its last day; None where there is no such right."""
    if (
        facts.is_gift
        or facts.is_business
        or facts.channel in IN_SHOP
        or not _has_right(facts.country)
    ):
        return None
    if facts.delivered_on is None:
        return True, None
    last_day = _last_day(facts.delivered_on, facts.country)
    return None if last_day is None else (facts.asked_on <= last_day, last_day)


@lru_cache(maxsize=512)
def _has_right(country: str) -> bool:
    case = {
        "id": "policy",
        "jurisdiction": country or "EU",
        "topic": "b2c_scope",
        "facts": {"channel": "online", "customer": "consumer"},
    }
    return law.answer(case).get("right_exists") is True


@lru_cache(maxsize=16_384)
def _last_day(delivered_on: date, country: str) -> date | None:
    place = law.place_named(country or "EU")
    if place is None:
        return None
    code = "UK.withdrawal" if place.page == "UK" else "withdrawal"
    try:
        return law.withdrawal_period(delivered_on, calendar=place.calendar, law=code).last_day
    except law.ParameterUnknown:
        return None
