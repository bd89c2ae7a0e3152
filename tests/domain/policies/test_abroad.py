"""Amounts of a policy are in the shop's currency: an order in another is not judged by them."""

from dataclasses import replace
from datetime import date

import pytest

from rebond.domain.policies.conditions import SETTINGS as CONDITIONS
from rebond.domain.policies.engine import RULES, decide, read_policy
from rebond.domain.policies.facts import Facts, LineFacts, Verdict
from rebond.domain.policies.frozen import freeze
from rebond.domain.policies.retired import usual_terms

AMOUNTS = [
    (kind, setting.name)
    for kind, rule in sorted(RULES.items())
    for setting in rule.settings
    if setting.name.endswith("_minor")
]
BOUNDS = [setting.name for setting in CONDITIONS if setting.name.endswith("_minor")]
BESIDE = {
    "fee": {"percent": 10},
    "keep_discount": {"percent": 20},
    "methods": {"allowed": ["prepaid_label", "drop_off", "pickup"]},
    "outcomes": {"offered": ["refund", "store_credit"]},
    "release": {"pays_at": "approval"},
    "refund_terms": {"pays_at": "approval"},
}
WITHOUT_ORDER = {"no_receipt"}
"""What is about goods without an order is in the shop's currency by itself."""
SMALL, LARGE = 1, 10**9


def request(*, foreign: bool) -> Facts:
    line = LineFacts("1", "LAMP", "", 1, 12_000, True, False, "colour", False, 0, False)
    day = date(2026, 9, 1)
    later = date(2026, 11, 3)  # after the legal days: the shop's own promise decides
    return Facts(later, day, day, day, "FR", (line,), False, is_foreign_currency=foreign)


def said(rule, *, foreign):
    cost = [{"kind": "return_cost", "paid_by": "shopper"}] if rule["kind"] == "methods" else []
    decision = decide(read_policy({"rules": [*cost, rule]}), request(foreign=foreign))
    return freeze(replace(decision, facts=None, applied=()))


@pytest.mark.parametrize(("kind", "name"), AMOUNTS)
def test_an_amount_counts_at_home_and_says_nothing_of_another_currency(kind, name):
    small, large = ({"kind": kind, name: n} | BESIDE.get(kind, {}) for n in (SMALL, LARGE))

    assert said(small, foreign=True) == said(large, foreign=True)
    if kind not in WITHOUT_ORDER:
        assert said(small, foreign=False) != said(large, foreign=False)


@pytest.mark.parametrize("part", ["when", "unless"])
@pytest.mark.parametrize("name", BOUNDS)
def test_a_rule_that_compares_an_amount_is_not_about_another_currency(name, part):
    small, large = ({"kind": "verdict", "say": "review", part: {name: n}} for n in (SMALL, LARGE))

    assert said(small, foreign=True) == said(large, foreign=True)
    assert said(small, foreign=True)["verdict"] == Verdict.APPROVE
    assert said(small, foreign=False) != said(large, foreign=False)


@pytest.mark.parametrize(("kind", "name"), [*AMOUNTS, *(("a condition", name) for name in BOUNDS)])
def test_every_amount_declares_what_it_is_worth_abroad(kind, name):
    settings = RULES[kind].settings if kind in RULES else CONDITIONS

    assert next(one for one in settings if one.name == name).abroad is not None


def test_what_is_kept_is_let_go_and_what_holds_back_holds():
    fee = {"kind": "fee", "percent": 10, "cap_minor": 500}
    early = {"kind": "release", "pays_at": "approval", "pays_early_up_to_minor": 15_000}
    look = {"kind": "review_above", "value_minor": 15_000}
    policy = read_policy({"rules": [fee, early, look]})

    home, abroad = (decide(policy, request(foreign=one)) for one in (False, True))

    assert (home.fee_minor, abroad.fee_minor) == (500, 0)
    assert (home.terms.pays_at, abroad.terms.pays_at) == ("approval", "inspection")
    assert (home.verdict, abroad.verdict) == (Verdict.APPROVE, Verdict.REVIEW)
    assert [finding.code for finding in abroad.findings] == ["other_currency"]


def test_reasons_that_are_looked_at_are_looked_at_everywhere_and_nothing_else():
    policy = read_policy({"rules": [{"kind": "review_above", "reasons": ["damaged"]}]})

    assert decide(policy, request(foreign=True)).verdict is Verdict.APPROVE


def test_a_withdrawal_in_another_currency_is_not_paid_early_up_to_an_amount():
    early = {"kind": "release", "pays_at": "approval", "pays_early_up_to_minor": 15_000}
    policy = read_policy({"rules": [early]})

    assert usual_terms(policy).pays_at == "approval"
    assert usual_terms(policy, is_foreign_currency=True).pays_at == "inspection"
