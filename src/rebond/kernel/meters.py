"""Counts and times what this process does, and adds up what all processes of the home folder did.

Each process keeps its figures in a file of its own, written at most every few seconds; whoever is
asked reads them all. Figures of a process that ended stay until `forget_the_dead`.
Source: https://prometheus.io/docs/instrumenting/exposition_formats/ (text format 0.0.4).
"""

from __future__ import annotations

import json
import os
import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

PAUSE_SECONDS = 2.0
BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Upper ends of the classes of a time, in seconds."""

Labels = tuple[tuple[str, str], ...]
Figures = dict[str, dict[Labels, list[float]]]
"""By name and labels: one figure of a count; of a time its classes, then the rest, then the sum."""

_lock = threading.Lock()
_figures: Figures = defaultdict(dict)
_owner = 0
_is_planned = False


@dataclass(frozen=True)
class Gauge:
    """A figure that was looked up when it was asked for."""

    name: str
    says: str
    value: float
    labels: Mapping[str, str]


def count(name: str, **labels: str) -> None:
    """One more of ``name``."""
    with _lock:
        _mine(name, labels, 1)[0] += 1


def took(name: str, seconds: float, **labels: str) -> None:
    """``name`` took so long once more."""
    place = next((n for n, bound in enumerate(BOUNDS) if seconds <= bound), len(BOUNDS))
    with _lock:
        row = _mine(name, labels, len(BOUNDS) + 2)
        row[place] += 1
        row[-1] += seconds


def page(says: Mapping[str, str], gauges: Iterable[Gauge]) -> str:
    """What all processes counted, then ``gauges``, as Prometheus reads it.

    ``says`` has one sentence for each name that is counted; a time's name ends in ``_seconds``.
    """
    lines = []
    for name, rows in sorted(_everybodys().items()):
        kind = "histogram" if name.endswith("_seconds") else "counter"
        lines += _head(name, says.get(name, name), kind)
        for labels, row in sorted(rows.items()):
            lines += (
                _times(name, labels, row) if kind == "histogram" else [_line(name, labels, row[0])]
            )
    seen = set()
    for gauge in gauges:
        if gauge.name not in seen:
            lines += _head(gauge.name, gauge.says, "gauge")
            seen.add(gauge.name)
        lines.append(_line(gauge.name, tuple(gauge.labels.items()), gauge.value))
    return "\n".join(lines) + "\n"


def write_down() -> None:
    """Put this process's figures into its file."""
    global _is_planned
    with _lock:
        _is_planned = False
        if _owner != os.getpid():
            return
        told = {name: [[*map(list, rows)], [*rows.values()]] for name, rows in _figures.items()}
    with suppress(OSError):
        folder = _folder()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        growing = folder / f".{os.getpid()}"
        growing.write_text(json.dumps(told), encoding="utf-8")
        growing.replace(folder / f"{os.getpid()}.json")


def forget_the_dead() -> None:
    """Remove the files of processes that run no longer."""
    for path in _folder().glob("*.json"):
        if not Path(f"/proc/{path.stem}").exists():
            path.unlink(missing_ok=True)


def _mine(name: str, labels: Mapping[str, str], size: int) -> list[float]:
    """This process's row; begun anew in a process that was forked from another."""
    global _owner, _is_planned
    if _owner != os.getpid():
        _owner, _is_planned = os.getpid(), False
        _figures.clear()
    if not _is_planned:
        _is_planned = True
        timer = threading.Timer(PAUSE_SECONDS, write_down)
        timer.daemon = True
        timer.start()
    return _figures[name].setdefault(tuple(sorted(labels.items())), [0.0] * size)


def _everybodys() -> Figures:
    write_down()
    summed: Figures = defaultdict(dict)
    for path in sorted(_folder().glob("*.json")):
        with suppress(OSError, ValueError):
            _add(summed, json.loads(path.read_text(encoding="utf-8")))
    return summed


def _add(summed: Figures, told: dict[str, Any]) -> None:
    for name, (keys, rows) in told.items():
        for key, row in zip(keys, rows, strict=True):
            labels = tuple((str(one), str(other)) for one, other in key)
            known = summed[name].setdefault(labels, [0.0] * len(row))
            for place, figure in enumerate(row):
                known[place] += figure


def _head(name: str, says: str, kind: str) -> list[str]:
    return [f"# HELP {name} {says}", f"# TYPE {name} {kind}"]


def _times(name: str, labels: Labels, row: list[float]) -> list[str]:
    lines, so_far = [], 0.0
    for bound, figure in zip((*map(str, BOUNDS), "+Inf"), row[:-1], strict=True):
        so_far += figure
        lines.append(_line(f"{name}_bucket", (*labels, ("le", bound)), so_far))
    return [*lines, _line(f"{name}_sum", labels, row[-1]), _line(f"{name}_count", labels, so_far)]


def _line(name: str, labels: Labels, value: float) -> str:
    told = ",".join(f'{key}="{_plain(text)}"' for key, text in labels)
    return f"{name}{{{told}}} {value:g}" if told else f"{name} {value:g}"


def _plain(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def _folder() -> Path:
    return Path(settings.METERS_FOLDER)
