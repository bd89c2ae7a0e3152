"""How far each chain of documents was found sound, kept beside the database.

A chain that was walked to its end needs to be walked on from there only. The marks lie in the home
folder, never in the database: whoever changes rows must not be able to move them with the rows.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

Series = tuple[str, str]


class Mark(NamedTuple):
    """The last document that was found sound: its number and its hash."""

    number: int
    hash: str


BEGINNING = Mark(0, "")


def marks() -> dict[Series, Mark]:
    """The mark of each chain, by its shop's id and its series; none without a readable file."""
    try:
        told = json.loads(_file().read_text(encoding="utf-8"))
        return {(each["shop"], each["series"]): Mark(each["number"], each["hash"]) for each in told}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def set_marks(ends: Mapping[Series, Mark]) -> None:
    """Keep how far the chains were found sound. Where the disk refuses, the next walk is longer."""
    told = [
        {"shop": shop, "series": series, "number": mark.number, "hash": mark.hash}
        for (shop, series), mark in sorted(ends.items())
    ]
    fresh = _file().with_suffix(".new")
    try:
        fresh.write_text(json.dumps(told, indent=1), encoding="utf-8")
        fresh.replace(_file())
    except OSError:
        return


def _file() -> Path:
    return Path(settings.VERIFIED_FILE)
