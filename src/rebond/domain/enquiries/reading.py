"""Which lines of an order somebody means, by their words.  (pure)"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol, TypeVar

_WORD = re.compile(r"\w{3,}")


class Titled(Protocol):
    """A line with an article."""

    sku: str
    title: str


_L = TypeVar("_L", bound=Titled)


def lines_meant(text: str, lines: Sequence[_L]) -> list[_L]:
    """The lines whose code or whole title stands in ``text``; the only line there is, always.

    A guess for a person to look at: nothing is decided by it.
    """
    if len(lines) == 1:
        return list(lines)
    said = text.casefold()
    words = set(_WORD.findall(said))
    return [line for line in lines if _is_meant(line, said, words)]


def _is_meant(line: Titled, said: str, words: set[str]) -> bool:
    title = _WORD.findall(line.title.casefold())
    by_code = bool(line.sku) and line.sku.casefold() in said
    return by_code or (bool(title) and all(_stem(word, words) for word in title))


def _stem(word: str, words: set[str]) -> bool:
    """Whether the word was said, in the plural too."""
    return word in words or f"{word}s" in words or word.removesuffix("s") in words
