"""Whatever happens in whatever order: caps hold at every step, every promise at the end.

LIFE_EXAMPLES and LIFE_STEPS make it longer, LIFE_SEED another one. A failure prints the line
that replays it.
"""

import os
import subprocess

import pytest
from django.db import IntegrityError, connection
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test
from tests.integrations.conftest import provider  # noqa: F401  (a fixture)
from tests.stories.life import Life

from rebond.domain.refunds import payouts, quoting
from rebond.domain.refunds.reserving import free
from rebond.integrations.channels.email import Email

pytestmark = pytest.mark.django_db(transaction=True)

# PostgreSQL needs a second to empty its tables between two lives.
USUAL = {"sqlite": 30, "postgresql": 6}[connection.vendor]
EXAMPLES = int(os.environ.get("LIFE_EXAMPLES", USUAL))
STEPS = int(os.environ.get("LIFE_STEPS", "25"))
SEED = int(os.environ.get("LIFE_SEED", "20261124"))
# What a run must have met, so that it cannot pass by doing nothing; else further lives are led.
MOST_ROUNDS = 4
MET = {
    "simulator:succeeded",
    "store_credit:succeeded",
    "gift_card:succeeded",
    "bank_transfer:succeeded",
    "return:succeeded",
    "on the way:pending",
    "on the way:unknown",
    "on the way:failed",
    "refused:quote_refused",
    "refused:quantity_exceeds_bought",
}


@pytest.fixture
def life(provider, monkeypatch):  # noqa: F811
    """Runs the machine: ``life(examples)`` raises what Hypothesis found."""
    monkeypatch.setenv("REBOND_SIMULATOR_TIMEOUT", "0.15")
    monkeypatch.setattr(Email, "send", lambda *_: None)
    monkeypatch.setattr(Life, "provider", provider, raising=False)
    monkeypatch.setattr(Life, "seen", type(Life.seen)())

    def run(examples: int, *, phases=(Phase.generate,), number: int = SEED) -> None:
        machine = seed(number)(type("Life", (Life,), {}))
        chosen = settings(
            max_examples=examples,
            stateful_step_count=STEPS,
            database=None,
            deadline=None,
            derandomize=False,
            phases=phases,
            print_blob=False,
            suppress_health_check=list(HealthCheck),
        )
        run_state_machine_as_test(machine, settings=chosen)

    return run


def commit() -> str:
    asked = ["git", "rev-parse", "--short", "HEAD"]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()


@pytest.mark.timeout(3600)
def test_caps_hold_at_every_step_and_every_promise_at_the_end(life):
    for number in range(SEED, SEED + MOST_ROUNDS):
        try:
            life(EXAMPLES, number=number)
        except BaseException:
            print(f"seed={number} db={connection.vendor} commit={commit()}")
            raise
        if EXAMPLES < 25 or set(Life.seen) >= MET:
            return
    raise AssertionError(sorted(Life.seen.items()))


def free_twice(monkeypatch):
    monkeypatch.setattr(payouts, "free", lambda refund: [free(refund), free(refund)])


def forget_what_was_refunded(monkeypatch):
    monkeypatch.setattr(quoting, "past", lambda *_, **__: ())


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("plant", [free_twice, forget_what_was_refunded])
def test_a_planted_fault_is_found(plant, life, monkeypatch):
    plant(monkeypatch)

    with pytest.raises((AssertionError, IntegrityError, BaseExceptionGroup)):
        life(60)
