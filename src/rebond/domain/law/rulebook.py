"""The list of rules: what each one is about, where it stands in the law, who applies it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources

CONFIDENCES = ("low", "medium", "high")
UNION_SOURCES = ("Dir.", "Reg.", "Deleg.", "Implementing", "CJEU", "UCC", "EN 16931")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. ``implemented_by`` names modules of this package; empty needs a ``reason``."""

    id: str
    title: str
    section: str
    references: tuple[str, ...] = ()
    confidence: str = "high"
    implemented_by: tuple[str, ...] = ()
    reason: str = ""

    @property
    def union_references(self) -> tuple[str, ...]:
        """The references that hold in every member state."""
        return tuple(text for text in self.references if text.startswith(UNION_SOURCES))


@cache
def rulebook() -> dict[str, Rule]:
    """Every rule by its id, in the order of the sections."""
    text = resources.files(__package__).joinpath("rules.toml").read_text(encoding="utf-8")
    return {entry["id"]: _rule(entry) for entry in tomllib.loads(text)["rule"]}


def lowest(confidences: Iterable[str]) -> str:
    """The least certain of them; ``high`` when there is none."""
    return min(confidences, key=CONFIDENCES.index, default="high")


def _rule(entry: dict[str, object]) -> Rule:
    lists = {key: tuple(value) for key, value in entry.items() if isinstance(value, list)}
    return Rule(**(entry | lists))  # type: ignore[arg-type]
