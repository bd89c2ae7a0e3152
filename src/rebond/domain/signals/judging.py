"""Finds the detectors, asks them, and adds up how closely a person should look.  (pure)"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from rebond.domain.policies.settings_reading import read_settings
from rebond.domain.signals import detectors
from rebond.domain.signals.facts import Detector, SignalFacts

LOOK_FROM, CAREFUL_FROM = 2, 4
"""So many points together, of 1 to 3 for each signal."""
MOST_POINTS = 30


@dataclass(frozen=True)
class Bounds:
    """What a shop set: numbers by detector, detectors switched off, points for each level."""

    numbers: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    off: frozenset[str] = frozenset()
    look_from: int = LOOK_FROM
    careful_from: int = CAREFUL_FROM


@dataclass(frozen=True)
class Sign:
    """What one detector said."""

    detector: str
    strength: int
    numbers: Mapping[str, int]


@dataclass(frozen=True)
class Judgement:
    """How closely to look, and why."""

    level: str
    points: int
    signs: tuple[Sign, ...]


def _found() -> dict[str, Detector]:
    known: dict[str, Detector] = {}
    for module in sorted(iter_modules(detectors.__path__), key=lambda found: found.name):
        detector: Detector = import_module(f"{detectors.__name__}.{module.name}").DETECTOR
        if detector.key in known:
            raise ValueError(f"two detectors are named {detector.key!r}")
        known[detector.key] = detector
    return known


DETECTORS = _found()


def judge(facts: SignalFacts, bounds: Bounds, *, only_history: bool = False) -> Judgement:
    """Ask every detector that is on; the strongest speaks first."""
    signs = [
        sign
        for detector in DETECTORS.values()
        if detector.key not in bounds.off and (detector.is_history or not only_history)
        if (sign := _asked(detector, facts, bounds)) is not None
    ]
    signs.sort(key=lambda sign: (-sign.strength, sign.detector))
    return _judgement(signs, bounds)


def bounds_of(detector: Detector, given: Mapping[str, Any]) -> dict[str, int]:
    """The numbers a detector works with, its defaults filled in. Raises ``ValueError``."""
    return read_settings(detector.settings, given)


def _asked(detector: Detector, facts: SignalFacts, bounds: Bounds) -> Sign | None:
    numbers = bounds_of(detector, bounds.numbers.get(detector.key, {}))
    spoken = detector.judge(numbers, facts)
    return Sign(detector.key, spoken.strength, spoken.numbers) if spoken is not None else None


def _judgement(signs: Sequence[Sign], bounds: Bounds) -> Judgement:
    points = sum(sign.strength for sign in signs)
    level = (
        "careful"
        if points >= bounds.careful_from
        else "look"
        if points >= bounds.look_from
        else "none"
    )
    return Judgement(level, points, tuple(signs))
