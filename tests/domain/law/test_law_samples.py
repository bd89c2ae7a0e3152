"""The published samples: each expected key holds, and each rule is cited."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rebond.domain.law import answer

SAMPLES = [
    json.loads(line)
    for line in Path(__file__).with_name("law_samples.jsonl").read_text("utf-8").splitlines()
]
SENTENCES = {"reason", "basis", "required", "watch", "decision", "phase"}


@pytest.mark.parametrize("sample", SAMPLES, ids=[sample["id"] for sample in SAMPLES])
def test_a_sample_is_answered_as_published(sample: dict[str, Any]) -> None:
    wanted = {key: value for key, value in sample["expected"].items() if key not in SENTENCES}

    found = answer(sample)

    assert {key: found.get(key) for key in wanted} == wanted
    assert set(sample["rules"]) <= set(found["rules"])
    assert found["references"]
