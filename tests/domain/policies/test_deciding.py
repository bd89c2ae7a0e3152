"""How a policy decides: conditions, order, the law above it, the kinder version."""

import random
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.domain.policies.requests import article, wish
from tests.domain.policies.test_every_rule import EVERY_SETTING, FACTS

from rebond.domain.law import withdrawal_last_day
from rebond.domain.policies.engine import (
    UnreadablePolicy,
    decide,
    kinder,
    questions_for,
    read_policy,
)
from rebond.domain.policies.facts import GRAVITY, Verdict
from rebond.domain.policies.frozen import freeze, replayed
from rebond.domain.policies.presets import PRESETS

WITHIN, AFTER = 5, 20
CUMULATIVE = ("excluded_goods", "limits", "lists", "question", "review_above")

CONDITIONS = st.fixed_dictionaries(
    {},
    optional={
        "categories": st.lists(st.sampled_from(["bags", "food"]), min_size=1, max_size=2),
        "countries": st.lists(st.sampled_from(["FR", "DE", "EU"]), min_size=1, max_size=2),
        "fault": st.sampled_from(["ours", "not_ours"]),
        "customers": st.sampled_from(["consumer", "business"]),
        "max_value_minor": st.integers(0, 10**9),
    },
)
RULE_LISTS = st.lists(
    st.sampled_from(
        [{"kind": kind, **values} for kind, uses in EVERY_SETTING.items() for values in [{}, *uses]]
    ).flatmap(
        lambda rule: st.builds(
            lambda when, unless: {
                **rule,
                **({"when": when} if when else {}),
                **({"unless": unless} if unless else {}),
            },
            st.just({}) if rule["kind"] == "excluded_goods" else CONDITIONS,
            st.just({}) | CONDITIONS,
        )
    ),
    max_size=8,
)


def policy(*rules, version=0):
    return read_policy({"rules": list(rules)}, version=version)


# --- properties ---------------------------------------------------------------------------


@settings(max_examples=300)
@given(rules=RULE_LISTS, facts=FACTS)
def test_a_decision_is_never_below_the_law(rules, facts):
    decision = decide(policy(*rules), facts)

    excepted = {u.id for u in policy(*rules).uses if getattr(u.settings, "ground", "")}
    received_on = facts.delivered_on or facts.asked_on
    in_time = facts.asked_on <= withdrawal_last_day(received_on)
    has_contract = not facts.is_business and not facts.is_gift
    protected = in_time and has_contract and facts.channel == "web" and not excepted
    if facts.lines and (protected or any(line.is_our_fault for line in facts.lines)):
        assert decision.verdict is not Verdict.DECLINE
    if facts.lines and protected:
        assert not decision.terms.fee_percents and not decision.terms.fee_minor
        assert decision.terms.outcomes is None or "refund" in decision.terms.outcomes
        assert not (facts.is_whole_order and decision.terms.refunds_shipping is False)


@settings(max_examples=150)
@given(rules=RULE_LISTS, facts=FACTS, seed=st.integers(0, 99))
def test_how_kinds_are_mixed_and_in_which_order_rules_add_up_means_nothing(rules, facts, seed):
    named = [{**rule, "id": str(place)} for place, rule in enumerate(rules)]
    firsts = [rule for rule in named if rule["kind"] not in CUMULATIVE]
    free = [rule for rule in named if rule["kind"] in CUMULATIVE]
    random.Random(seed).shuffle(free)
    by_kind = sorted(firsts, key=lambda rule: rule["kind"])

    one, other = decide(policy(*named), facts), decide(policy(*free, *by_kind), facts)

    assert (one.verdict, one.terms) == (other.verdict, other.terms)
    assert sorted(map(repr, one.findings)) == sorted(map(repr, other.findings))


@given(rules=RULE_LISTS, facts=FACTS)
def test_a_frozen_decision_is_replayed_identically(rules, facts):
    judged_by = policy(*rules, version=7)

    frozen = freeze(decide(judged_by, facts))

    assert replayed(frozen, judged_by) == frozen


@given(old=RULE_LISTS, new=RULE_LISTS, facts=FACTS)
def test_of_two_versions_the_kinder_decides(old, new, facts):
    older, newer = policy(*old, version=1), policy(*new, version=2)
    one, other = decide(older, facts), decide(newer, facts)

    chosen = decide(replace(older, newer=newer), facts)

    assert chosen in (one, other)
    assert len(chosen.declined_lines) == min(len(one.declined_lines), len(other.declined_lines))
    if len(one.declined_lines) == len(other.declined_lines):
        assert GRAVITY[chosen.verdict] == min(GRAVITY[one.verdict], GRAVITY[other.verdict])
    assert kinder(one, one) is one


@pytest.mark.parametrize("name", sorted(PRESETS))
@given(facts=FACTS)
def test_every_preset_judges_anything(name, facts):
    assert decide(read_policy(PRESETS[name]), facts).verdict in set(Verdict)


# --- the law above the policy -------------------------------------------------------------


def test_a_final_sale_may_be_withdrawn_from_and_the_decision_says_why():
    sale = wish(article(is_final_sale=True), days_after=WITHIN)

    decision = decide(policy({"kind": "excluded_goods"}), sale)

    assert decision.verdict is Verdict.APPROVE
    assert [found.code for found in decision.overruled] == ["final_sale"]
    assert decision.findings[0].numbers == {"last_day": "2026-11-18"}


@pytest.mark.parametrize(("days_after", "verdict"), [(14, "approve"), (15, "decline")])
def test_a_short_window_gives_way_until_the_legal_day(days_after, verdict):
    assert decide(policy({"kind": "window", "days": 7}), wish(days_after=days_after)).verdict == (
        verdict
    )


def test_firms_and_countries_without_the_right_follow_the_policy_alone():
    short = policy({"kind": "window", "days": 7})

    assert decide(short, wish(days_after=10, is_business=True)).verdict is Verdict.DECLINE
    assert decide(short, wish(days_after=10, country="CH")).verdict is Verdict.DECLINE
    assert decide(short, wish(days_after=10, channel="shop")).verdict is Verdict.DECLINE


def test_what_the_law_excepts_stays_declined():
    made = {"kind": "excluded_goods", "covers": "all", "ground": "personalised"}

    decision = decide(policy(made), wish(days_after=WITHIN))

    assert decision.verdict is Verdict.DECLINE
    assert decision.findings[0].code == "personalised"


@pytest.mark.parametrize(("answer", "verdict"), [("no", "decline"), ("yes", "approve")])
def test_hygiene_takes_the_right_away_once_the_seal_is_broken(answer, verdict):
    rule = {"kind": "excluded_goods", "covers": "all", "ground": "hygiene"}
    line = article(answers={"seal_intact": answer})

    assert decide(policy(rule), wish(line, days_after=WITHIN)).verdict == verdict
    assert questions_for(policy(rule), line, wish(line)) == ("seal_intact",)


def test_a_fault_of_the_shop_is_looked_at_whatever_the_policy_says():
    strict = policy({"kind": "verdict", "say": "decline"}, {"kind": "fee", "percent": 50})

    decision = decide(strict, wish(article(is_our_fault=True), days_after=300))

    assert decision.verdict is Verdict.REVIEW
    assert not decision.terms.fee_percents


def test_one_protected_article_keeps_the_whole_request_from_being_declined():
    rule = {"kind": "excluded_goods", "covers": "all", "ground": "perishable",
            "when": {"categories": ["fish"]}}  # fmt: skip

    decision = decide(policy(rule), wish(article("1", category="fish"), article("2"), days_after=3))

    assert decision.verdict is Verdict.REVIEW
    assert decision.declined_lines == {"1"}


# --- kinds --------------------------------------------------------------------------------


def test_a_line_follows_the_first_rule_that_is_about_it():
    long = {"kind": "window", "days": 60, "when": {"categories": ["bags"]}}
    rules = policy(long, {"kind": "window", "days": 30})

    both = decide(rules, wish(article("1", category="bags"), article("2"), days_after=40))

    assert [found.line for found in both.findings] == ["2"]
    assert both.terms.last_day == date(2026, 12, 4)


def test_what_was_bought_before_christmas_may_come_back_until_the_end_of_january():
    season = {"bought_from": "11-01", "bought_to": "12-24", "until": "01-31"}
    rules = policy({"kind": "window", "days": 30, "seasons": [season]})

    assert decide(rules, wish(days_after=88)).terms.last_day == date(2027, 1, 31)
    assert decide(rules, wish(days_after=88)).verdict is Verdict.APPROVE
    assert decide(rules, wish(days_after=89)).verdict is Verdict.DECLINE


def test_a_last_day_on_a_sunday_moves_to_monday():
    rules = policy({"kind": "window", "days": 18, "to_business_day": True})

    # 18 days after Wednesday 4 November is Sunday 22.
    assert decide(rules, wish()).terms.last_day == date(2026, 11, 23)


def test_fees_are_waived_by_reason_and_by_outcome():
    fee = {"kind": "fee", "percent": 10, "unless": {"reasons": ["size"]}}
    other = {"kind": "fee", "percent": 10, "unless": {"outcomes": ["store_credit"]}}

    assert decide(policy(fee), wish()).terms.fee_percents == {"1": 10}
    assert decide(policy(fee), wish(article(reason="size"))).terms.fee_percents is None
    credit = wish(article(outcome="store_credit"))
    assert decide(policy(other), credit).terms.fee_percents is None


def test_small_things_are_kept_and_paid_at_once():
    rules = policy({"kind": "keep_it", "below_minor": 10_000}, {"kind": "refund_terms"})

    assert decide(rules, wish()).terms.keeps_goods is True
    assert decide(rules, wish()).terms.pays_at == "approval"
    assert decide(rules, wish(article("1"), article("2"))).terms.keeps_goods is None


def test_the_trusted_are_not_looked_at():
    looked = {"kind": "review_above", "value_minor": 1}
    trusted = {"kind": "verdict", "say": "approve", "when": {"customer_tags": ["vip"]}}

    assert decide(policy(looked, trusted), wish()).verdict is Verdict.REVIEW
    vip = wish(shopper_tags=("vip",))
    assert decide(policy(looked, trusted), vip).verdict is Verdict.APPROVE


def test_limits_count_earlier_returns():
    rule = {"kind": "limits", "per_customer": 2, "days": 30}
    days = (date(2026, 11, 10), date(2026, 11, 20))

    assert decide(policy(rule), wish(earlier_returns_on=days)).verdict is Verdict.REVIEW
    assert decide(policy(rule), wish(earlier_returns_on=days[:1])).verdict is Verdict.APPROVE


def test_parcels_for_two_places_go_to_the_shop():
    to_supplier = {"kind": "routing", "send_to": ["Supplier", "Lille"],
                   "when": {"categories": ["fish"]}}  # fmt: skip

    one = wish(article(category="fish"))
    assert decide(policy(to_supplier), one).terms.send_to == ("Supplier", "Lille")
    two = wish(article("1", category="fish"), article("2"))
    assert decide(policy(to_supplier), two).terms.send_to is None


@pytest.mark.parametrize(
    "rule",
    [
        {"kind": "window", "when": {"planet": ["Mars"]}},
        {"kind": "window", "when": {"countries": "FR"}},
        {"kind": "window", "seasons": [{"bought_from": "13-01", "bought_to": "1", "until": ""}]},
        {"kind": "excluded_goods", "when": {"grounds": ["statutory_withdrawal"]}},
        {"kind": "lists", "customers": ["ana@client.example"]},
        {"kind": "outcomes", "offered": ["barter"]},
        {"kind": "window", "id": ""},
    ],
)
def test_what_cannot_be_followed_cannot_be_set(rule):
    with pytest.raises(UnreadablePolicy, match="rule 1"):
        policy(rule)


def test_an_id_stands_once():
    with pytest.raises(UnreadablePolicy, match="twice"):
        policy({"kind": "window", "id": "a"}, {"kind": "evidence", "id": "a"})


@pytest.mark.parametrize(
    ("fee", "at_home", "abroad"),
    [
        ({"percent": 10}, 1000, 1000),
        ({"amount_minor": 500}, 500, 0),
        ({"percent": 10, "amount_minor": 500}, 1500, 1000),
        ({"percent": 10, "cap_minor": 300}, 300, 0),
    ],
)
def test_an_amount_of_the_shops_currency_is_not_kept_from_another_one(fee, at_home, abroad):
    policy = read_policy({"rules": [{"kind": "window", "days": 60}, {"kind": "fee", **fee}]})

    kept = [decide(policy, wish(is_foreign_currency=foreign)) for foreign in (False, True)]

    assert [decision.fee_minor for decision in kept] == [at_home, abroad]


@pytest.mark.parametrize(
    ("rule", "term"),
    [
        ({"kind": "methods", "allowed": ["prepaid_label"], "label_fee_minor": 490}, "method_fees"),
        ({"kind": "keep_it", "below_minor": 20_000}, "keeps_goods"),
        ({"kind": "keep_discount", "percent": 20, "cap_minor": 900}, "keep_percents"),
    ],
)
def test_without_a_rate_no_way_costs_and_no_value_is_compared(rule, term):
    cost = {"kind": "return_cost", "paid_by": "shopper"}
    policy = read_policy({"rules": [{"kind": "window", "days": 60}, cost, rule]})

    home, abroad = (decide(policy, wish(is_foreign_currency=one)) for one in (False, True))

    assert getattr(home.terms, term)
    assert not getattr(abroad.terms, term)
