"""Lines of the log, as text or as JSON, with nothing in them that names a person or opens a door.

A sentence of a database or a library may quote what it stumbled over. So every line is masked as it
is written: addresses of mailboxes and the machine-made words of links and keys. Of a failure the
places in the code are kept and its kind; its sentence is masked, and what the database quotes goes.
"""

from __future__ import annotations

import json
import logging
import re
import traceback
from datetime import UTC, datetime
from typing import Any

MAILBOX = re.compile(r"[^\s@<>\"'(),;:=/]+@[^\s@<>\"'(),;:=/]+")
# A word of 20 signs or more with a digit in it is made by a machine; ids of rows stay readable.
MACHINE_MADE = re.compile(r"(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{20,}")
ROW_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
QUOTED = re.compile(r"^(DETAIL|LINE \d+|CONTEXT):.*(\n\s*\^)?", re.M)
NUMBER = re.compile(r"\+?\d[\d ]{8,}\d")
KNOWN = ("job", "route", "method", "status", "milliseconds", "request")
DEEPEST = 12


def masked(text: str) -> str:
    """``text`` without what may name a person or open a door."""
    text = QUOTED.sub(r"\1: …", text)
    text = MAILBOX.sub("…@…", text)
    text = MACHINE_MADE.sub(lambda m: m[0] if ROW_ID.fullmatch(m[0]) else "…", text)
    return NUMBER.sub("…", text)


class TextLines(logging.Formatter):
    """One line for people, and the places of a failure below it."""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, tz=UTC)
        told = " ".join(f"{key}={value}" for key, value in _extras(record).items())
        line = f"{moment:%Y-%m-%d %H:%M:%S} {record.levelname} {record.name} {_sentence(record)}"
        return "\n".join([f"{line} {told}".rstrip(), *_places(record)])


class JsonLines(logging.Formatter):
    """One JSON object on a line: time, level, logger, message, and what is known besides."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, tz=UTC).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _sentence(record),
            **_extras(record),
        }
        places = _places(record)
        if places:
            told["failure"] = places
        return json.dumps(told, ensure_ascii=False, default=str)


def _sentence(record: logging.LogRecord) -> str:
    """What is said. Django says the path of a request, which may be somebody's link: its route."""
    request: Any = getattr(record, "request", None)
    if record.name.startswith("django.") and hasattr(request, "resolver_match"):
        match = request.resolver_match
        status = getattr(record, "status_code", "")
        return f"{request.method} {match.route if match else '(no such address)'} {status}".strip()
    return masked(" ".join(record.getMessage().split()))


def _extras(record: logging.LogRecord) -> dict[str, object]:
    given = {name: getattr(record, name, None) for name in KNOWN}
    return {
        name: value for name, value in given.items() if isinstance(value, str | int | float | bool)
    }


def _is_theirs(record: logging.LogRecord) -> bool:
    """Whether a request was refused that could not be read: no fault of our code."""
    return 400 <= int(getattr(record, "status_code", 0) or 0) < 500


def _places(record: logging.LogRecord) -> list[str]:
    if not record.exc_info or record.exc_info[1] is None or _is_theirs(record):
        return []
    error = record.exc_info[1]
    frames = traceback.extract_tb(error.__traceback__)[-DEEPEST:]
    places = [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    return [*places, f"  {type(error).__name__}: {masked(str(error))[:500]}"]
