"""The promise every kind of rule makes: total, never raising, with a sentence for each finding."""

from datetime import date, timedelta

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rebond.domain.policies.checking import SENTENCES, Market, conflicts
from rebond.domain.policies.documents import schema
from rebond.domain.policies.engine import RULES, UnreadablePolicy, decide, read_policy
from rebond.domain.policies.facts import (
    LEVELS,
    LIMITS,
    OUTCOMES,
    QUESTIONS,
    Facts,
    LineFacts,
    Terms,
    Verdict,
)
from rebond.domain.policies.frozen import freeze
from rebond.domain.policies.presets import GENEROUS
from rebond.domain.policies.rules.excluded_goods import GROUNDS
from rebond.domain.policies.rules.window import STARTS

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
LINES = st.builds(
    LineFacts,
    key=st.text(min_size=1, max_size=4),
    sku=st.text(max_size=8),
    category=st.sampled_from(["", "bags", "food"]),
    quantity=st.integers(1, 99),
    value_minor=st.integers(0, 10**9),
    is_returnable=st.booleans(),
    is_final_sale=st.booleans(),
    reason=st.sampled_from(["damaged", "changed_mind"]),
    is_our_fault=st.booleans(),
    photos=st.integers(0, 3),
    reason_needs_photo=st.booleans(),
    tags=st.lists(st.sampled_from(["sale", "stock"]), max_size=2).map(tuple),
    outcome=st.sampled_from(OUTCOMES),
    answers=st.dictionaries(st.sampled_from(QUESTIONS), st.sampled_from(["yes", "no"])),
)
OFFERED = {
    "charity",
    "donation_proof",
    *Terms.__dataclass_fields__,
    "fee_percent",
    "keep_percent",
    "keep_cap_minor",
    "is_trusted",
}
FACTS = st.builds(
    Facts,
    asked_on=DAYS,
    ordered_on=DAYS,
    dispatched_on=st.none() | DAYS,
    delivered_on=st.none() | DAYS,
    country=st.sampled_from(["FR", "DE", ""]),
    lines=st.lists(LINES, max_size=4).map(tuple),
    is_whole_order=st.booleans(),
    is_business=st.booleans(),
    is_gift=st.booleans(),
    is_foreign_currency=st.booleans(),
    channel=st.sampled_from(["web", "shop"]),
    earlier_returns_on=st.lists(DAYS, max_size=3).map(tuple),
    order_returns=st.integers(0, 3),
    level=st.sampled_from(LEVELS),
    limits=st.lists(st.sampled_from(LIMITS), unique=True).map(tuple),
)
EVERY_SETTING = {
    "caution": [
        {"from_level": "look", "photos": 3, "pays_after": "inspection", "credit_bonus": False}
    ],
    "delivery_costs": [{"refunded": False}],
    "donate": [{"charity": ["Emmaüs", "2 rue Haute"], "donation_proof": "word"}],
    "evidence": [{"needed_for": "all", "photos": 3}],
    "excluded_goods": [
        {"categories": ["bags"]},
        *({"covers": "all", "ground": ground} for ground in GROUNDS),
    ],
    "fee": [{"percent": 10, "amount_minor": 500, "cap_minor": 900}],
    "gifts": [{"proof": "code", "paid_as": "store_credit", "shows_value": True}],
    "keep_discount": [{"percent": 15, "cap_minor": 900}],
    "keep_it": [{"below_minor": 10**9}, {"parcel_cost_minor": 10**9}],
    "limits": [{"per_order": 1, "per_customer": 1, "beyond": "decline"}, {"per_customer": 2}],
    "lists": [{"skus": ["A", "B"], "say": say} for say in ("approve", "decline")],
    "methods": [
        {"allowed": ["prepaid_label", "counter"], "label_fee_minor": 490},
        {"allowed": ["pickup", "drop_off"], "pickup_fee_minor": 990, "drop_off_fee_minor": 390},
    ],
    "no_receipt": [{"lowest_price_days": 90, "cap_minor": 100, "needs_second_person": False}],
    "outcomes": [
        {"offered": ["store_credit"], "credit_bonus_percent": 5, "credit_bonus_minor": 300}
    ],
    "question": [{"asks": asks, "no": "decline", "silence": "review"} for asks in QUESTIONS],
    "refund_by_grade": [
        {"grade_c_percent": 70, "grade_d_percent": 0, "incomplete_percent": 50},
    ],
    "refund_terms": [{"restocking_fee_percent": 100, "pays_at": "scan"}],
    "release": [{"pays_at": "receipt", "wait_days": 3}],
    "return_cost": [{"paid_by": "shopper"}],
    "review_above": [{"value_minor": 0, "reasons": ["damaged"]}],
    "routing": [{"send_to": ["1 rue du Port", "13002 Marseille"]}],
    "verdict": [{"say": say} for say in ("approve", "review", "decline")],
    "window": [{"days": 1, "starts_at": start, "to_business_day": True} for start in STARTS]
    + [
        {"days": 1, "late": "review"},
        {
            "days": 1,
            "seasons": [
                {"bought_from": "11-01", "bought_to": "12-24", "until": "02-29"},
                {"bought_from": "12-27", "bought_to": "01-05", "until": "01-31"},
            ],
        },
    ],
}
USES = [(key, settings) for key in sorted(RULES) for settings in [{}, *EVERY_SETTING[key]]]


@pytest.mark.parametrize(("key", "setting"), USES)
@given(facts=FACTS)
def test_it_judges_any_facts_and_words_every_finding(key, setting, facts):
    rule = RULES[key]

    findings, offer = rule.judge(rule.read(setting), facts, facts.lines)

    assert set(offer) <= OFFERED
    for finding in findings:
        assert finding.rule == key
        assert rule.sentences[finding.code].format_map(dict(finding.numbers))


@pytest.mark.parametrize("key", sorted(RULES))
def test_it_refuses_a_setting_it_does_not_know(key):
    with pytest.raises(UnreadablePolicy, match="rule 1"):
        read_policy({"rules": [{"kind": key, "surprise": 1}]})


@given(facts=FACTS)
def test_a_decision_is_frozen_as_plain_values(facts):
    decision = decide(read_policy(GENEROUS, version=3), facts)

    frozen = freeze(decision)
    assert frozen["version"] == 3
    assert frozen["verdict"] in set(Verdict)
    assert set(frozen["terms"]) == set(Terms.__dataclass_fields__)


def request_on(day: date, *, fault: bool = False) -> Facts:
    line = LineFacts("1", "A", "", 1, 1000, True, False, "x", fault, 0, False)
    delivered = date(2026, 11, 3)
    return Facts(day, delivered, delivered, delivered, "FR", (line,), False)


@pytest.mark.parametrize(("days_after", "verdict"), [(30, Verdict.APPROVE), (31, Verdict.DECLINE)])
def test_the_last_day_counts_whole(days_after, verdict):
    day = date(2026, 11, 3) + timedelta(days=days_after)

    assert decide(read_policy(GENEROUS), request_on(day)).verdict is verdict


def test_late_but_faulty_is_looked_at_by_a_person():
    late = request_on(date(2026, 12, 24), fault=True)

    assert decide(read_policy(GENEROUS), late).verdict is Verdict.REVIEW


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"rules": "all"},
        {"rules": [{"kind": "no such"}]},
        {"rules": [{"kind": "window", "days": 0}]},
        {"rules": [{"kind": "window", "days": True}]},
        {"rules": [{"kind": "window", "starts_at": "birth"}]},
        {"rules": [{"kind": "refund_terms", "restocking_fee_percent": 101}]},
    ],
)
def test_what_is_no_policy_is_refused(document):
    with pytest.raises(UnreadablePolicy):
        read_policy(document)


@pytest.mark.parametrize(("key", "setting"), USES)
def test_its_settings_are_those_of_its_schema(key, setting):
    jsonschema.validate({"rules": [{"kind": key, **setting}]}, schema())


@pytest.mark.parametrize(("key", "setting"), USES)
@pytest.mark.parametrize("place", ["FR", "DE", "IT", "UK", "CH", "US-CA"])
def test_it_words_every_breach_and_names_the_article(key, setting, place):
    for breach in conflicts({"rules": [{"kind": key, **setting}]}, Market((place,))):
        assert SENTENCES[breach.code].format_map(dict(breach.numbers))
        assert breach.articles and breach.law_rules and breach.id == key
