"""What is refused at publishing, what is dead, what changed; files in and out."""

from datetime import date

import pytest
from tests.domain.policies.requests import article, wish

from rebond.domain.policies.checking import SENTENCES, Market, conflicts, problems, refusals
from rebond.domain.policies.differences import SENTENCES as CHANGES
from rebond.domain.policies.differences import differences
from rebond.domain.policies.documents import (
    as_yaml,
    fingerprint_of,
    from_yaml,
    with_ids,
    without_addresses,
)
from rebond.domain.policies.engine import UnreadablePolicy, decide, read_policy
from rebond.domain.policies.facts import Verdict
from rebond.domain.policies.presets import GENEROUS, PRESETS

TODAY = date(2026, 11, 22)
FR = Market(("FR",))


def found(*rules, market=FR):
    return [
        (breach.code, breach.law_rules[0])
        for breach in refusals(conflicts({"rules": list(rules)}, market))
    ]


@pytest.mark.parametrize(
    ("rule", "code", "law_rule"),
    [
        ({"kind": "window", "days": 13}, "window_too_short", "FR-WD-01"),
        ({"kind": "window", "days": 14, "starts_at": "order"}, "window_too_short", "FR-WD-01"),
        ({"kind": "fee", "percent": 1}, "fee_on_withdrawal", "FR-WD-16"),
        ({"kind": "fee", "amount_minor": 500}, "flat_fee_on_withdrawal", "FR-WD-16"),
        ({"kind": "refund_terms", "restocking_fee_percent": 9}, "fee_on_withdrawal", "FR-WD-16"),
        ({"kind": "delivery_costs", "refunded": False}, "delivery_not_refunded", "FR-WD-13"),
        ({"kind": "refund_terms", "refunds_shipping": False}, "delivery_not_refunded", "FR-WD-13"),
        ({"kind": "outcomes", "offered": ["store_credit"]}, "credit_only", "FR-WD-18"),
        ({"kind": "excluded_goods", "categories": ["sale"]}, "no_legal_exclusion", "FR-WD-20"),
        ({"kind": "release", "wait_days": 15}, "release_too_late", "FR-WD-11"),
        ({"kind": "question", "asks": "original_packaging", "no": "decline"},
         "condition_on_withdrawal", "FR-WD-01"),
        ({"kind": "limits", "per_customer": 3, "beyond": "decline"},
         "withdrawal_refused", "FR-WD-01"),
        ({"kind": "return_cost", "paid_by": "shopper", "when": {"fault": "ours"}},
         "return_cost_of_defects", "FR-GL-04"),
        ({"kind": "verdict", "say": "decline", "when": {"fault": "ours"}},
         "defect_refused", "FR-GL-01"),
    ],
)  # fmt: skip
def test_what_is_stricter_than_the_law_is_named_with_its_rule(rule, code, law_rule):
    assert found(rule) == [(code, law_rule)]


@pytest.mark.parametrize(
    "rule",
    [
        {"kind": "window", "days": 14},
        {"kind": "window", "days": 7, "when": {"customers": "business"}},
        {"kind": "window", "days": 7, "when": {"countries": ["CH"]}},
        {"kind": "fee", "percent": 20, "when": {"grounds": ["commercial_return"]}},
        {"kind": "fee", "percent": 20, "unless": {"grounds": ["statutory_withdrawal"]}},
        {"kind": "excluded_goods", "covers": "all", "ground": "perishable"},
        {"kind": "release", "wait_days": 14},
        {"kind": "keep_discount", "percent": 90},
    ],
)
def test_what_the_law_allows_passes(rule):
    assert found(rule) == []


def test_countries_that_a_rule_names_are_asked_too():
    rule = {"kind": "window", "days": 7, "when": {"countries": ["DE"]}}

    (breach,) = refusals(conflicts({"rules": [rule]}, Market(("CH",))))

    assert breach.place == "DE" and any("BGB" in article for article in breach.articles)


def test_a_default_that_is_left_brings_a_note():
    notes = conflicts({"rules": [{"kind": "return_cost", "paid_by": "shopper"}]}, FR)

    assert [(note.code, note.is_note, note.law_rules) for note in notes] == [
        ("tell_return_cost", True, ("FR-WD-15",))
    ]


def test_a_fee_for_the_label_of_faulty_goods_is_refused_and_one_on_withdrawals_is_to_be_told():
    fee = {"kind": "methods", "allowed": ["prepaid_label"], "label_fee_minor": 490}
    for_defects = fee | {"when": {"grounds": ["legal_guarantee"]}}

    (breach,) = refusals(conflicts({"rules": [for_defects]}, FR))
    notes = conflicts({"rules": [fee]}, FR)

    assert breach.code == "return_cost_of_defects"
    assert {note.code for note in notes if note.is_note} == {
        "tell_return_cost",
        "own_way_stays_open",
    }


@pytest.mark.parametrize("ground", ["transport_damage", "hidden_defect"])
def test_a_fee_on_what_was_damaged_on_the_way_or_hidden_is_refused_too(ground):
    fee = {"kind": "methods", "allowed": ["prepaid_label"], "label_fee_minor": 490}
    named = fee | {"when": {"grounds": [ground]}}
    spared = fee | {"unless": {"grounds": ["legal_guarantee"]}}

    (breach,) = refusals(conflicts({"rules": [named]}, FR))

    assert breach.code == "return_cost_of_defects"
    assert not refusals(conflicts({"rules": [spared]}, FR))


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_a_preset_keeps_the_law_and_has_no_dead_rule(name):
    market = Market(("FR", "DE", "IT", "UK"))

    assert refusals(conflicts(PRESETS[name], market)) == ()
    assert problems(PRESETS[name], today=TODAY) == ()
    assert from_yaml(as_yaml(PRESETS[name])) == with_ids(PRESETS[name])


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        ([{"kind": "window"}, {"kind": "window", "when": {"skus": ["A"]}, "days": 60}], "shadowed"),
        ([{"kind": "window"}, {"kind": "window", "days": 60}], "contradicts"),
        ([{"kind": "verdict", "when": {"min_value_minor": 9, "max_value_minor": 1}}], "impossible"),
        ([{"kind": "verdict", "when": {"tags": ["a"]}, "unless": {"tags": ["a", "b"]}}],
         "impossible"),
        ([{"kind": "fee", "percent": 5, "when": {"asked_to": "2025-12-31"}}], "out_of_date"),
        ([{"kind": "verdict", "when": {"reasons": ["boredom"]}}], "unknown_reason"),
        ([{"kind": "keep_it"}], "says_nothing"),
        ([{"kind": "lists", "skus": ["A"]}, {"kind": "lists", "skus": ["A"], "say": "approve"}],
         "listed_twice"),
        ([{"kind": "window", "when": {"countries": ["EU"]}},
          {"kind": "window", "when": {"countries": ["IT"]}}], "shadowed"),
    ],
)  # fmt: skip
def test_a_rule_that_does_not_do_what_it_seems_to_is_reported(rules, code):
    (problem,) = problems({"rules": rules}, today=TODAY, reasons=["size"])

    assert problem.code == code
    assert SENTENCES[code].format_map(dict(problem.numbers))


def test_a_special_rule_before_the_general_one_is_no_problem():
    rules = [{"kind": "window", "days": 60, "when": {"skus": ["A"]}}, {"kind": "window"}]

    assert problems({"rules": rules}, today=TODAY) == ()


def test_what_changed_is_told_as_codes():
    old = {"rules": [{"kind": "window", "days": 30}, {"kind": "evidence"}, {"kind": "keep_it"}]}
    new = {
        "rules": [
            {"kind": "evidence"},
            {"kind": "window", "days": 45, "when": {"countries": ["FR"]}},
            {"kind": "release", "pays_at": "scan"},
        ]
    }

    changes = differences(old, new)

    assert [(c.code, c.id, c.before, c.after) for c in changes if c.code == "setting_changed"] == [
        ("setting_changed", "window", 30, 45)
    ]
    assert {c.code for c in changes} == {
        "rule_added",
        "rule_removed",
        "rule_moved",
        "setting_changed",
        "condition_changed",
    }
    assert all(CHANGES[c.code].format_map(vars(c)) for c in changes)
    assert differences(old, old) == ()


def test_an_address_on_a_list_is_kept_as_its_fingerprint():
    typed = {"rules": [{"kind": "lists", "customers": [" Ana@Client.example", "C-7"]}]}

    kept = without_addresses(typed)

    assert "@" not in str(kept)
    mark = fingerprint_of("ana@client.example")
    assert decide(read_policy(kept), wish(article(), shopper_marks=(mark,))).verdict is (
        Verdict.REVIEW
    )


@pytest.mark.parametrize("text", ["rules: [", "- 1", "rules: 3", "rules: [{kind: 2001-01-01}]", ""])
def test_a_file_that_is_no_policy_is_refused(text):
    with pytest.raises(UnreadablePolicy):
        from_yaml(text)


def test_a_date_without_quotes_is_read_as_a_date():
    text = "rules: [{kind: window, when: {ordered_from: 2026-11-01}}]"

    assert from_yaml(text)["rules"][0]["when"] == {"ordered_from": "2026-11-01"}


def test_the_first_preset_reads_as_it_always_did():
    assert [use.id for use in read_policy(GENEROUS).uses] == [
        "excluded_goods",
        "window",
        "evidence",
        "review_above",
        "return_cost",
        "release",
        "delivery_costs",
    ]
