"""The sentences of the withdrawal function, and the two controls as the law words them.

The function speaks every language whose consumers the law gives words for, also one that the
rest of the house does not speak: its sentences are data of this room, one file per language.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib import resources

from rebond.domain import law

LANGUAGES = {"fr": "Français", "en": "English", "de": "Deutsch"}
"""Language → its own name; the first is spoken where nobody asked for another."""


@cache
def words_in(language: str) -> Mapping[str, str]:
    """All sentences by their name; those of the first language for one that is not spoken."""
    known = language if language in LANGUAGES else next(iter(LANGUAGES))
    file = resources.files(__package__).joinpath("words", f"{known}.toml")
    return {name: str(text) for name, text in tomllib.loads(file.read_text("utf-8")).items()}


def link_label(language: str, on: date) -> str:
    """The words of the control that leads to the function. Source: Dir. 2011/83/EU art. 11a(1)."""
    return law.control_label("label_function", _spoken(language), on)


def confirm_label(language: str, on: date) -> str:
    """The words of the control that confirms. Source: Dir. 2011/83/EU art. 11a(3)."""
    return law.control_label("label_confirm", _spoken(language), on)


def _spoken(language: str) -> str:
    return language if language in LANGUAGES else "en"
