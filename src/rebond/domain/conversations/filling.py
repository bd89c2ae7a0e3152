"""Puts names and numbers into the words of a template.  (pure)"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

PLACEHOLDERS = ("name", "number", "order", "shop", "articles")
_BRACED = re.compile(r"\{([^{}]*)\}")


def unknown_placeholder(text: str, known: Collection[str] = PLACEHOLDERS) -> str:
    """The first ``{word}`` in ``text`` that nothing can be put into; empty where all are known."""
    return next((word for word in _BRACED.findall(text) if word not in known), "")


def filled(text: str, values: Mapping[str, str]) -> str:
    """``text`` with each known placeholder replaced once; anything else in braces stays."""
    return _BRACED.sub(lambda found: values.get(found[1], found[0]), text)
