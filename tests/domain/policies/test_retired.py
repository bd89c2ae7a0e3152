"""A version written with the rule that said four things at once judges as it did, and is split."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.policies.test_every_rule import FACTS

from rebond.domain.policies.documents import schema, with_ids
from rebond.domain.policies.engine import decide, read_policy
from rebond.domain.policies.presets import PRESETS
from rebond.domain.policies.retired import RETIRED, usual_terms, without_retired

PARTS = st.fixed_dictionaries(
    {"kind": st.just("refund_terms")},
    optional={
        "restocking_fee_percent": st.sampled_from([0, 10, 100]),
        "refunds_shipping": st.booleans(),
        "shopper_pays_return": st.booleans(),
        "pays_at": st.sampled_from(["approval", "scan", "receipt", "inspection"]),
        "pays_early_up_to_minor": st.sampled_from([0, 5_000]),
        "when": st.sampled_from(
            [{"fault": "ours"}, {"categories": ["bags"]}, {"countries": ["FR"]}]
        ),
    },
)
FINER = st.sampled_from(
    [
        {"kind": "window", "days": 3650},
        {"kind": "fee", "percent": 5, "when": {"categories": ["food"]}},
        {"kind": "return_cost", "paid_by": "shop", "when": {"fault": "not_ours"}},
        {"kind": "release", "pays_at": "approval", "when": {"categories": ["bags"]}},
        {"kind": "keep_it", "below_minor": 500},
    ]
)


def judged(document, facts):
    """What matters of a decision: all but the names of the rules, and a wait of no days."""
    decision = decide(read_policy(document), facts)
    terms = decision.terms
    plain = replace(
        terms,
        wait_days=terms.wait_days or None,
        restocking_fee_percent=terms.restocking_fee_percent or None,
        fee_minor=terms.fee_minor or None,
        pays_early_up_to_minor=terms.pays_early_up_to_minor or None,
    )
    return decision.verdict, plain, decision.fee_minor, decision.declined_lines


@given(old=st.lists(PARTS, min_size=1, max_size=3), finer=st.lists(FINER, max_size=4), facts=FACTS)
def test_the_same_policy_in_finer_kinds_decides_the_same(old, finer, facts):
    document = {"rules": [*finer, *old]}

    fresh = without_retired(with_ids(document))

    assert not RETIRED & {rule["kind"] for rule in fresh["rules"]}
    assert judged(fresh, facts) == judged(document, facts)


def test_names_and_conditions_are_kept_and_nothing_is_named_twice():
    old = {"id": "the rest", "kind": "refund_terms", "when": {"fault": "ours"}, "note": "Why"}
    document = {"rules": [{"id": "release", "kind": "window"}, old, {**old, "id": "fee"}]}

    fresh = without_retired(document)["rules"]

    assert [rule["id"] for rule in fresh] == [
        "release", "return_cost", "release-2", "delivery_costs", "return_cost-2", "release-3",
        "delivery_costs-2",
    ]  # fmt: skip
    assert all(rule["when"] == {"fault": "ours"} and rule["note"] == "Why" for rule in fresh[1:])


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_no_preset_is_written_with_it(name):
    assert without_retired(PRESETS[name]) == PRESETS[name]


def test_old_files_are_still_read_by_the_schema():
    titles = [one["title"] for one in schema()["properties"]["rules"]["items"]["oneOf"]]

    assert "refund_terms" in titles


def test_who_pays_the_way_back_is_told_alike_in_both_shapes():
    old = read_policy({"rules": [{"kind": "refund_terms", "shopper_pays_return": False}]})
    fresh = read_policy({"rules": [{"kind": "return_cost", "paid_by": "shop"}]})

    assert usual_terms(old).shopper_pays_return is usual_terms(fresh).shopper_pays_return is False
