"""A whole draft as a form: one card for each rule, taken from the document or from what was typed.

Each rule has a prefix (``r3``); the hidden inputs ``rule`` name the prefixes in their order. What
was typed is kept as it was typed, so that nothing is lost when it cannot be read or saved.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from rebond.domain.policies import conditions
from rebond.domain.policies.documents import with_ids, without_addresses
from rebond.domain.policies.engine import LONGEST_ID, RULES, UnreadablePolicy
from rebond.domain.policies.retired import without_retired
from rebond.domain.policies.settings_reading import Setting
from rebond.web.backoffice.forms.policy_fields import (
    Field,
    Typed,
    Unreadable,
    draw,
    typed_of,
    value_from,
)
from rebond.web.backoffice.policy.sentences import (
    Speaker,
    is_usual,
    kind_title,
    reach_sentences,
    rule_name,
    rule_sentence,
)
from rebond.web.backoffice.policy.words import CONDITIONS, KINDS, RARE, SETTINGS

PARTS = ("when", "unless")
PREFIX = re.compile(r"r[0-9]{1,4}", re.ASCII)
MOST_RULES = 200
LONGEST_NOTE = 300
BY_CONDITION = {setting.name: setting for setting in conditions.SETTINGS}


@dataclass
class Card:
    """One rule on the page. ``entry`` is its reading, or what could be read of it."""

    prefix: str
    kind: str
    given: Typed
    say: Speaker
    entry: dict[str, Any] = field(default_factory=dict)
    id_error: str = ""
    breaches: list[Any] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    is_open: bool = False
    focus: str = ""

    def __post_init__(self) -> None:
        self.fields = [self._field(s) for s in RULES[self.kind].settings]
        self.conditions = {part: [self._condition(part, n) for n in self.shown(part)]
                           for part in PARTS}  # fmt: skip
        self.entry = self._read()

    @property
    def id(self) -> str:
        """The rule's own name."""
        return self._one("id")[: LONGEST_ID + 1]

    @property
    def name(self) -> str:
        """What the rule is called on its card."""
        return rule_name(self.id.strip(), self.kind) if self.id.strip() else self.title

    @property
    def note(self) -> str:
        """A note for the team."""
        return self._one("note")[:LONGEST_NOTE]

    @property
    def title(self) -> str:
        """What this kind of rule is called."""
        return kind_title(self.kind)

    @property
    def about(self) -> str:
        """When to use this kind of rule."""
        return _(KINDS[self.kind][1])

    @property
    def usual_fields(self) -> list[Field]:
        """Settings that most shops look at."""
        return [one for one in self.fields if (self.kind, one.setting.name) not in RARE]

    @property
    def rare_fields(self) -> list[Field]:
        """Settings that most shops leave alone."""
        return [one for one in self.fields if (self.kind, one.setting.name) in RARE]

    @property
    def has_errors(self) -> bool:
        """Whether something here cannot be read."""
        return bool(self.id_error) or any(one.error for one in self.all_fields)

    @property
    def all_fields(self) -> list[Field]:
        """The fields of settings and conditions."""
        return [*self.fields, *self.conditions["when"], *self.conditions["unless"]]

    @property
    def sentence(self) -> str:
        """What the rule does, in words."""
        return rule_sentence(self.entry, self.say)

    @property
    def reach(self) -> list[str]:
        """When it does, in words."""
        return reach_sentences(self.entry, self.say)

    @property
    def parts(self) -> list[dict[str, Any]]:
        """The two groups of conditions, each with what may be added."""
        return [
            {
                "key": part,
                "fields": self.conditions[part],
                "more": [
                    (name, _(words[0]))
                    for name, words in CONDITIONS.items()
                    if name not in self.shown(part) and self._may_ask(name)
                ],
            }
            for part in PARTS
        ]

    def shown(self, part: str) -> list[str]:
        """The conditions that have a field."""
        named = self.given.get(f"{self.prefix}-{part}", [])
        return [name for name in dict.fromkeys(named) if name in BY_CONDITION]

    def _may_ask(self, name: str) -> bool:
        return not (self.kind == "excluded_goods" and name == "grounds")

    def _field(self, setting: Setting) -> Field:
        label, help_text = SETTINGS[self.kind, setting.name]
        name = f"{self.prefix}-{setting.name}"
        return draw(setting, name, self.given, (_(label), _(help_text)), self.say)

    def _condition(self, part: str, name: str) -> Field:
        label, help_text = CONDITIONS[name]
        where = f"{self.prefix}-{part}-{name}"
        return draw(BY_CONDITION[name], where, self.given, (_(label), _(help_text)), self.say)

    def _read(self) -> dict[str, Any]:
        entry: dict[str, Any] = {"id": self.id.strip(), "kind": self.kind}
        if not entry["id"]:
            del entry["id"]
        elif len(entry["id"]) > LONGEST_ID:
            self.id_error = _("At most {limit} characters, please.").format(limit=LONGEST_ID)
        if self.note.strip():
            entry["note"] = self.note.strip()
        entry |= self._values(self.fields)
        for part in PARTS:
            if found := self._values(self.conditions[part]):
                entry[part] = found
        return entry

    def _values(self, fields: list[Field]) -> dict[str, Any]:
        """What the fields say beyond what goes without saying; errors are noted in them."""
        found = {}
        for one in fields:
            try:
                value = value_from(one, self.given, self.say.currency)
                if value is not None and not self._is_usual(one.setting, value):
                    found[one.setting.name] = value
            except Unreadable as problem:
                one.error = str(problem)
        return found

    def _is_usual(self, setting: Setting, value: Any) -> bool:
        if setting.name == "customers" and isinstance(value, list):
            return not value
        return is_usual(setting, value)

    def _one(self, name: str) -> str:
        return (self.given.get(f"{self.prefix}-{name}") or [""])[0]


class Sheet:
    """All cards in their order; ``base`` is what the document says beside its rules."""

    def __init__(self, given: Typed, base: Mapping[str, Any], say: Speaker) -> None:
        self.given, self.say = given, say
        self.base = {k: v for k, v in base.items() if k != "rules"}
        prefixes = dict.fromkeys(p for p in given.get("rule", []) if PREFIX.fullmatch(p))
        self.order = [p for p in prefixes if self._kind(p) in RULES][:MOST_RULES]

    @classmethod
    def of(cls, document: Mapping[str, Any], say: Speaker) -> Sheet:
        """The form of a readable document."""
        given: Typed = {"rule": []}
        sheet = cls(given, document, say)
        for entry in without_retired(with_ids(document))["rules"]:
            sheet.put(entry, len(sheet.order))
        return sheet

    @classmethod
    def typed(cls, post: QueryDict, base: Mapping[str, Any], say: Speaker) -> Sheet:
        """The form as somebody has filled it in."""
        return cls({key: list(values) for key, values in post.lists()}, base, say)

    @property
    def cards(self) -> list[Card]:
        """One card for each rule, names that stand twice marked."""
        cards = [Card(p, self._kind(p), self.given, self.say) for p in self.order]
        counts = Counter(card.id.strip() for card in cards)
        for card in cards:
            if card.id.strip() and counts[card.id.strip()] > 1:
                card.id_error = _("Another rule has this name already.")
        return cards

    def put(self, entry: Mapping[str, Any], place: int) -> str:
        """Write a rule into the form at ``place``, counted from 0; returns its prefix."""
        if len(self.order) >= MOST_RULES:
            return self.order[-1]
        used = [int(p[1:]) for p in [*self.order, *self.given.get("rule", [])] if _is_prefix(p)]
        prefix = f"r{max(used, default=-1) + 1}"
        self.given |= _typed_rule(prefix, entry, self.say.currency)
        self.order.insert(max(0, place), prefix)
        return prefix

    def move(self, prefix: str, by: int) -> None:
        """Move a rule up (-1) or down (1)."""
        place = self.order.index(prefix)
        other = place + by
        if 0 <= other < len(self.order):
            self.order[place], self.order[other] = self.order[other], prefix

    def show_condition(self, prefix: str, part: str, name: str) -> None:
        """Give a condition a field."""
        self.given.setdefault(f"{prefix}-{part}", []).append(name)

    def hide_condition(self, prefix: str, part: str, name: str) -> None:
        """Take a condition away."""
        shown = self.given.get(f"{prefix}-{part}", [])
        self.given[f"{prefix}-{part}"] = [one for one in shown if one != name]

    def _kind(self, prefix: str) -> str:
        return (self.given.get(f"{prefix}-kind") or [""])[0]


def document_of(cards: list[Card], base: Mapping[str, Any]) -> dict[str, Any]:
    """The document that the cards say. Raises ``UnreadablePolicy``."""
    if any(card.has_errors for card in cards):
        raise UnreadablePolicy(_("Please look at the marked fields."))
    rules = [card.entry for card in cards]
    return with_ids(without_addresses({**base, "rules": rules}))


def _is_prefix(text: str) -> bool:
    return PREFIX.fullmatch(text) is not None


def _typed_rule(prefix: str, entry: Mapping[str, Any], currency: str) -> Typed:
    given: Typed = {
        f"{prefix}-kind": [entry["kind"]],
        f"{prefix}-id": [str(entry.get("id", ""))],
        f"{prefix}-note": [str(entry.get("note", ""))],
    }
    for setting in RULES[entry["kind"]].settings:
        value = entry.get(setting.name, setting.default)
        if setting.name == "offered" and not value:
            value = ["refund"]
        given |= typed_of(setting, value, f"{prefix}-{setting.name}", currency)
    for part, name, value in _conditions_of(entry):
        given.setdefault(f"{prefix}-{part}", []).append(name)
        given |= typed_of(BY_CONDITION[name], value, f"{prefix}-{part}-{name}", currency)
    return given


def _conditions_of(entry: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    for part in PARTS:
        for name, value in (entry.get(part) or {}).items():
            if not is_usual(BY_CONDITION[name], value):
                yield part, name, value
