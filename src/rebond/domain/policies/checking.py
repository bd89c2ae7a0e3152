"""What is wrong with a policy: stricter than the law, dead, contradictory.  (pure)"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from rebond.domain.law.dated import AS_OF
from rebond.domain.policies.breaches import Breach, Claim
from rebond.domain.policies.conditions import UNION, Condition, Reach
from rebond.domain.policies.engine import Policy, RuleUse, read_policy
from rebond.domain.policies.facts import Ground
from rebond.domain.policies.rules.refund_by_grade import WHOLE
from rebond.kernel.words import gettext_noop

LONGEST_WINDOW = timedelta(days=400)
NAMED_UNION = "FR"

SENTENCES = {
    "window_too_short": gettext_noop(
        "{days} days are too few: consumers may withdraw for {legal_days} days after delivery."
    ),
    "window_starts_early": gettext_noop(
        "The {days} days begin before delivery: if a parcel is slow, the legal period ends later "
        "and counts."
    ),
    "no_legal_exclusion": gettext_noop(
        "These goods may be withdrawn from: the law excepts them only for a reason of its own, "
        "which the rule has to name."
    ),
    "fee_on_withdrawal": gettext_noop(
        "{percent} % may not be kept from a withdrawal: the law allows no restocking fee."
    ),
    "flat_fee_on_withdrawal": gettext_noop(
        "No fixed fee and no flat deduction for loss of value may be kept from a withdrawal."
    ),
    "delivery_not_refunded": gettext_noop(
        "When the whole order is withdrawn from, the standard cost of delivery is refunded too."
    ),
    "credit_only": gettext_noop(
        "A withdrawal is paid back in money: store credit only if the shopper asks for it."
    ),
    "exchange_only": gettext_noop(
        "A withdrawal is paid back in money: other goods only if the shopper asks for them."
    ),
    "guarantee_stays": gettext_noop(
        "A discount does not end the legal guarantee: repair, replacement or the money back stay "
        "open to the customer."
    ),
    "loss_is_a_claim": gettext_noop(
        "After a withdrawal less is paid only as a claim for loss of value, by a person, with "
        "words and a photo: the share is proposed, never kept by itself."
    ),
    "defects_in_full": gettext_noop(
        "A faulty article is refunded in full, whatever its grade: this rule does nothing for it."
    ),
    "money_comes_first": gettext_noop(
        "Money comes first: store credit may be offered, not put before it."
    ),
    "release_too_late": gettext_noop(
        "A wait of {days} days ends after the legal day: {legal_days} days at most."
    ),
    "legal_day_pays": gettext_noop("Whatever the wait of {days} days, the legal day pays."),
    "return_cost_of_defects": gettext_noop(
        "The way back of faulty goods is never paid by the shopper."
    ),
    "tell_return_cost": gettext_noop(
        "The shopper pays the way back only if you say so before the order."
    ),
    "own_way_stays_open": gettext_noop(
        "Who withdraws may always send with a carrier of their own: that way stays on offer."
    ),
    "condition_on_withdrawal": gettext_noop(
        "A withdrawal may not hang on packaging, labels or use: at most a claim for loss of value."
    ),
    "withdrawal_refused": gettext_noop("A withdrawal in time may not be declined."),
    "defect_refused": gettext_noop("Faulty goods may not be declined: the legal guarantee holds."),
    "photo_of_withdrawal": gettext_noop(
        "A photo may be asked for a defect; for a plain withdrawal it is more than is needed."
    ),
    "impossible": gettext_noop("Nothing can ever meet the conditions of this rule."),
    "out_of_date": gettext_noop("The time of this rule was over on {day}."),
    "shadowed": gettext_noop("“{by}” comes first and leaves nothing to this rule."),
    "contradicts": gettext_noop("This rule and “{by}” say the opposite of the same returns."),
    "listed_twice": gettext_noop("“{name}” stands on two lists that say the opposite."),
    "unknown_reason": gettext_noop("There is no reason “{name}” in this shop."),
    "says_nothing": gettext_noop("This rule is set to change nothing."),
}


@dataclass(frozen=True)
class Market:
    """Where and to whom a shop sells, as far as the law asks.

    ``countries`` are two-letter codes of its consumers; those that rules name are added.
    """

    countries: tuple[str, ...] = ("FR",)
    sells_to_consumers: bool = True
    on: date = AS_OF


@dataclass(frozen=True)
class Problem:
    """A rule that does not do what it seems to do. ``code`` names the sentence."""

    code: str
    id: str
    numbers: Mapping[str, Any] = field(default_factory=dict)


def conflicts(document: Mapping[str, Any], market: Market) -> tuple[Breach, ...]:
    """Where ``document`` is stricter than the law, each with its article; notes come last.

    Raises ``UnreadablePolicy``. What has a breach that is no note may not be published.
    """
    policy = read_policy(document)
    found: dict[tuple[str, str, str], Breach] = {}
    for place in _places(policy, market):
        for use in policy.uses:
            claim = _claim(use.reach, place, market)
            for breach in use.rule.breaches(use.settings, claim):
                key = (breach.code, "", "") if breach.is_note else (breach.code, use.id, place)
                found.setdefault(key, replace(breach, id=use.id))
    return tuple(sorted(found.values(), key=lambda breach: breach.is_note))


def refusals(breaches: Iterable[Breach]) -> tuple[Breach, ...]:
    """Those that stand in the way of publishing."""
    return tuple(breach for breach in breaches if not breach.is_note)


def problems(
    document: Mapping[str, Any], *, today: date, reasons: Iterable[str] | None = None
) -> tuple[Problem, ...]:
    """Rules that can never fire, and rules that say the opposite of each other.

    ``reasons`` are the codes that the shop has; None leaves them unchecked. Raises
    ``UnreadablePolicy``.
    """
    policy = read_policy(document)
    known = None if reasons is None else frozenset(reasons)
    found: list[Problem] = []
    for place, use in enumerate(policy.uses):
        found += _of_one(use, today, known)
        found += _of_two(use, policy.uses[:place])
    return tuple(found)


def _places(policy: Policy, market: Market) -> tuple[str, ...]:
    if not market.sells_to_consumers:
        return ()
    named = [
        NAMED_UNION if country == UNION else country
        for use in policy.uses
        for country in use.reach.when.values.get("countries", ())
    ]
    return tuple(dict.fromkeys([*market.countries, *named]))


ALSO_ON = {
    Ground.WITHDRAWAL: frozenset({Ground.WITHDRAWAL}),
    Ground.GUARANTEE: frozenset({Ground.GUARANTEE, Ground.TRANSPORT, Ground.HIDDEN}),
}
"""Claims that stand on one of these stand on the first too (see ``legal.grounds_of``)."""


def _claim(reach: Reach, place: str, market: Market) -> Claim:
    return Claim(
        place,
        market.on,
        withdrawal=_touches(reach, place, Ground.WITHDRAWAL, "not_ours"),
        defects=_touches(reach, place, Ground.GUARANTEE, "ours"),
    )


def _touches(reach: Reach, place: str, ground: Ground, fault: str) -> bool:
    """Whether the rule can be about a consumer of ``place`` whose claim stands on ``ground``."""
    named = reach.when.values.get("grounds")
    if named and ALSO_ON[ground].isdisjoint(named):
        return False

    def probe(on: Ground) -> Condition:
        about = {"countries": (place,), "customers": "consumer", "fault": fault}
        return Condition({"grounds": (on.value,), **about})

    met = next((one for one in Ground if named and one in named and one in ALSO_ON[ground]), ground)
    if reach.when.excludes(probe(met)):
        return False
    return reach.unless is None or not reach.unless.covers(probe(ground))


def _of_one(use: RuleUse, today: date, reasons: frozenset[str] | None) -> Iterator[Problem]:
    if use.reach.is_impossible():
        yield Problem("impossible", use.id)
    over = _over_on(use.reach.when)
    if over is not None and over < today:
        yield Problem("out_of_date", use.id, {"day": over.isoformat()})
    named = use.reach.when.values.get("reasons", ())
    for name in (*named, *getattr(use.settings, "reasons", ())):
        if reasons is not None and name not in reasons:
            yield Problem("unknown_reason", use.id, {"name": name})
    if _says_nothing(use):
        yield Problem("says_nothing", use.id)


def _over_on(when: Condition) -> date | None:
    asked_to, ordered_to = when.values.get("asked_to"), when.values.get("ordered_to")
    ends = [asked_to] if asked_to else []
    if ordered_to:
        ends.append(ordered_to + LONGEST_WINDOW)
    return min(ends, default=None)


def _says_nothing(use: RuleUse) -> bool:
    values = use.settings
    if use.rule.key == "keep_it":
        return not (values.below_minor or values.parcel_cost_minor)
    if use.rule.key == "keep_discount":
        return not values.percent
    if use.rule.key == "refund_by_grade":
        return use.reach.is_always and min(values.shares.values()) == WHOLE
    if use.rule.key == "donate":
        return not values.charity
    if use.rule.key == "limits":
        return values.per_order is None and values.per_customer is None
    if use.rule.key == "lists":
        return not (values.customers or values.orders or values.skus)
    return False


def _of_two(use: RuleUse, before: tuple[RuleUse, ...]) -> Iterator[Problem]:
    for earlier in before:
        if earlier.rule.key != use.rule.key:
            continue
        if use.rule.is_first_match and earlier.reach.covers(use.reach):
            same_reach = use.reach.covers(earlier.reach)
            opposite = same_reach and earlier.settings != use.settings
            yield Problem("contradicts" if opposite else "shadowed", use.id, {"by": earlier.id})
        elif use.rule.key == "lists" and _opposite(use.settings.say, earlier.settings.say):
            for name in _listed(use) & _listed(earlier):
                yield Problem("listed_twice", use.id, {"name": name, "by": earlier.id})
        elif use.rule.key == "question" and use.settings.asks == earlier.settings.asks:
            overlap = use.reach.covers(earlier.reach) or earlier.reach.covers(use.reach)
            if overlap and use.settings != earlier.settings:
                yield Problem("contradicts", use.id, {"by": earlier.id})


def _opposite(one: str, other: str) -> bool:
    return (one == "approve") != (other == "approve")


def _listed(use: RuleUse) -> set[str]:
    values = use.settings
    return {*values.customers, *values.orders, *values.skus}
