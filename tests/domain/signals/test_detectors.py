"""Each detector speaks where its facts are there, and is silent where one piece is missing."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rebond.domain.policies.facts import LEVELS
from rebond.domain.signals.facts import PastOrder, PastReturn, SignalFacts
from rebond.domain.signals.judging import DETECTORS, Bounds, bounds_of, judge
from rebond.web.backoffice.fairness_words import BOUNDS

KEPT = PastOrder(days_ago=60, pieces=1, value_minor=5000)
BACK = replace(KEPT, returned=1, returned_minor=5000)
BRACKET = replace(KEPT, pieces=6, returned=5, returned_minor=4000)
PLAIN = PastReturn(days_ago=60, is_received=True)


def had(count, one=PLAIN, **values):
    return SignalFacts(returns=(replace(one, **values),) * count)


def bought(back, kept, one=BACK):
    return SignalFacts(orders=(one,) * back + (KEPT,) * kept)


# What makes it speak, and what is one step short of it.
CASES = {
    "return_share": (bought(5, 1), bought(4, 0)),
    "returned_value": (
        bought(1, 0, replace(BACK, value_minor=200_000, returned_minor=150_000)),
        bought(1, 0, replace(BACK, value_minor=200_000, returned_minor=149_999)),
    ),
    "return_speed": (had(4, days_ago=30), had(4, days_ago=31)),
    "end_of_window": (had(4, days_left=1), had(4, days_left=2)),
    "worn_goods": (had(2, is_personal=True, worn=1), had(2, is_personal=False, worn=1)),
    "refund_only": (
        had(3, is_fault_claim=True, is_paid=True, is_received=False),
        had(3, is_fault_claim=True, is_paid=True, is_received=False, keeps_goods=True),
    ),
    "not_received": (had(3, says_not_received=True), had(2, says_not_received=True)),
    "keep_it_again": (had(2, keeps_goods=True), had(2, keeps_goods=True, days_ago=181)),
    "linked_accounts": (
        replace(bought(5, 1), linked=2),
        replace(bought(5, 5), linked=2),
    ),
    "shared_account": (SignalFacts(shared_account=1), SignalFacts()),
    "new_account": (SignalFacts(account_days=6), SignalFacts(account_days=7)),
    "shared_payment": (SignalFacts(shared_payment=2), SignalFacts(shared_payment=1)),
    "empty_parcel": (SignalFacts(is_empty=True, missing=2), SignalFacts(missing=2)),
    "pieces_missing": (SignalFacts(missing=1), SignalFacts(missing=1, is_empty=True)),
    "delivered_not_booked": (SignalFacts(waits_days=5), SignalFacts(waits_days=4)),
    "money_without_goods": (
        had(2, is_paid=True, is_received=False),
        had(2, is_paid=True, is_received=True),
    ),
    "disputed_order": (SignalFacts(is_disputed=True), SignalFacts()),
    "disputes": (SignalFacts(dispute_days=(3, 300)), SignalFacts(dispute_days=(3, 366))),
    "refunded_elsewhere": (SignalFacts(refunded_elsewhere_minor=1), SignalFacts()),
    "bonus_cycles": (SignalFacts(bonus_days=(1, 60)), SignalFacts(bonus_days=(1, 61))),
    "bracketing": (bought(5, 0, BRACKET), bought(4, 5, BRACKET)),
    "cheaper_again": (SignalFacts(cheaper_again=1), SignalFacts()),
    "parcel_weight": (SignalFacts(weighed_percent=59), SignalFacts(weighed_percent=140)),
    "labels_without_goods": (
        had(3, labels_without_goods=1, days_ago=30),
        had(3, labels_without_goods=1, days_ago=29),
    ),
    "other_serial": (SignalFacts(other_serials=1), SignalFacts(other_serials=0)),
    "same_photo": (SignalFacts(same_photos=1), SignalFacts()),
    "colleague": (SignalFacts(is_colleague=True), SignalFacts()),
    "confirmed_before": (had(1, is_fraud=True), had(1, is_fraud=True, days_ago=731)),
}


def ask(key, facts):
    detector = DETECTORS[key]
    return detector.judge(bounds_of(detector, {}), facts)


def test_every_detector_has_its_cases():
    assert set(CASES) == set(DETECTORS)


@pytest.mark.parametrize("key", sorted(CASES))
def test_every_bound_has_its_words(key):
    assert {setting.name for setting in DETECTORS[key].settings} <= set(BOUNDS)


@pytest.mark.parametrize("key", sorted(CASES))
def test_it_speaks_with_all_numbers_of_its_sentence(key):
    spoken = ask(key, CASES[key][0])

    assert spoken is not None
    assert 1 <= spoken.strength <= 3
    said = DETECTORS[key].sentence.format_map(dict(spoken.numbers))
    assert not any(word in said.lower() for word in ("fraud", "thief", "cheat", "abuser"))


@pytest.mark.parametrize("key", sorted(CASES))
def test_one_step_short_it_is_silent(key):
    assert ask(key, CASES[key][1]) is None


RETURNS = st.builds(
    PastReturn,
    days_ago=st.integers(0, 800),
    is_own=st.booleans(),
    is_personal=st.booleans(),
    is_fault_claim=st.booleans(),
    says_not_received=st.booleans(),
    keeps_goods=st.booleans(),
    is_paid=st.booleans(),
    is_received=st.booleans(),
    worn=st.integers(0, 2),
    missing=st.integers(0, 2),
    days_left=st.none() | st.integers(-3, 30),
    labels_without_goods=st.integers(0, 3),
    is_fraud=st.booleans(),
)
ORDERS = st.builds(
    lambda days, own, pieces, back, each: PastOrder(
        days, own, pieces, min(back, pieces), pieces * each, min(back, pieces) * each
    ),
    st.integers(0, 800),
    st.booleans(),
    st.integers(1, 8),
    st.integers(0, 8),
    st.integers(0, 90_000),
)
FACTS = st.builds(
    SignalFacts,
    returns=st.lists(RETURNS, max_size=12).map(tuple),
    orders=st.lists(ORDERS, max_size=12).map(tuple),
    linked=st.integers(0, 4),
    shared_account=st.integers(0, 2),
    dispute_days=st.lists(st.integers(0, 800), max_size=3).map(tuple),
    missing=st.integers(0, 3),
)


@given(facts=FACTS, kept=st.integers(1, 9), value=st.integers(0, 10**6), own=st.booleans())
def test_buying_and_keeping_more_never_raises_the_level(facts, kept, value, own):
    more = (PastOrder(10, own, 3, 0, value, 0),) * kept

    before = judge(facts, Bounds())
    after = judge(replace(facts, orders=facts.orders + more), Bounds())

    assert after.points <= before.points
    assert LEVELS.index(after.level) <= LEVELS.index(before.level)


@given(facts=FACTS, place=st.integers(0, 11))
def test_a_return_found_honest_never_raises_the_level(facts, place):
    left = facts.returns[:place] + facts.returns[place + 1 :]

    assert judge(replace(facts, returns=left), Bounds()).points <= judge(facts, Bounds()).points


def test_a_detector_switched_off_is_silent():
    facts = SignalFacts(same_photos=1, is_disputed=True)

    assert judge(facts, Bounds()).level == "careful"
    assert judge(facts, Bounds(off=frozenset({"same_photo"}))).level == "look"


def test_before_a_request_only_history_speaks():
    facts = SignalFacts(same_photos=1, shared_account=1)

    assert [s.detector for s in judge(facts, Bounds(), only_history=True).signs] == [
        "shared_account"
    ]
