"""Decides on a request by the shop's policy.  (pure)

A policy is a document ``{"rules": [{"kind": "window", "days": 30}, …]}``. Rules are tried in
their order; the gravest verdict wins and the first rule to name a term sets it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from rebond.domain.policies import rules
from rebond.domain.policies.facts import GRAVITY, Facts, Finding, Rule, Terms, Verdict


class UnreadablePolicy(ValueError):
    """The document is not a policy; the text names the rule and what is wrong."""


@dataclass(frozen=True)
class RuleUse:
    """One rule as a policy uses it."""

    rule: Rule
    settings: Any


@dataclass(frozen=True)
class Policy:
    """A policy that has been read. ``version`` is 0 for one that was never published."""

    uses: tuple[RuleUse, ...]
    version: int = 0


@dataclass(frozen=True)
class Decision:
    """What the policy decided, why, and what it promises."""

    verdict: Verdict
    findings: tuple[Finding, ...]
    terms: Terms
    version: int

    def frozen(self) -> dict[str, Any]:
        """The decision as plain JSON values, to be kept with the return."""
        terms = {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in asdict(self.terms).items()
        }
        return {
            "verdict": self.verdict.value,
            "version": self.version,
            "terms": terms,
            "findings": [
                {
                    "rule": finding.rule,
                    "verdict": finding.verdict.value,
                    "code": finding.code,
                    "numbers": dict(finding.numbers),
                    "line": finding.line,
                }
                for finding in self.findings
            ],
        }


def _found() -> dict[str, Rule]:
    known: dict[str, Rule] = {}
    for module in iter_modules(rules.__path__):
        rule: Rule = import_module(f"{rules.__name__}.{module.name}").RULE
        if rule.key in known:
            raise ValueError(f"two rules are named {rule.key!r}")
        known[rule.key] = rule
    return known


RULES = _found()


def read_policy(document: Mapping[str, Any], *, version: int = 0) -> Policy:
    """The policy in ``document``. Raises ``UnreadablePolicy``."""
    listed = document.get("rules") if isinstance(document, Mapping) else None
    if not isinstance(listed, list):
        raise UnreadablePolicy("rules: a list is needed")
    uses = []
    for place, entry in enumerate(listed, start=1):
        kind = entry.get("kind") if isinstance(entry, Mapping) else None
        if not isinstance(kind, str) or kind not in RULES:
            raise UnreadablePolicy(f"rule {place}: unknown kind")
        rule = RULES[kind]
        settings = {name: value for name, value in entry.items() if name != "kind"}
        try:
            uses.append(RuleUse(rule, rule.read(settings)))
        except ValueError as problem:
            raise UnreadablePolicy(f"rule {place} ({rule.key}): {problem}") from problem
    return Policy(tuple(uses), version)


def decide(policy: Policy, facts: Facts) -> Decision:
    """The verdict of ``policy`` on ``facts``, with every finding that is not a plain yes."""
    verdict, findings, terms = Verdict.APPROVE, [], Terms()
    for use in policy.uses:
        said, offered = use.rule.judge(use.settings, facts)
        terms = terms.completed_by(offered)
        for finding in said:
            findings.append(finding)
            if GRAVITY[finding.verdict] > GRAVITY[verdict]:
                verdict = finding.verdict
    return Decision(verdict, tuple(findings), terms, policy.version)


def sentence_for(rule: str, code: str) -> str:
    """The English sentence of a finding, with ``{name}`` for its numbers."""
    return RULES[rule].sentences[code]
