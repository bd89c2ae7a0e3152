"""The list of rules: complete, honest, and in step with its page."""

from __future__ import annotations

import importlib
import re
import runpy
from pathlib import Path

import pytest

from rebond.domain.law import dated
from rebond.domain.law.rulebook import CONFIDENCES, rulebook
from rebond.domain.law.why import WHY

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = runpy.run_path(str(ROOT / "scripts" / "law_rules.py"))
TESTED = SCRIPT["tests_by_rule"]()
RULES = list(rulebook().values())


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_is_applied_and_tested_or_says_why_not(rule):
    assert bool(rule.implemented_by) != bool(rule.reason)
    assert rule.confidence in CONFIDENCES
    for module in rule.implemented_by:
        importlib.import_module(f"rebond.domain.law.{module.replace('/', '.')}")
    assert not rule.implemented_by or TESTED.get(rule.id)


def test_tests_named_as_reasons_exist():
    known = "".join(file.read_text("utf-8") for file in (ROOT / "tests").rglob("test_*.py"))
    named = [name for rule in RULES for name in re.findall(r"`(test_\w+)`", rule.reason)]

    assert len(named) >= 6
    assert [name for name in named if f"def {name}(" not in known] == []


def test_the_page_is_in_step():
    page = (ROOT / "docs" / "reference" / "law-rules.md").read_text("utf-8")

    assert page == SCRIPT["page"](), "run: python scripts/law_rules.py"


def test_every_dated_value_has_its_source():  # GEN-08
    rows = dated.rows()

    assert len(rows) > 50
    assert all(row.source and row.unit and row.confidence in CONFIDENCES for row in rows)
    assert all(row.valid_to is None or row.valid_from <= row.valid_to for row in rows)


def test_no_two_values_of_a_rule_hold_on_one_day():  # GEN-08
    for one in dated.rows():
        others = [row for row in dated.rows() if row.id == one.id and row is not one]
        assert not any(other.holds_on(one.valid_from) for other in others)


def test_every_reason_is_given_somewhere():
    package = ROOT / "src" / "rebond" / "domain" / "law"
    texts = [file.read_text("utf-8") for file in package.rglob("*.py") if file.name != "why.py"]

    assert [code for code in WHY if not any(f'"{code}"' in text for text in texts)] == []
