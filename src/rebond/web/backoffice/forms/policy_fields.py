"""One setting of a rule as a field: drawn from its declaration, read back from what was typed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from babel.dates import get_month_names
from django.utils.translation import gettext as _

from rebond.domain.policies.settings_reading import MOST_MINOR, Setting
from rebond.web.backoffice.forms.amounts import minor_of, typed
from rebond.web.backoffice.policy.sentences import Speaker
from rebond.web.backoffice.policy.words import CHOICES
from rebond.web.ui.words import active_language

Typed = dict[str, list[str]]
RANKED = frozenset({"offered", "allowed"})
SEASON = ("bought_from", "bought_to", "until")
MOST_SEASONS = 6


@dataclass
class Field:
    """A field on the page. ``shape`` names how it is drawn, ``typed`` what stands in it."""

    setting: Setting
    name: str
    label: str
    help: str
    shape: str
    typed: list[str]
    options: list[tuple[str, str, bool]] = field(default_factory=list)
    rows: list[Any] = field(default_factory=list)
    unit: str = ""
    error: str = ""

    @property
    def text(self) -> str:
        """What stands in a field with one text."""
        return self.typed[0] if self.typed else ""

    @property
    def is_on(self) -> bool:
        """Whether a box is ticked."""
        return bool(self.typed)


class Unreadable(ValueError):
    """What was typed is no value; the text tells the person."""


def shape_of(setting: Setting) -> str:
    """How a setting is drawn."""
    schema = setting.schema
    if setting.name.endswith("_minor"):
        return "amount"
    if schema.get("type") == "integer":
        return "number"
    if schema.get("type") == "boolean":
        return "yes"
    if "enum" in schema:
        return "choice"
    if schema.get("format") == "date":
        return "day"
    if schema["items"].get("type") == "object":
        return "seasons"
    if setting.name in RANKED:
        return "ranking"
    return "several" if "enum" in schema["items"] or setting.name == "reasons" else "lines"


def typed_of(setting: Setting, value: Any, name: str, currency: str) -> Typed:
    """What stands in the inputs of a setting whose value in the document is ``value``."""
    shape = shape_of(setting)
    if shape == "amount":
        known = value is not None and value < MOST_MINOR
        return {name: [typed(value, currency, active_language()) if known else ""]}
    if shape == "yes":
        return {name: ["on"]} if value else {}
    if shape == "seasons":
        return _typed_seasons(value or (), name)
    if shape == "lines":
        return {name: ["\n".join(value or ())]}
    if shape in {"several", "ranking"}:
        return {name: list(value or ())}
    return {name: ["" if value is None else str(value)]}


def draw(setting: Setting, name: str, given: Typed, words: tuple[str, str], say: Speaker) -> Field:
    """The field of ``setting`` with what was typed into it."""
    shape, typed_here = shape_of(setting), given.get(name, [])
    drawn = Field(setting, name, words[0], words[1], shape, typed_here)
    drawn.unit = _unit(setting.name, shape, say)
    if shape in {"choice", "several"}:
        drawn.options = [(v, _said(setting, v, say), v in typed_here) for v in _among(setting, say)]
        unknown = [v for v in typed_here if v and v not in {o[0] for o in drawn.options}]
        if shape == "several":
            drawn.options += [(v, v, True) for v in unknown]
    elif shape == "ranking":
        drawn.rows = _ranks(setting, typed_here, say)
    elif shape == "seasons":
        drawn.rows = _season_rows(name, given)
    elif shape == "lines":
        drawn.rows = [min(8, max(2, drawn.text.count("\n") + 2))]
    return drawn


def value_from(drawn: Field, given: Typed, currency: str) -> Any:
    """The value for the document; None for none. Raises ``Unreadable``."""
    setting, text = drawn.setting, drawn.text.strip()
    if drawn.shape == "yes":
        return drawn.is_on
    if drawn.shape == "seasons":
        return _seasons_from(drawn.name, given)
    if drawn.shape in {"several", "ranking"}:
        value: Any = list(dict.fromkeys(one for one in drawn.typed if one))
    elif drawn.shape == "lines":
        value = list(dict.fromkeys(one.strip() for one in text.splitlines() if one.strip()))
    elif not text:
        return "" if drawn.shape == "choice" else None
    elif drawn.shape == "amount":
        value = _amount(text, currency)
    elif drawn.shape == "number":
        value = _number(text, setting)
    else:
        value = text
    return _checked(setting, value, drawn.shape)


def _unit(name: str, shape: str, say: Speaker) -> str:
    if shape == "amount":
        return say.currency
    return "%" if name == "percent" or name.endswith("_percent") else ""


def _amount(text: str, currency: str) -> int:
    minor = minor_of(text, currency)
    if minor is None:
        raise Unreadable(_("An amount such as 12.50, please."))
    return minor


def _number(text: str, setting: Setting) -> int:
    least, most = setting.schema["minimum"], setting.schema["maximum"]
    plain = text.removesuffix("%").strip()
    is_number = plain.isascii() and plain.isdigit() and len(plain) <= 9
    if not is_number or not least <= int(plain) <= most:
        raise Unreadable(
            _("A whole number from {least} to {most}, please.").format(least=least, most=most)
        )
    return int(plain)


def _checked(setting: Setting, value: Any, shape: str) -> Any:
    """``value`` as it stands, once the setting itself has accepted it."""
    try:
        # An address becomes a fingerprint before the policy is read.
        shown = [one.replace("@", "") for one in value] if setting.name == "customers" else value
        setting.parse(shown if isinstance(value, list) else value)
    except ValueError:
        said = {
            "day": _("A date, please."),
            "lines": _("Something here is too long, or there are too many lines."),
        }
        raise Unreadable(said.get(shape, _("Please choose from the list."))) from None
    return value


def _among(setting: Setting, say: Speaker) -> Sequence[str]:
    if setting.name == "reasons":
        return list(say.reasons)
    allowed = setting.schema.get("enum") or setting.schema["items"]["enum"]
    return [value for value in CHOICES[setting.name] if value in allowed]


def _said(setting: Setting, value: str, say: Speaker) -> str:
    return say.one_of(setting.name, value)


def _ranks(setting: Setting, chosen: list[str], say: Speaker) -> list[Any]:
    """One row for each place: its number, and what may be chosen for it."""
    among = _among(setting, say)
    places = [chosen[n] if n < len(chosen) else "" for n in range(len(among))]
    return [
        [("", "–", not place), *((v, _said(setting, v, say), v == place) for v in among)]
        for place in places
    ]


def _typed_seasons(seasons: Sequence[Any], name: str) -> Typed:
    given: Typed = {}
    for n, season in enumerate(seasons):
        for part in SEASON:
            month, day = season[part].split("-")
            given[f"{name}-{n}-{part}-day"] = [str(int(day))]
            given[f"{name}-{n}-{part}-month"] = [str(int(month))]
    return given


def _season_rows(name: str, given: Typed) -> list[Any]:
    """Each season, and an empty one below."""
    months = get_month_names("wide", locale=active_language())
    count = min(MOST_SEASONS, _season_count(name, given) + 1)
    return [
        [
            {
                "name": f"{name}-{n}-{part}",
                "day": _one(given, f"{name}-{n}-{part}-day"),
                "months": [
                    (str(m), months[m], _one(given, f"{name}-{n}-{part}-month") == str(m))
                    for m in range(1, 13)
                ],
            }
            for part in SEASON
        ]
        for n in range(count)
    ]


def _season_count(name: str, given: Typed) -> int:
    """One more than the last season in which a day stands."""
    pattern = re.compile(re.escape(name) + r"-([0-9])-[a-z_]+-day", re.ASCII)
    found = [pattern.fullmatch(key) for key in given if any(given[key])]
    return max((int(match[1]) + 1 for match in found if match), default=0)


def _seasons_from(name: str, given: Typed) -> list[dict[str, str]]:
    seasons = []
    for n in range(_season_count(name, given)):
        days = [_one(given, f"{name}-{n}-{part}-day") for part in SEASON]
        if not any(days):
            continue
        months = [_one(given, f"{name}-{n}-{part}-month") for part in SEASON]
        seasons.append(dict(zip(SEASON, map(_month_day, months, days), strict=True)))
    return seasons


def _month_day(month: str, day: str) -> str:
    try:
        shown = date(2024, int(month), int(day))
    except ValueError:
        raise Unreadable(_("There is no such day. Give all three days of a season.")) from None
    return shown.strftime("%m-%d")


def _one(given: Mapping[str, list[str]], name: str) -> str:
    values = given.get(name) or [""]
    return values[0].strip()[:9]
