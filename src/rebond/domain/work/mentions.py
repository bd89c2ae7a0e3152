"""Finds the people who are named in a note.  (pure)"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypeVar
from uuid import UUID

_AT = re.compile(r"(?<![\w.])@([\w.-]+)", re.UNICODE)
K = TypeVar("K", UUID, int, str)


def handle(name: str) -> str:
    """How somebody is called with an ``@``: their first name in lower case."""
    return name.split()[0].casefold() if name.split() else ""


def mentioned(text: str, people: Iterable[tuple[K, str]]) -> list[K]:
    """Those of ``people`` (key and name) whom ``text`` names as ``@first`` or ``@first.last``.

    Where two share a first name both are meant, unless the whole name is written.
    """
    called = {word.casefold().rstrip(".-") for word in _AT.findall(text)}
    found = []
    for key, name in people:
        whole = ".".join(name.casefold().split())
        if whole in called or handle(name) in called:
            found.append(key)
    return found
