"""Reading what other systems sent, so that whatever it is, the reader gets values or a refusal."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID


def json_object(body: bytes) -> dict[str, Any]:
    """The JSON object in ``body``. Raises ``ValueError`` for anything else, however it is wrong."""
    try:
        found = json.loads(body)
    except RecursionError as problem:
        raise ValueError("nested too deeply") from problem
    if not isinstance(found, dict):
        raise ValueError("not an object")
    return found


def uuid_in(text: object) -> UUID | None:
    """The UUID that ``text`` is, or None."""
    try:
        return UUID(text) if isinstance(text, str) else None
    except ValueError:
        return None


def words(value: object, most: int) -> str:
    """``value`` as at most ``most`` printable characters; empty for None, lists and objects."""
    if value is None or isinstance(value, dict | list):
        return ""
    return "".join(letter for letter in str(value) if letter.isprintable())[:most]
