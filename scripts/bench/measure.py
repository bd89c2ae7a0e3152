"""One figure and the one beside it."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Measure:
    """One figure and the one beside it, in the same unit and run."""

    name: str
    ours: float
    against: str
    other: float
    unit: str

    @property
    def ratio(self) -> float:
        """Ours over the other."""
        return self.ours / self.other if self.other else float("inf")


def per_second(work: Callable[[], Any], many: int, *, rounds: int = 5) -> float:
    """How many a second, the median of several rounds."""
    work()
    rates = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        rates.append(many / (time.perf_counter() - began))
    return statistics.median(rates)
