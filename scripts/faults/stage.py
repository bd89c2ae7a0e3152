"""Where rows are played: installations to begin from, made once and copied for each row."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from scripts.faults.installation import Installation


@dataclass
class Stage:
    """One database's rows. ``is_small``: few repetitions; ``is_whole``: every point of a sweep.

    ``server`` is the address of a PostgreSQL server; empty for SQLite. ``seed`` decides whatever
    is left to chance. ``blank`` is an installation with empty tables, where there is one already.
    """

    server: str = ""
    seed: int = 1
    is_small: bool = False
    is_whole: bool = False
    blank: Installation | None = None
    _kept: dict[str, tuple[Installation, dict[str, Any]]] = field(default_factory=dict)

    def __enter__(self) -> Stage:
        return self

    def __exit__(self, *_: object) -> None:
        for installation, _facts in self._kept.values():
            installation.close()
        if self.blank is not None:
            self.blank.close()

    def points(self, many: int, *, most: int = 12, few: int = 3) -> range:
        """Which of 1 to ``many`` a sweep takes: all of a whole one, else spread by the seed."""
        step = 1 if self.is_whole else -(-many // (few if self.is_small else most))
        return range(1 + self.seed % step, many + 1, step)

    @property
    def database(self) -> str:
        """The kind of the database."""
        return "postgresql" if self.server else "sqlite"

    def scene(self, name: str, **wish: Any) -> tuple[Installation, dict[str, Any]]:
        """A fresh copy of the scene ``name``, to be closed by the caller, and what is in it."""
        key = f"{name} {sorted(wish.items())}"
        if key not in self._kept:
            self._kept[key] = self._play(name, wish)
        installation, facts = self._kept[key]
        return Installation(self.server, like=installation), dict(facts)

    def _play(self, name: str, wish: dict[str, Any]) -> tuple[Installation, dict[str, Any]]:
        if self.blank is None:
            self.blank = Installation(self.server)
            self.blank.inside("scenes.blank").made  # noqa: B018  (raises where it failed)
        fresh = Installation(self.server, like=self.blank)
        try:
            provider = fresh.provider()
            facts: dict[str, Any] = fresh.inside(f"scenes.{name}", **wish).made
            for reference, captured in facts.get("payments", {}).items():
                provider.opens(reference, captured)
        except BaseException:
            fresh.close()
            raise
        fresh.stop()
        return fresh, facts
