"""Rows F2, F4, F5, F6: the worker dies at every named step of a payout, and the provider fails."""

from __future__ import annotations

import signal
from collections.abc import Callable
from functools import partial
from typing import Any

from scripts.faults.installation import Installation, Provider
from scripts.faults.stage import Stage
from scripts.faults.table import Broken, Case, expect

STEPS = (
    "settlement.deciding",
    "refund.armed",
    "refund.answered",
    "refund.settling",
    "refund.settled",
    "document.issuing",
    "document.issued",
)
FAULTS = ("ok", "timeout_after", "500_after", "500_before")
ROUNDS = 8
DUE = 3333
ONE_OF_EACH = ("settlement.decided", "refund.started", "refund.succeeded", "credit_note.issued")


def killed_at(step: str, fault: str, stage: Stage) -> str:
    """The worker dies at ``step``; others go on, an hour later each."""
    here, _facts = stage.scene("inspected")
    with here:
        provider = here.provider()
        if fault != "ok":
            provider.plan(fault, seconds=2)
        died = False
        for hours in range(ROUNDS):
            life = here.live(hours=hours, crash_at="" if died else step)
            died = died or _died(life.code, here, step)
            if life.code == 0 and died and is_over(life.made):
                break
        if not died:
            raise Broken(f"no process died at {step}")
        paid_and_told(here, provider, life.made, hours=hours)
    return "died there, paid once, one document"


def answer_lost(stage: Stage) -> str:
    """F4: the provider pays, and its answer comes after we have stopped waiting."""
    keys = _fault(stage, "timeout_after")
    expect(keys=(keys, ["0"]))
    return "found by look-up, 1 request, paid once"


def error_after_paying(stage: Stage) -> str:
    """F5: the provider pays and answers with an error, for ever under that key."""
    keys = _fault(stage, "500_after")
    expect(keys=(keys, ["0"]))
    return "found by look-up, no new key, paid once"


def error_before_paying(stage: Stage) -> str:
    """F6: the provider does not pay and answers with an error, for ever under that key."""
    keys = _fault(stage, "500_before", generation=1)
    expect(keys=(keys, ["0", "1"]))
    return "a new key after three looks, paid once"


def paid_and_told(
    here: Installation,
    provider: Provider,
    found: dict[str, Any],
    *,
    hours: float,
    generation: int | None = None,
) -> None:
    """Expect the one refund to be paid, documented and told once, with nothing left to do."""
    [(state, minor, used)] = found["refunds"]
    expect(
        state=(state, "succeeded"),
        amount=(minor, DUE),
        reserved=(found["reserved"], [DUE]),
        paid=([(r["amount"], r["status"]) for r in provider.refunds()], [(DUE, "succeeded")]),
        documents=(found["documents"], [1]),
        waiting_jobs=(found["waiting_jobs"], 0),
        dead_jobs=(found["dead_jobs"], []),
        unwatched=(found["unwatched"], 0),
        told=([found["events"].get(name) for name in ONE_OF_EACH], [1] * len(ONE_OF_EACH)),
        letters=(found["letters"].get("refunded"), 1),
        verify=(here.verify(hours=hours), "kept"),
    )
    if generation is not None:
        expect(generation=(used, generation))


def _fault(stage: Stage, mode: str, *, generation: int = 0) -> list[str]:
    """Let the call fail once in this way and the clock look; returns the keys' generations."""
    here, _facts = stage.scene("inspected")
    with here:
        provider = here.provider()
        provider.plan(mode, seconds=2)
        found = here.live().made
        # Money goes first: the same life may look it up when the clock comes to it.
        [(first, _, _)] = found["refunds"]
        expect(at_first=(first in {"unknown", "succeeded"}, True))
        for hours in range(1, ROUNDS):
            found = here.live(hours=hours).made
            if is_over(found):
                break
        paid_and_told(here, provider, found, hours=hours, generation=generation)
        return [key.rpartition(":")[2] for key in provider.requests()]


def is_over(found: dict[str, Any]) -> bool:
    """Whether there is a document and no work is left."""
    return bool(found["documents"]) and not found["waiting_jobs"]


def _died(code: int, here: Installation, step: str) -> bool:
    """Whether the process died by SIGKILL at the step; any other failure is a bug."""
    if code > 0:
        raise Broken(f"the worker failed with {code}")
    return code == -signal.SIGKILL and here.has_died_at(step)


def _case(step: str, fault: str) -> Case:
    run: Callable[[Stage], str] = partial(killed_at, step, fault)
    return Case("F2", f"killed at {step}, provider {fault}", "paid once, one document", run)


CASES = [
    *(_case(step, fault) for step in STEPS for fault in FAULTS),
    Case("F4", "provider pays, the answer is lost", "paid once, found by look-up", answer_lost),
    Case("F5", "provider pays, answers 500 for ever", "paid once, no new key", error_after_paying),
    Case("F6", "provider fails, answers 500 for ever", "paid once, new key", error_before_paying),
]
