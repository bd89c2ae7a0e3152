"""Reading what other systems sent, so that whatever it is, the reader gets values or a refusal."""

from __future__ import annotations

import json
from typing import Any


def json_object(body: bytes) -> dict[str, Any]:
    """The JSON object in ``body``. Raises ``ValueError`` for anything else, however it is wrong."""
    try:
        found = json.loads(body)
    except RecursionError as problem:
        raise ValueError("nested too deeply") from problem
    if not isinstance(found, dict):
        raise ValueError("not an object")
    return found
