"""The costs of delivery: a rule of their own, and the law where nobody says anything."""

from datetime import date

import pytest

from rebond.domain.policies.engine import decide, read_policy
from rebond.domain.policies.facts import Facts, LineFacts

WINDOW = {"kind": "window", "days": 60}


def request(*, days=5, whole=True):
    line = LineFacts("1", "LAMP", "", 1, 12_000, True, False, "colour", False, 0, False)
    day = date(2026, 9, 1)
    asked = date.fromordinal(day.toordinal() + days)
    return Facts(asked, day, day, day, "FR", (line,), whole)


@pytest.mark.parametrize(
    ("rule", "days", "whole", "refunded"),
    [
        ({"refunded": True}, 30, True, True),
        ({"refunded": True}, 30, False, False),
        ({"refunded": False}, 30, True, False),
        ({"refunded": False}, 5, True, True),  # C. conso. L221-24
    ],
)
def test_delivery_comes_back_with_the_whole_order(rule, days, whole, refunded):
    policy = read_policy({"rules": [WINDOW, {"kind": "delivery_costs", **rule}]})

    terms = decide(policy, request(days=days, whole=whole)).terms

    assert terms.refunds_shipping is refunded


def test_a_policy_that_is_silent_does_not_keep_delivery_from_who_withdraws():
    policy = read_policy({"rules": [WINDOW]})

    assert decide(policy, request(days=5)).terms.refunds_shipping is True
    assert decide(policy, request(days=30)).terms.refunds_shipping is None
