"""The promise every kind of rule makes: total, never raising, with a sentence for each finding."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rebond.domain.policies.engine import RULES, UnreadablePolicy, decide, read_policy
from rebond.domain.policies.facts import Facts, LineFacts, Terms, Verdict
from rebond.domain.policies.frozen import freeze
from rebond.domain.policies.presets import GENEROUS

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
)
FACTS = st.builds(
    Facts,
    asked_on=DAYS,
    ordered_on=DAYS,
    dispatched_on=st.none() | DAYS,
    delivered_on=st.none() | DAYS,
    country=st.sampled_from(["FR", "DE", ""]),
    lines=st.lists(LINES, max_size=4).map(tuple),
    is_whole_order=st.booleans(),
)


@pytest.mark.parametrize("key", sorted(RULES))
@given(facts=FACTS)
def test_it_judges_any_facts_and_words_every_finding(key, facts):
    rule = RULES[key]

    findings, offer = rule.judge(rule.read({}), facts, facts.lines)

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
