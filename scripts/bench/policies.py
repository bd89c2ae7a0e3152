"""Decisions by a policy, beside two general rule engines, and how many a second."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from scripts.bench.measure import Measure, per_second


def measures(home: Path, only: str) -> Iterator[Measure]:
    """One decision by 100 rules, beside two general rule engines on a table of 100 conditions."""
    if only not in "policy decision":
        return
    read = import_module("rebond.domain.policies.engine").read_policy
    decide = import_module("rebond.domain.policies.engine").decide
    policy, facts = read({"rules": _hundred_rules()}), _request(0)
    ours = 1000 / per_second(lambda: decide(policy, facts), 1, rounds=500)
    for name, other in (("zen-engine", _zen), ("cel-python", _cel)):
        try:
            theirs = 1000 / per_second(other(), 1, rounds=200)
        except ImportError:
            print(f"({name} is not installed: the decision is not measured beside it)")
            continue
        yield Measure("policy decision, 100 rules", ours, name, theirs, "ms")
    yield Measure("the same", ours, "1 ms", 1, "ms")
    single = read({"rules": [*_hundred_rules()[:19], {"kind": "window", "days": 30}]})
    many = [_request(n) for n in range(5000)]
    one = per_second(lambda: [decide(single, f) for f in many], len(many), rounds=5)
    yield Measure("decisions, 20 rules, 1 core", one, "17,000", 17_000, "lines/s")


def _hundred_rules() -> list[dict[str, Any]]:
    countries = ("DE", "IT", "ES", "BE")
    return [
        {
            "kind": "fee",
            "percent": n % 50,
            "when": {"countries": [countries[n % 4]], "categories": [f"c{n}"]},
        }
        for n in range(99)
    ] + [{"kind": "window", "days": 30}]


def _request(n: int) -> Any:
    """A request for one article by a consumer in Spain; the last fee but one is about it."""
    facts = import_module("rebond.domain.policies.facts")
    day = import_module("datetime").date
    line = facts.LineFacts(
        "1", "A", f"c{98 - n % 4}", 1, 4990 + n, True, False, "size", False, 0, False
    )
    delivered = day(2026, 10, 1 + n % 9)
    return facts.Facts(day(2026, 10, 20), day(2026, 9, 20), None, delivered, "ES", (line,), False)


def _zen() -> Callable[[], Any]:
    """The same 100 conditions as a decision table."""
    zen = import_module("zen")
    rules = [
        {
            "_id": str(n),
            "a": f'"{rule["when"]["countries"][0]}"' if "when" in rule else "",
            "b": f'"{rule["when"]["categories"][0]}"' if "when" in rule else "",
            "o": str(rule.get("percent", 0)),
        }
        for n, rule in enumerate(_hundred_rules())
    ]
    table = {
        "hitPolicy": "first",
        "inputs": [
            {"id": "a", "type": "expression", "name": "country", "field": "country"},
            {"id": "b", "type": "expression", "name": "category", "field": "category"},
        ],
        "outputs": [{"id": "o", "type": "expression", "name": "fee", "field": "fee"}],
        "rules": rules,
    }
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in"},
        {"id": "table", "type": "decisionTableNode", "name": "table", "content": table},
        {"id": "out", "type": "outputNode", "name": "out"},
    ]
    edges = [
        {"id": "1", "sourceId": "in", "targetId": "table", "type": "edge"},
        {"id": "2", "sourceId": "table", "targetId": "out", "type": "edge"},
    ]
    made = zen.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))
    case = {"country": "ES", "category": "c98"}
    expected = _hundred_rules()[98]["percent"]
    if made.evaluate(case)["result"] != {"fee": expected}:
        raise SystemExit(f"zen-engine answers otherwise: {made.evaluate(case)['result']}")
    return lambda: made.evaluate(case)


def _cel() -> Callable[[], Any]:
    """The same 100 conditions, each compiled, tried in order."""
    celpy = import_module("celpy")
    environment = celpy.Environment()
    programs = [
        environment.program(
            environment.compile(
                f'country == "{rule["when"]["countries"][0]}" && '
                f'category == "{rule["when"]["categories"][0]}"'
                if "when" in rule
                else "true"
            )
        )
        for rule in _hundred_rules()
    ]
    case = {
        "country": celpy.celtypes.StringType("ES"),
        "category": celpy.celtypes.StringType("c98"),
    }

    def first() -> int:
        return next(n for n, program in enumerate(programs) if program.evaluate(case))

    if first() != 98:
        raise SystemExit("cel-python answers otherwise")
    return first
