"""The one act of these tests: to ask a question of law."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from rebond.domain.law import answer

Ask = Callable[..., dict[str, Any]]


@pytest.fixture
def ask() -> Ask:
    def ask(topic: str, facts: dict[str, Any], jurisdiction: str = "FR") -> dict[str, Any]:
        case = {"id": "case", "jurisdiction": jurisdiction, "topic": topic, "facts": facts}
        found = answer(case)
        assert found["id"] == "case"
        return found

    return ask
