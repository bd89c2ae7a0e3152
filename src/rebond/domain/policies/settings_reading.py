"""Declares the settings of rules once: read strictly, described as JSON Schema.  (pure)"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

MOST_MINOR = 10**12
MOST_WORDS = 5000
MONTH_DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])", re.ASCII)


@dataclass(frozen=True)
class Setting:
    """One setting: how a value is read (raises ``ValueError``), its default, its JSON Schema.

    ``default`` is what an absent setting means, already read. ``abroad`` stands with amounts only:
    the settings, this one among them, as they count for an order in another currency.
    """

    name: str
    parse: Callable[[Any], Any]
    default: Any
    schema: Mapping[str, Any]
    abroad: Mapping[str, Any] | None = None


def read_settings(declared: Sequence[Setting], given: Mapping[str, Any]) -> dict[str, Any]:
    """The value of every declared setting. Raises ``ValueError`` for a name or value unknown."""
    known = {setting.name for setting in declared}
    for name in given:
        if name not in known:
            raise ValueError(f"{name}: unknown setting")
    return {s.name: _value(s, given[s.name]) if s.name in given else s.default for s in declared}


def whole(name: str, *, least: int, most: int, default: int | None) -> Setting:
    """A whole number between ``least`` and ``most``."""

    def parse(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise ValueError(f"a whole number from {least} to {most} is needed")
        return value

    return Setting(name, parse, default, {"type": "integer", "minimum": least, "maximum": most})


def minor(name: str, *, abroad: Mapping[str, Any], default: int | None = 0) -> Setting:
    """An amount in minor units of the shop's currency.

    ``abroad`` are the settings as they count where an order has another currency, for which
    there is no rate: what is kept from the shopper is not kept, what holds a payout back holds it.
    """
    return replace(whole(name, least=0, most=MOST_MINOR, default=default), abroad=abroad)


def counted_abroad(declared: Sequence[Setting], settings: Any) -> Any:
    """The read ``settings`` as they count for an order in another currency than the shop's.

    An amount that stands at its default names nothing, and changes nothing.
    """
    changed: dict[str, Any] = {}
    for setting in declared:
        if setting.abroad is not None and getattr(settings, setting.name) != setting.default:
            changed |= setting.abroad
    return replace(settings, **changed) if changed else settings


def flag(name: str, *, default: bool) -> Setting:
    """Yes or no."""

    def parse(value: Any) -> bool:
        if not isinstance(value, bool):
            raise ValueError("true or false is needed")
        return value

    return Setting(name, parse, default, {"type": "boolean"})


def choice(name: str, *, among: Sequence[str], default: str) -> Setting:
    """One word ``among`` those allowed."""
    sorted_words = sorted(among)

    def parse(value: Any) -> str:
        if not isinstance(value, str) or value not in sorted_words:
            raise ValueError(f"one of {', '.join(sorted_words)} is needed")
        return str(value)

    return Setting(name, parse, default, {"enum": sorted_words})


def words(name: str, *, among: Sequence[str] = (), longest: int = 200) -> Setting:
    """A list of texts, empty when absent; only those ``among`` where some are given."""

    def parse(value: Any) -> tuple[str, ...]:
        if not isinstance(value, list) or len(value) > MOST_WORDS:
            raise ValueError("a list of texts is needed")
        for word in value:
            if not isinstance(word, str) or not 0 < len(word) <= longest:
                raise ValueError("a list of texts is needed")
            if among and word not in among:
                raise ValueError(f"{word!r} is none of {', '.join(among)}")
        return tuple(dict.fromkeys(value))

    item = {"enum": list(among)} if among else {"type": "string", "minLength": 1}
    return Setting(name, parse, (), {"type": "array", "items": item})


def day(name: str) -> Setting:
    """A calendar date as ``2026-12-24``; None when absent."""

    def parse(value: Any) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError):
            raise ValueError("a date such as 2026-12-24 is needed") from None

    return Setting(name, parse, None, {"type": "string", "format": "date"})


def month_days(name: str, *keys: str) -> Setting:
    """A list of objects whose ``keys`` are days of any year, as ``12-24``."""

    def parse(value: Any) -> tuple[tuple[str, ...], ...]:
        if not isinstance(value, list) or len(value) > 20:
            raise ValueError("a list is needed")
        return tuple(_month_days(entry, keys) for entry in value)

    each = {
        "type": "object",
        "properties": {key: {"type": "string", "pattern": MONTH_DAY.pattern} for key in keys},
        "required": list(keys),
        "additionalProperties": False,
    }
    return Setting(name, parse, (), {"type": "array", "items": each})


def _month_days(entry: Any, keys: Sequence[str]) -> tuple[str, ...]:
    if not isinstance(entry, Mapping) or set(entry) != set(keys):
        raise ValueError(f"{', '.join(keys)} are needed")
    for key in keys:
        if not isinstance(entry[key], str) or not MONTH_DAY.fullmatch(entry[key]):
            raise ValueError(f"{key}: a day such as 12-24 is needed")
    return tuple(entry[key] for key in keys)


def _value(setting: Setting, given: Any) -> Any:
    try:
        return setting.parse(given)
    except ValueError as problem:
        raise ValueError(f"{setting.name}: {problem}") from None
