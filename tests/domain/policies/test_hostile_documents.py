"""Whatever is handed in as a policy: it is read, or refused by name, and never breaks."""

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.domain.policies.test_every_rule import FACTS
from tests.odd import CHANGES, JSON, spoiled

from rebond.domain.policies.engine import RULES, Policy, UnreadablePolicy, decide, read_policy
from rebond.domain.policies.frozen import freeze
from rebond.domain.policies.presets import GENEROUS

# The shop's own, and one that names every kind of rule.
SOUND = st.sampled_from([GENEROUS, {"rules": [{"kind": key} for key in sorted(RULES)]}])
NAMES = sorted({name for rule in GENEROUS["rules"] for name in rule} - {"kind"})


def read_or_refused(document) -> Policy | None:
    try:
        return read_policy(document)
    except UnreadablePolicy as refused:
        assert str(refused)
        return None


@settings(max_examples=400)
@given(document=SOUND, changes=CHANGES, facts=FACTS)
def test_a_policy_with_anything_wrong_in_it_is_refused_or_decides(document, changes, facts):
    policy = read_or_refused(spoiled(document, changes))

    if policy is not None:
        assert freeze(decide(policy, facts))["verdict"]


@settings(max_examples=200)
@given(
    kind=st.sampled_from(sorted(RULES)),
    wrong=st.dictionaries(st.sampled_from(NAMES), JSON, min_size=1, max_size=3),
    facts=FACTS,
)
def test_a_rule_with_any_setting_is_refused_or_decides(kind, wrong, facts):
    policy = read_or_refused({"rules": [{"kind": kind} | wrong]})

    if policy is not None:
        assert freeze(decide(policy, facts))["verdict"]


@given(document=JSON)
def test_any_json_value_is_refused_or_read(document):
    policy = read_or_refused(document)

    assert policy is None or document["rules"] == []
