"""A decision as plain JSON values, and the facts read back from it.  (pure)"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date
from typing import Any

from rebond.domain.policies.engine import Decision, Policy, decide
from rebond.domain.policies.facts import Facts, Finding, Ground, LineFacts, Terms, Verdict

DAYS = ("asked_on", "ordered_on", "dispatched_on", "delivered_on")
OF_FACTS, OF_LINES, OF_TERMS = (
    tuple(each.name for each in fields(shape)) for shape in (Facts, LineFacts, Terms)
)


def freeze(decision: Decision) -> dict[str, Any]:
    """The decision, its terms, its rules, its version and the facts behind it."""
    return {
        "verdict": decision.verdict.value,
        "version": decision.version,
        "terms": _plain(asdict(decision.terms)),
        "findings": [_finding(finding) for finding in decision.findings],
        "overruled": [_finding(finding) for finding in decision.overruled],
        "rules": list(decision.applied),
        "grounds": {line: sorted(on) for line, on in decision.grounds.items()},
        "facts": _plain(asdict(decision.facts)) if decision.facts else None,
    }


def facts_in(frozen: Mapping[str, Any]) -> Facts | None:
    """The facts of a frozen decision; None for one that was kept before facts were."""
    given = frozen.get("facts")
    if not given:
        return None
    values = {name: given[name] for name in OF_FACTS if name in given}
    for name in DAYS:
        values[name] = date.fromisoformat(values[name]) if values[name] else None
    values["lines"] = tuple(_line(line) for line in values["lines"])
    values["earlier_returns_on"] = tuple(map(date.fromisoformat, values["earlier_returns_on"]))
    for name in ("shopper_tags", "shopper_marks", "limits"):
        values[name] = tuple(values.get(name, ()))
    return Facts(**values)


def thawed(frozen: Mapping[str, Any], facts: Facts) -> Decision:
    """The decision that was frozen, on the ``facts`` that are frozen with it."""
    given = frozen.get("terms") or {}
    terms = {name: given[name] for name in OF_TERMS if given.get(name) is not None}
    if "last_day" in terms:
        terms["last_day"] = date.fromisoformat(terms["last_day"])
    for name in ("outcomes", "send_to", "methods"):
        if name in terms:
            terms[name] = tuple(terms[name])
    for name in ("line_outcomes", "charities"):
        if name in terms:
            terms[name] = {key: tuple(words) for key, words in terms[name].items()}
    findings = tuple(_read_finding(one) for one in frozen.get("findings", ()))
    refused = {one.line for one in findings if one.verdict is Verdict.DECLINE}
    return Decision(
        Verdict(frozen["verdict"]),
        findings,
        Terms(**terms),
        frozen.get("version", 0),
        tuple(_read_finding(one) for one in frozen.get("overruled", ())),
        tuple(frozen.get("rules", ())),
        facts,
        frozenset(line.key for line in facts.lines) if "" in refused else frozenset(refused),
        {line: frozenset(map(Ground, on)) for line, on in frozen.get("grounds", {}).items()},
    )


def replayed(frozen: Mapping[str, Any], policy: Policy) -> dict[str, Any] | None:
    """What ``policy`` says today of the facts of ``frozen``, frozen too; None without facts."""
    facts = facts_in(frozen)
    return None if facts is None else freeze(decide(policy, facts))


def _line(given: Mapping[str, Any]) -> LineFacts:
    known = {name: given[name] for name in OF_LINES if name in given}
    return LineFacts(**known | {"tags": tuple(given.get("tags", ()))})


def _read_finding(given: Mapping[str, Any]) -> Finding:
    return Finding(
        given["rule"],
        Verdict(given["verdict"]),
        given["code"],
        given.get("numbers") or {},
        given.get("line", ""),
        given.get("id", ""),
    )


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "id": finding.id,
        "verdict": finding.verdict.value,
        "code": finding.code,
        "numbers": dict(finding.numbers),
        "line": finding.line,
    }


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value
