"""Signals and restrictions change what a shop gives beyond the law, and nothing else."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from rebond.domain.policies.engine import decide, read_policy
from rebond.domain.policies.facts import LEVELS, LIMITS, Facts, LineFacts, Verdict

BASE = {
    "rules": [
        {"kind": "window", "days": 30},
        {"kind": "keep_it", "below_minor": 10**6},
        {
            "kind": "outcomes",
            "offered": ["refund", "store_credit"],
            "credit_bonus_percent": 10,
        },
        {"kind": "release", "pays_at": "approval"},
    ]
}
CAUTIOUS = {
    "rules": [
        *BASE["rules"],
        {
            "kind": "caution",
            "from_level": "careful",
            "photos": 2,
            "pays_after": "inspection",
            "credit_bonus": False,
        },
    ]
}
LINES = st.builds(
    LineFacts,
    key=st.just("1"),
    sku=st.just("A"),
    category=st.just(""),
    quantity=st.just(1),
    value_minor=st.integers(0, 10**5),
    is_returnable=st.booleans(),
    is_final_sale=st.booleans(),
    reason=st.just("x"),
    is_our_fault=st.booleans(),
    photos=st.integers(0, 3),
    reason_needs_photo=st.booleans(),
)
FACTS = st.builds(
    lambda line, day, limits: Facts(
        day,
        date(2026, 11, 1),
        date(2026, 11, 2),
        date(2026, 11, 3),
        "FR",
        (line,),
        True,
        limits=limits,
    ),
    LINES,
    st.dates(date(2026, 11, 3), date(2027, 2, 1)),
    st.lists(st.sampled_from(LIMITS), unique=True).map(tuple),
)


@given(facts=FACTS, level=st.sampled_from(LEVELS))
def test_nothing_the_law_gives_is_ever_taken(facts, level):
    plain = decide(read_policy(BASE), replace(facts, limits=()))
    watched = decide(read_policy(CAUTIOUS), replace(facts, level=level))

    assert (watched.verdict is Verdict.DECLINE) == (plain.verdict is Verdict.DECLINE)
    assert watched.declined_lines == plain.declined_lines
    assert watched.fee_minor == plain.fee_minor
    assert "refund" in (watched.terms.outcomes or ("refund",))
    assert watched.terms.refunds_shipping == plain.terms.refunds_shipping
    assert watched.terms.shopper_pays_return == plain.terms.shopper_pays_return
    assert watched.terms.last_day == plain.terms.last_day


def request(**more):
    line = LineFacts("1", "A", "", 1, 1000, True, False, "x", False, 0, False)
    delivered = date(2026, 11, 3)
    day = date(2026, 11, 20)
    return Facts(day, delivered, delivered, delivered, "FR", (line,), True, **more)


def test_from_its_level_on_gifts_are_withheld_and_a_person_looks():
    calm = decide(read_policy(CAUTIOUS), request(level="look"))
    watched = decide(read_policy(CAUTIOUS), request(level="careful"))

    assert calm.verdict is Verdict.APPROVE
    assert (calm.terms.keeps_goods, calm.terms.credit_bonus_percent) == (True, 10)
    assert watched.verdict is Verdict.REVIEW
    assert (watched.terms.keeps_goods, watched.terms.credit_bonus_percent) == (None, 0)
    assert watched.terms.pays_at == "inspection"
    assert "looked_at" in {finding.code for finding in watched.findings}


def test_a_photo_is_asked_of_faults_only():
    facts = request(level="careful")
    faulty = replace(facts, lines=(replace(facts.lines[0], is_our_fault=True),))

    asked = {finding.code for finding in decide(read_policy(CAUTIOUS), faulty).findings}
    plain = {finding.code for finding in decide(read_policy(CAUTIOUS), facts).findings}

    assert "photo_helps" in asked
    assert "photo_helps" not in plain


def test_a_restriction_is_a_reason_of_the_decision():
    limited = decide(read_policy(BASE), request(limits=("no_keep_it", "review_always")))

    assert limited.verdict is Verdict.REVIEW
    assert limited.terms.keeps_goods is None
    assert {"no_keep_it", "review_always"} <= {finding.code for finding in limited.findings}
