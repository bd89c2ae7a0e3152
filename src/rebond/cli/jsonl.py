"""JSON Lines in, JSON Lines out: one answer per line, whatever the line holds."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TextIO

Answer = Callable[[Mapping[str, Any]], dict[str, Any]]

# What a hostile line can provoke in a parser or in arithmetic.
_UNANSWERABLE = (ArithmeticError, LookupError, RecursionError, TypeError, ValueError)


def answer_lines(stream: Iterable[str], out: TextIO, answer: Answer) -> int:
    """Write the answer of each line of ``stream`` to ``out``, in order; empty lines are skipped.

    A line that cannot be read gives ``INVALID_INPUT`` with its ``id`` where that can
    be told. Returns the exit code: 0, because every line was answered.
    """
    for line in stream:
        text = line.lstrip("\ufeff").strip()
        if text:
            out.write(_answered(text, answer) + "\n")
    out.flush()
    return 0


def opened(file: str | None) -> TextIO:
    """The named file, or standard input, read so that no byte can stop it.

    Raises ``OSError`` when the file cannot be opened.
    """
    if file is None or file == "-":
        if hasattr(sys.stdin, "reconfigure"):
            sys.stdin.reconfigure(encoding="utf-8", errors="replace")
        return sys.stdin
    return open(file, encoding="utf-8", errors="replace")


def _answered(text: str, answer: Answer) -> str:
    try:
        case = json.loads(
            text,
            object_pairs_hook=_without_doubles,
            parse_constant=_no_constant,
            parse_float=_finite,
        )
        if not isinstance(case, dict):
            raise ValueError("the line must be a JSON object")
        return json.dumps(answer(case))
    except _UNANSWERABLE as error:
        return json.dumps({"id": _id_in(text), "error": "INVALID_INPUT", "detail": _detail(error)})


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return found


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON value")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError("a number is out of range")
    return number


def _id_in(text: str) -> str | int | None:
    """The ``id`` of a line that was refused, when a lenient reading still finds one."""
    try:
        case = json.loads(text, parse_int=_short)
    except _UNANSWERABLE:
        return None
    found = case.get("id") if isinstance(case, dict) else None
    return found if isinstance(found, str | int) else None


def _short(digits: str) -> int | None:
    return int(digits) if len(digits) < 20 else None


def _detail(error: BaseException) -> str:
    if isinstance(error, RecursionError):
        return "the line is nested too deeply"
    return str(error) if isinstance(error, ValueError) else "the line cannot be answered"
