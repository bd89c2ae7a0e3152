"""Many processes on a few hot payments: one clerk could have given every one of their answers.

HISTORY_SEED begins another history, HISTORY_CALLS makes it longer; a failure prints the line that
replays it, and the history itself.
"""

import json
import os

import pytest
from tests.storms.history import NEVER_ENDED, Call, calls_of, unexplained

PAYMENTS, CAP = 3, 100
CAPS = (CAP,) * PAYMENTS
SEED = int(os.environ.get("HISTORY_SEED", "20261122"))
CALLS = int(os.environ.get("HISTORY_CALLS", "25"))


@pytest.fixture
def history(stage, tmp_path):
    """Records one: ``history(many, each)`` gives its calls and the sheet at the end."""

    def run(many: int, each: int, *, killed: int = 0, careless: bool = False):
        print(f"seed={SEED} db={stage.database} HISTORY_SEED={SEED} HISTORY_CALLS={each}")
        here, _facts = stage.scene("hot_payments", many=PAYMENTS)
        with here:
            wish = {"many": many, "each": each, "killed": killed, "careless": careless}
            seen = here.inside("histories.record", folder=str(tmp_path), seed=SEED, **wish).made
            print(json.dumps(seen))
            return calls_of(seen["told"]), tuple(seen["sheet"])

    return run


def at_the_end(calls, sheet) -> Call:
    """Somebody who looks when all is over."""
    last = max(call.ended for call in calls if call.is_known)
    return Call("read", last + 1, last + 2, answer=sheet)


@pytest.mark.django_db
@pytest.mark.timeout(300)
@pytest.mark.parametrize(("many", "killed"), [(8, 0), (8, 3)])
def test_one_clerk_could_have_given_every_answer(many, killed, history):
    calls, sheet = history(many, CALLS, killed=killed)

    assert unexplained([*calls, at_the_end(calls, sheet)], caps=CAPS) == ""
    known = [call for call in calls if call.is_known]
    assert len(known) >= (many - killed) * CALLS
    refused = [call for call in known if call.answer is False]
    taken = [call for call in known if call.verb == "hold" and call.answer]
    assert refused and taken, "nothing was ever refused, or nothing ever held"
    overlaps = sum(a.began < b.began < a.ended for a in known for b in known)
    assert overlaps > many, "the calls came one after the other"


@pytest.mark.django_db
@pytest.mark.timeout(300)
def test_money_held_in_two_steps_is_noticed(history):
    calls, sheet = history(8, CALLS, careless=True)

    assert unexplained([*calls, at_the_end(calls, sheet)], caps=CAPS)


def hold(minor, began, ended, answer=True, *, payment=0):
    return Call("hold", began, ended, ((payment, minor),), answer)


def free(minor, began, ended, *, payment=0):
    return Call("free", began, ended, ((payment, minor),), True)


def read(began, ended, *sheet):
    return Call("read", began, ended, answer=sheet)


@pytest.mark.once
@pytest.mark.parametrize(
    "calls",
    [
        pytest.param([hold(60, 1, 9), hold(60, 2, 8, False), read(10, 11, 60, 0)], id="one wins"),
        pytest.param([hold(60, 1, 9), read(2, 3, 0, 0), read(4, 5, 60, 0)], id="seen on its way"),
        pytest.param([hold(60, 1, 4), free(60, 5, 9), hold(50, 6, 8)], id="freed on its way"),
        pytest.param([hold(60, 1, NEVER_ENDED, None), hold(60, 2, 3)], id="died and did not"),
        pytest.param([hold(60, 1, NEVER_ENDED, None), hold(60, 2, 3, False)], id="died and did"),
        pytest.param(
            [hold(60, 1, NEVER_ENDED, None), read(2, 3, 0, 0), read(8, 9, 60, 0)], id="died, late"
        ),
    ],
)
def test_what_one_clerk_could_have_done_is_explained(calls):
    assert unexplained(calls, caps=(100, 100)) == ""


@pytest.mark.once
@pytest.mark.parametrize(
    "calls",
    [
        pytest.param([hold(60, 1, 9), hold(60, 2, 8)], id="more than there is"),
        pytest.param([hold(30, 1, 9), hold(40, 2, 8), read(10, 11, 40, 0)], id="a lost update"),
        pytest.param([hold(30, 1, 2), read(3, 4, 0, 0)], id="seen too late"),
        pytest.param([hold(60, 1, 2), free(60, 3, 4), hold(50, 5, 6, False)], id="refused in vain"),
        pytest.param([hold(30, 1, 2), free(30, 3, 4), free(30, 5, 6)], id="freed twice"),
        pytest.param(
            [
                hold(10, 1, 20),
                hold(20, 1, 20, payment=1),
                read(2, 18, 10, 0),
                read(2, 18, 0, 20),
                read(21, 22, 10, 20),
            ],
            id="two that saw the other order",
        ),
        pytest.param(
            [Call("hold", 1, 9, ((0, 10), (1, 20)), True), read(2, 8, 10, 0)], id="half of a pair"
        ),
        pytest.param(
            [hold(60, 1, NEVER_ENDED, None), read(2, 3, 60, 0), read(4, 5, 0, 0)],
            id="came and went",
        ),
    ],
)
def test_what_no_clerk_could_have_done_is_not(calls):
    assert unexplained(calls, caps=(100, 100))
