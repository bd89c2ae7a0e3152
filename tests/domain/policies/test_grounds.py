"""On what a claim stands: the law's grounds beside the shop's own promise."""

import pytest
from tests.domain.policies.requests import article, wish

from rebond.domain.policies.engine import decide, read_policy
from rebond.domain.policies.facts import Ground
from rebond.domain.policies.frozen import freeze, thawed

OPEN = read_policy({"rules": []})
FAULTY = {"is_our_fault": True, "is_defect": True, "reason": "defective"}
GUARANTEED = FAULTY | {"guaranteed_until": "2028-11-04"}


@pytest.mark.parametrize(
    "line, more, expected",
    [
        (article(), {}, {Ground.COMMERCIAL}),
        (article(), {"days_after": 5}, {Ground.WITHDRAWAL}),
        (article(**GUARANTEED), {"days_after": 5}, {Ground.WITHDRAWAL, Ground.GUARANTEE}),
        (article(**FAULTY, is_in_transit=True), {}, {Ground.GUARANTEE, Ground.TRANSPORT}),
        (article(is_in_transit=True), {}, {Ground.COMMERCIAL}),
        (article(**GUARANTEED), {"days_after": 731}, {Ground.GUARANTEE}),
        (article(**GUARANTEED), {"days_after": 732}, {Ground.GUARANTEE, Ground.HIDDEN}),
        (article(**GUARANTEED), {"days_after": 7400}, {Ground.GUARANTEE}),
        (article(**GUARANTEED), {"days_after": 800, "country": "DE"}, {Ground.GUARANTEE}),
    ],
)
def test_a_claim_stands_on_what_the_law_gives_and_else_on_the_promise(line, more, expected):
    assert decide(OPEN, wish(line, **more)).grounds[line.key] == expected


def test_a_rule_can_be_for_what_was_damaged_on_the_way():
    rule = {"kind": "verdict", "say": "review", "id": "on-the-way"}
    policy = read_policy({"rules": [rule | {"when": {"grounds": ["transport_damage"]}}]})

    assert decide(policy, wish(article(**FAULTY, is_in_transit=True))).applied == ("on-the-way",)
    assert decide(policy, wish(article(**FAULTY))).applied == ()


def test_the_grounds_are_frozen_and_read_again():
    decision = decide(OPEN, wish(article(**FAULTY, is_in_transit=True), article("2")))
    assert decision.facts is not None

    frozen = freeze(decision)

    assert frozen["grounds"] == {
        "1": ["legal_guarantee", "transport_damage"],
        "2": ["commercial_return"],
    }
    assert thawed(frozen, decision.facts).grounds == decision.grounds
