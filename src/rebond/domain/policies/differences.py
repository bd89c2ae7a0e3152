"""What changed between two policies, as codes with the values before and after.  (pure)"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rebond.domain.policies.documents import with_ids
from rebond.kernel.words import gettext_noop

SENTENCES = {
    "rule_added": gettext_noop("“{id}” was added."),
    "rule_removed": gettext_noop("“{id}” was removed."),
    "rule_moved": gettext_noop("“{id}” moved from place {before} to place {after}."),
    "kind_changed": gettext_noop("“{id}” became another kind of rule."),
    "setting_changed": gettext_noop("“{id}”: {name} was {before}, is {after}."),
    "condition_changed": gettext_noop("“{id}”: the condition {name} was {before}, is {after}."),
}
CONDITIONS = ("when", "unless")


@dataclass(frozen=True)
class Change:
    """One difference. ``name`` is the setting, or ``when.countries`` for a condition.

    ``before`` and ``after`` are values as they stand in the documents; None: not there.
    """

    code: str
    id: str
    kind: str
    name: str = ""
    before: Any = None
    after: Any = None


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Change, ...]:
    """Every difference between two readable documents: removed, added, moved, changed."""
    before, after = _by_id(old), _by_id(new)
    found = [
        Change("rule_removed", name, rule["kind"], before=rule)
        for name, rule in before.items()
        if name not in after
    ]
    kept_before = [name for name in before if name in after]
    kept_after = [name for name in after if name in before]
    for place, (name, rule) in enumerate(after.items(), start=1):
        if name not in before:
            found.append(Change("rule_added", name, rule["kind"], after=rule))
            continue
        if kept_before.index(name) != kept_after.index(name):
            was = list(before).index(name) + 1
            found.append(Change("rule_moved", name, rule["kind"], before=was, after=place))
        found += _of_rule(name, before[name], rule)
    return tuple(found)


def _by_id(document: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {rule["id"]: rule for rule in with_ids(document)["rules"]}


def _of_rule(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    kind = new["kind"]
    found = []
    if old["kind"] != kind:
        found.append(Change("kind_changed", name, kind, before=old["kind"], after=kind))
    was, now = _flat(old), _flat(new)
    for setting in sorted(was.keys() | now.keys()):
        if was.get(setting) != now.get(setting):
            code = "condition_changed" if "." in setting else "setting_changed"
            change = Change(code, name, kind, setting, was.get(setting), now.get(setting))
            found.append(change)
    return found


def _flat(rule: Mapping[str, Any]) -> dict[str, Any]:
    values = {k: v for k, v in rule.items() if k not in {"id", "kind", *CONDITIONS}}
    for part in CONDITIONS:
        for name, value in (rule.get(part) or {}).items():
            values[f"{part}.{name}"] = value
    return values
