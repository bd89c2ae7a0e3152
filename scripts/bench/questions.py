"""Questions that store nothing: quotes and legal answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from scripts.bench.measure import ROOT, Measure, per_second

SAMPLES = ROOT / "tests/domain/refunds/quote_samples.jsonl"
FACTS = ROOT / "tests/domain/law/law_samples.jsonl"


def measures(home: Path, only: str) -> Iterator[Measure]:
    for name, file, module in (
        ("quotes", SAMPLES, "rebond.domain.refunds.amounts"),
        ("legal answers", FACTS, "rebond.domain.law"),
    ):
        if only not in name:
            continue
        yield _answers(name, file.read_text(encoding="utf-8").splitlines(), module)


def _answers(name: str, lines: list[str], module: str) -> Measure:
    cases = [json.loads(line) for line in lines]
    answer = import_module(module).answer
    ours = per_second(lambda: [answer(case) for case in cases], len(cases))
    floor = per_second(lambda: [json.dumps(json.loads(line)) for line in lines], len(cases))
    return Measure(name, ours, "reading and writing the same JSON", floor, "per second")
