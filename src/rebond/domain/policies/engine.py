"""Decides on a request by the shop's policy, never below the law.  (pure)

A policy is a document ``{"rules": [{"id": "…", "kind": "window", "days": 30, "when": {…},
"unless": {…}}, …]}``. Of the kinds that fix a term, a line follows the first rule that is about
it; of the others all rules speak and the gravest verdict wins. How rules of different kinds are
mixed in the list means nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from rebond.domain.policies import fair_use, legal, rules
from rebond.domain.policies.conditions import Reach, read_condition
from rebond.domain.policies.facts import (
    GRAVITY,
    Facts,
    Finding,
    Ground,
    LineFacts,
    Offer,
    Rule,
    Terms,
    Verdict,
)
from rebond.domain.policies.guarantee import outcomes_for
from rebond.domain.policies.rules import caution, excluded_goods, refund_terms
from rebond.domain.policies.rules.release import PAYS_AT
from rebond.domain.policies.settings_reading import counted_abroad
from rebond.domain.policies.terms import joined

ABOUT_A_RULE = frozenset({"kind", "id", "when", "unless", "note"})
LONGEST_ID = 60


class UnreadablePolicy(ValueError):
    """The document is not a policy; the text names the rule and what is wrong."""


@dataclass(frozen=True)
class RuleUse:
    """One rule as a policy uses it; ``place`` counts from 1 in the document.

    ``abroad`` are its settings for an order in another currency than the shop's.
    """

    rule: Rule
    settings: Any
    id: str = ""
    reach: Reach = field(default_factory=Reach)
    place: int = 0
    abroad: Any = None


@dataclass(frozen=True)
class Policy:
    """A policy that has been read. ``version`` is 0 for one that was never published.

    ``newer`` is the version in force now, where the order was bought under this one: of the two,
    the kinder decides. ``by_kind`` are the uses by kind, in the order in which kinds speak.
    """

    uses: tuple[RuleUse, ...]
    version: int = 0
    newer: Policy | None = None
    by_kind: tuple[tuple[Rule, tuple[RuleUse, ...]], ...] = ()


@dataclass(frozen=True)
class Decision:
    """What the policy decided, why, and what it promises.

    ``overruled`` are findings that the law set aside. ``applied`` are the ids of the rules that
    were about a line. ``facts`` is what was looked at. ``grounds`` say by the key of a line on
    what its claim stands.
    """

    verdict: Verdict
    findings: tuple[Finding, ...]
    terms: Terms
    version: int
    overruled: tuple[Finding, ...] = ()
    applied: tuple[str, ...] = ()
    facts: Facts | None = None
    declined_lines: frozenset[str] = frozenset()
    grounds: Mapping[str, frozenset[Ground]] = field(default_factory=dict)

    @property
    def fee_minor(self) -> int:
        """What the terms keep of the goods, from the values in the facts."""
        terms, lines = self.terms, self.facts.lines if self.facts else ()
        percents = terms.fee_percents or {}
        kept = sum(line.value_minor * percents.get(line.key, 0) // 100 for line in lines)
        kept += terms.fee_minor or 0
        return kept if terms.fee_cap_minor is None else min(kept, terms.fee_cap_minor)


def _found() -> dict[str, Rule]:
    known: dict[str, Rule] = {}
    for module in iter_modules(rules.__path__):
        rule: Rule = import_module(f"{rules.__name__}.{module.name}").RULE
        if rule.key in known:
            raise ValueError(f"two rules are named {rule.key!r}")
        known[rule.key] = rule
    return known


RULES = _found()
# The retired rule that says four things at once fills in what the finer ones leave open.
_SPEAKING = sorted(RULES, key=lambda key: (key == refund_terms.RULE.key, key))


def read_policy(document: Mapping[str, Any], *, version: int = 0) -> Policy:
    """The policy in ``document``, its conditions compiled. Raises ``UnreadablePolicy``."""
    listed = document.get("rules") if isinstance(document, Mapping) else None
    if not isinstance(listed, list):
        raise UnreadablePolicy("rules: a list is needed")
    uses: list[RuleUse] = []
    counts: Counter[str] = Counter()
    for place, entry in enumerate(listed, start=1):
        kind = entry.get("kind") if isinstance(entry, Mapping) else None
        if not isinstance(kind, str) or kind not in RULES:
            raise UnreadablePolicy(f"rule {place}: unknown kind")
        counts[kind] += 1
        uses.append(_read_use(place, entry, counts[kind]))
    ids = Counter(use.id for use in uses)
    for use in uses:
        if ids[use.id] > 1:
            raise UnreadablePolicy(f"rule {use.place} ({use.rule.key}): the id is used twice")
    return Policy(tuple(uses), version, None, _by_kind(uses))


def decide(policy: Policy, facts: Facts) -> Decision:
    """The verdict of ``policy`` on ``facts``, with every finding that is not a plain yes.

    Where the order was bought under an older version, the kinder of the two decides.
    """
    decision = _decide(policy, facts)
    if policy.newer is None:
        return decision
    return kinder(decision, _decide(policy.newer, facts))


def kinder(older: Decision, newer: Decision) -> Decision:
    """The decision that serves the shopper better; the newer one only if it is really better.

    Fewer refused lines come first, then the gentler verdict, then the terms: less kept, the
    parcel paid, delivery refunded, an earlier payout, more time.
    """
    return newer if _kindness(newer) > _kindness(older) else older


def sentence_for(rule: str, code: str) -> str:
    """The English sentence of a finding, with ``{name}`` for its numbers."""
    if rule == fair_use.KIND:
        return fair_use.SENTENCES[code]
    known = legal.SENTENCES if rule == legal.KIND else RULES[rule].sentences
    return known[code]


def asks_level(policy: Policy) -> bool:
    """Whether any rule listens to how closely a request should be looked at."""
    parts = (policy, policy.newer)
    return any(rule.key == caution.RULE.key for part in parts if part for rule, _ in part.by_kind)


def questions_for(policy: Policy, line: LineFacts, facts: Facts) -> tuple[str, ...]:
    """What to ask about ``line`` before it is sent; whatever its reason and outcome will be."""
    asked: dict[str, None] = {}
    for part in (policy, policy.newer):
        for rule, uses in part.by_kind if part else ():
            for use in uses:
                if not _may_concern(use.reach, line, facts):
                    continue
                if rule.key == "question":
                    asked[use.settings.asks] = None
                elif getattr(use.settings, "ground", "") in excluded_goods.NEEDS_BROKEN_SEAL:
                    asked["seal_intact"] = None
    return tuple(asked)


def asks_questions(policy: Policy) -> bool:
    """Whether any article may have to be asked about."""
    return any(
        use.rule.key == "question"
        or getattr(use.settings, "ground", "") in excluded_goods.NEEDS_BROKEN_SEAL
        for part in (policy, policy.newer)
        if part
        for use in part.uses
    )


def _decide(policy: Policy, facts: Facts) -> Decision:
    rights = legal.rights_of(facts, _exemptions(policy, facts))
    grounds = {line.key: legal.grounds_of(line, rights[line.key], facts) for line in facts.lines}
    findings: list[Finding] = []
    applied: list[str] = []
    fixed = fair_use.offered_less(facts) if facts.limits else {}
    offers: dict[str, Offer] = {line.key: dict(fixed) for line in facts.lines}
    trusted: set[str] = set()
    for rule, uses in policy.by_kind:
        waiting: Sequence[LineFacts] = facts.lines
        for use in uses:
            hit = use.reach.lines(facts, waiting, grounds)
            if not hit:
                continue
            applied.append(use.id)
            settings = use.abroad if facts.is_foreign_currency else use.settings
            said, offer = rule.judge(settings, facts, hit)
            findings.extend(replace(finding, id=use.id) for finding in said)
            if "grade_shares" in offer:
                offer["graded_by"] = use.id
            if offer:
                _note_offer(offer, hit, offers, trusted)
            if rule.is_first_match:
                if len(hit) == len(waiting):
                    break
                done = {line.key for line in hit}
                waiting = [line for line in waiting if line.key not in done]
    decision = _judged(policy, facts, rights, findings, offers, trusted, applied)
    return replace(decision, grounds=grounds)


def _note_offer(
    offer: Offer, hit: Sequence[LineFacts], offers: dict[str, Offer], trusted: set[str]
) -> None:
    is_trusted = offer.get("is_trusted")
    if is_trusted:
        trusted |= {line.key for line in hit} if is_trusted is True else is_trusted
        return
    for line in hit:
        mine = offers[line.key]
        for name, value in offer.items():
            mine.setdefault(name, value)


def _judged(
    policy: Policy,
    facts: Facts,
    rights: legal.Rights,
    findings: list[Finding],
    offers: dict[str, Offer],
    trusted: set[str],
    applied: list[str],
) -> Decision:
    """What remains of ``findings`` and ``offers`` beside the law, and the verdict of it."""
    kept, overruled = _beside_the_law(facts, rights, findings) if findings else ([], [])
    if trusted:
        kept = _trusting(kept, facts, trusted)
    if facts.limits:
        # A list of the trusted does not undo what a person decided about this shopper.
        kept.extend(fair_use.findings_of(facts))
    remarks = _lawful_terms(facts, rights, offers)
    declined = frozenset(f.line for f in kept if f.verdict is Verdict.DECLINE)
    verdict = _verdict(facts, rights, kept, declined)
    return Decision(
        verdict,
        (*_together(kept, facts), *remarks),
        joined(facts, offers),
        policy.version,
        tuple(overruled),
        tuple(applied),
        facts,
        declined,
    )


def _beside_the_law(
    facts: Facts, rights: legal.Rights, findings: list[Finding]
) -> tuple[list[Finding], list[Finding]]:
    """The findings that stand, those of the law among them, and those that it sets aside."""
    lines = {line.key: line for line in facts.lines}
    kept: list[Finding] = []
    overruled: list[Finding] = []
    explained: set[str] = set()
    for finding in findings:
        line = lines.get(finding.line)
        if finding.verdict is not Verdict.DECLINE or line is None:
            kept.append(finding)
            continue
        if rights[line.key].may_withdraw:
            answer = legal.finding_of_right(line, rights[line.key])
        elif line.is_our_fault:
            answer = legal.finding_of_fault(line)
        else:
            kept.append(finding)
            continue
        overruled.append(finding)
        if line.key not in explained:
            explained.add(line.key)
            kept.append(answer)
    return kept, overruled


def _trusting(findings: list[Finding], facts: Facts, trusted: set[str]) -> list[Finding]:
    """Without what would only be looked at, for lines that are trusted."""
    all_trusted = all(line.key in trusted for line in facts.lines)
    return [
        finding
        for finding in findings
        if finding.verdict is not Verdict.REVIEW
        or not (finding.line in trusted or (not finding.line and all_trusted))
    ]


def _lawful_terms(facts: Facts, rights: legal.Rights, offers: dict[str, Offer]) -> list[Finding]:
    """Raise the offers of lines that the law protects to what it gives; say what was raised."""
    codes: dict[str, None] = {}
    for line in facts.lines:
        offer, may_withdraw = offers[line.key], rights[line.key].may_withdraw
        if "outcomes" in offer:
            offer["outcomes"] = outcomes_for(offer["outcomes"], line, facts.asked_on)
        _open_ways(offer, line, is_gift=facts.is_gift, may_withdraw=may_withdraw)
        _protect_shares(offer, line, may_withdraw=may_withdraw)
        if not (may_withdraw or line.is_our_fault):
            continue
        if offer.get("fee_percent") or offer.get("fee_minor"):
            offer["fee_percent"] = offer["fee_minor"] = 0
            if may_withdraw:
                codes["fee_waived"] = None
        if line.is_our_fault:
            offer["shopper_pays_return"] = False
        if may_withdraw and facts.is_whole_order and not offer.get("refunds_shipping"):
            if "refunds_shipping" in offer:
                codes["delivery_refunded"] = None
            offer["refunds_shipping"] = True
        if "refund" not in offer.get("outcomes", ("refund",)):
            offer["outcomes"] = ("refund", *offer["outcomes"])
            codes["money_offered"] = None
    return [legal.say(code) for code in codes]


def _protect_shares(offer: Offer, line: LineFacts, *, may_withdraw: bool) -> None:
    """A fault of the shop's is refunded in full; of what may be withdrawn from, loss is claimed.

    Source: C. conso. L217-3, L217-8; L221-23 al. 3.
    """
    if may_withdraw:
        offer["share_claim"] = True
    if line.is_our_fault:
        offer.pop("grade_shares", None)
        offer.pop("graded_by", None)


def _open_ways(offer: Offer, line: LineFacts, *, is_gift: bool, may_withdraw: bool) -> None:
    """A way costs a fee only where the shopper was told to pay it; a way of one's own stays open.

    Source: C. conso. L221-23.
    """
    if line.is_our_fault or is_gift or not offer.get("shopper_pays_return"):
        offer.pop("method_fees", None)
    methods = offer.get("methods")
    if may_withdraw and methods and "own_carrier" not in methods:
        offer["methods"] = (*methods, "own_carrier")


def _verdict(
    facts: Facts, rights: legal.Rights, kept: list[Finding], declined: frozenset[str]
) -> Verdict:
    """The gravest one; a person decides where only some lines may be declined."""
    gravest = max((f.verdict for f in kept), key=GRAVITY.__getitem__, default=Verdict.APPROVE)
    if gravest is not Verdict.DECLINE:
        return gravest
    protected = any(rights[line.key].may_withdraw or line.is_our_fault for line in facts.lines)
    return Verdict.REVIEW if protected else Verdict.DECLINE


def _together(findings: list[Finding], facts: Facts) -> Iterator[Finding]:
    """One finding for the whole request in place of the same one for every line."""
    if not findings:
        return
    counts: Counter[Any] = Counter(_sameness(f) for f in findings)
    done = set()
    for finding in findings:
        same = _sameness(finding)
        if "sku" in finding.numbers or counts[same] < len(facts.lines) or not finding.line:
            yield finding
        elif same not in done:
            done.add(same)
            yield replace(finding, line="")


def _sameness(finding: Finding) -> Any:
    return finding.rule, finding.id, finding.code, tuple(finding.numbers.items())


def _exemptions(policy: Policy, facts: Facts) -> dict[str, str]:
    """The article that excepts a line from the right to withdraw, by line."""
    found: dict[str, str] = {}
    rule = excluded_goods.RULE
    for kind, uses in policy.by_kind:
        if kind.key != rule.key:
            continue
        for use in uses:
            if use.settings.ground:
                for line in use.reach.lines(facts, facts.lines, {}):
                    article = rule.exemption(use.settings, line)
                    if article:
                        found.setdefault(line.key, article)
    return found


def _kindness(decision: Decision) -> tuple[Any, ...]:
    """What is compared, the most important first; more is kinder."""
    terms = decision.terms
    pays = PAYS_AT.index(terms.pays_at) if terms.pays_at else len(PAYS_AT)
    return (
        -len(decision.declined_lines),
        -GRAVITY[decision.verdict],
        "refund" in (terms.outcomes or ("refund",)),
        bool(terms.keeps_goods),
        -decision.fee_minor,
        not terms.shopper_pays_return,
        -max((terms.method_fees or {}).values(), default=0),
        -sum(100 - share for by in (terms.grade_shares or {}).values() for share in by.values()),
        bool(terms.refunds_shipping),
        -pays,
        -(terms.wait_days or 0),
        terms.credit_bonus_percent or 0,
        terms.credit_bonus_minor or 0,
        terms.last_day.toordinal() if terms.last_day else 10**7,
    )


def _may_concern(reach: Reach, line: LineFacts, facts: Facts) -> bool:
    """Whether a rule can be about ``line``, its reason, outcome and ground left open."""
    if not reach.when.holds_for(facts) or (facts.is_foreign_currency and reach.names_amounts):
        return False
    values = reach.when.values
    among = {"categories": line.category, "skus": line.sku}
    return all(mine in values[name] for name, mine in among.items() if name in values) and (
        "tags" not in values or bool(set(values["tags"]) & set(line.tags))
    )


def _read_use(place: int, entry: Mapping[str, Any], count: int) -> RuleUse:
    rule = RULES[entry["kind"]]
    settings = {name: value for name, value in entry.items() if name not in ABOUT_A_RULE}
    try:
        unless = entry.get("unless")
        reach = Reach(
            read_condition(entry.get("when", {})), read_condition(unless) if unless else None
        )
        if rule.key == excluded_goods.RULE.key and _mentions_grounds(reach):
            raise ValueError("grounds: what is excluded decides about the ground, not the reverse")
        read = rule.read(settings)
        abroad = counted_abroad(rule.settings, read)
        return RuleUse(rule, read, _id_of(entry, count), reach, place, abroad)
    except ValueError as problem:
        raise UnreadablePolicy(f"rule {place} ({rule.key}): {problem}") from problem


def _mentions_grounds(reach: Reach) -> bool:
    return "grounds" in reach.when.values or (
        reach.unless is not None and "grounds" in reach.unless.values
    )


def _id_of(entry: Mapping[str, Any], count: int) -> str:
    given = entry.get("id")
    if given is None:
        return str(entry["kind"]) if count == 1 else f"{entry['kind']}-{count}"
    if not isinstance(given, str) or not 0 < len(given.strip()) <= LONGEST_ID:
        raise ValueError(f"id: a text of at most {LONGEST_ID} characters is needed")
    return given.strip()


def _by_kind(uses: Sequence[RuleUse]) -> tuple[tuple[Rule, tuple[RuleUse, ...]], ...]:
    found: dict[str, list[RuleUse]] = {}
    for use in uses:
        found.setdefault(use.rule.key, []).append(use)
    return tuple((RULES[key], tuple(found[key])) for key in _SPEAKING if key in found)


__all__ = [
    "RULES",
    "Decision",
    "Ground",
    "Policy",
    "RuleUse",
    "UnreadablePolicy",
    "asks_level",
    "asks_questions",
    "decide",
    "kinder",
    "questions_for",
    "read_policy",
    "sentence_for",
]
