"""Policies as files: YAML, ids for every rule, addresses by their fingerprint.  (pure)"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import yaml

from rebond.domain.policies.conditions import SETTINGS as CONDITIONS
from rebond.domain.policies.engine import LONGEST_ID, RULES, UnreadablePolicy, read_policy
from rebond.domain.policies.settings_reading import Setting

MOST_BYTES = 1_000_000
SCHEMA = "https://json-schema.org/draft/2020-12/schema"


def fingerprint_of(email: str) -> str:
    """What stands for an e-mail address in a policy: it says nothing to who reads it."""
    address = email.strip().lower().encode()
    return f"mail:{hashlib.sha256(address).hexdigest()[:24]}"


def with_ids(document: Mapping[str, Any]) -> dict[str, Any]:
    """The same policy with every rule's id written down. Raises ``UnreadablePolicy``."""
    policy = read_policy(document)
    rules = [
        {"id": use.id, **{k: v for k, v in entry.items() if k != "id"}}
        for use, entry in zip(policy.uses, document["rules"], strict=True)
    ]
    return {**document, "rules": rules}


def without_addresses(document: Mapping[str, Any]) -> dict[str, Any]:
    """The same policy with e-mail addresses on lists turned into fingerprints."""
    rules = document.get("rules") if isinstance(document, Mapping) else None
    if not isinstance(rules, list):
        raise UnreadablePolicy("rules: a list is needed")
    return {**document, "rules": [_hidden(rule) for rule in rules]}


def as_yaml(document: Mapping[str, Any]) -> str:
    """The policy as YAML, the rules in their order."""
    plain = json.loads(json.dumps(with_ids(document), default=str))
    return str(yaml.safe_dump(plain, allow_unicode=True, sort_keys=False, width=100))


def from_yaml(text: str) -> dict[str, Any]:
    """The document in ``text``, YAML or JSON, as plain values. Raises ``UnreadablePolicy``."""
    if len(text.encode()) > MOST_BYTES:
        raise UnreadablePolicy(f"file: at most {MOST_BYTES} bytes")
    try:
        read = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError) as problem:
        raise UnreadablePolicy(f"file: {str(problem).splitlines()[0]}") from problem
    if not isinstance(read, Mapping):
        raise UnreadablePolicy("rules: a list is needed")
    try:
        plain: dict[str, Any] = json.loads(json.dumps(read, default=_plain))
    except (TypeError, ValueError, RecursionError) as problem:
        raise UnreadablePolicy(f"file: {problem}") from problem
    return with_ids(without_addresses(plain))


def schema() -> dict[str, Any]:
    """The JSON Schema of a policy, made from the settings of the rules."""
    condition = _object(CONDITIONS)
    return {
        "$schema": SCHEMA,
        "title": "Rebond policy",
        "type": "object",
        "required": ["rules"],
        "properties": {
            "rules": {"type": "array", "items": {"oneOf": [_rule(key) for key in sorted(RULES)]}}
        },
        "$defs": {"condition": condition},
    }


def _rule(key: str) -> dict[str, Any]:
    made = _object(RULES[key].settings)
    about = {
        "kind": {"const": key},
        "id": {"type": "string", "minLength": 1, "maxLength": LONGEST_ID},
        "note": {"type": "string"},
        "when": {"$ref": "#/$defs/condition"},
        "unless": {"$ref": "#/$defs/condition"},
    }
    made["properties"] = about | made["properties"]
    return made | {"required": ["kind"], "title": key}


def _object(settings: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {setting.name: _described(setting) for setting in settings},
        "additionalProperties": False,
    }


def _described(setting: Setting) -> dict[str, Any]:
    default = setting.default
    if default is None:
        return dict(setting.schema)
    return {**setting.schema, "default": list(default) if isinstance(default, tuple) else default}


def _hidden(rule: Any) -> Any:
    if not isinstance(rule, Mapping) or not isinstance(rule.get("customers"), list):
        return rule
    named = [fingerprint_of(n) if isinstance(n, str) and "@" in n else n for n in rule["customers"]]
    return {**rule, "customers": named}


def _plain(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise ValueError(f"{value!r} is no plain value")
