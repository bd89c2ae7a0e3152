"""Rows F7 and F8: the provider takes its word back, days later."""

from __future__ import annotations

import time
from typing import Any

from scripts.faults.installation import Installation
from scripts.faults.stage import Stage
from scripts.faults.steps import DUE
from scripts.faults.table import Broken, Case, expect

FIVE_DAYS = 5 * 24
SECONDS_TO_HEAR = 30


def pending_then_failed(stage: Stage) -> str:
    """F7: underway for five days, then not paid after all."""
    here, _facts = stage.scene("inspected")
    with here:
        provider = here.provider()
        provider.plan("pending_then_failed")
        for hours in (0, 1, FIVE_DAYS - 1):
            waiting = here.live(hours=hours).made
            expect(meanwhile=(waiting["refunds"], [["pending", DUE, 0]]))
            expect(told=(waiting["letters"].get("refunded"), None))
        provider.advance()
        here.live(hours=FIVE_DAYS).made  # noqa: B018  (raises where it failed)
        found = here.live(hours=FIVE_DAYS + 24).made
        _failed(found, state="failed", documents=[])
        expect(
            letters=(_about_money(found), {"refund_failed": 1}),
            books=(found["books"], waiting["books"]),
            booked=([refund["status"] for refund in provider.refunds()], ["failed"]),
            requests=(len(provider.requests()), 1),
            verify=(here.verify(hours=FIVE_DAYS + 24), "kept"),
        )
    return "money free again, task raised, 1 request, never told as paid"


def succeeded_then_failed(stage: Stage) -> str:
    """F8: paid, documented and told; then the bank sends the money back, and our door hears it."""
    here, _facts = stage.scene("inspected_with_credit")
    with here:
        here.web()
        provider = here.provider(tells_us=True)
        provider.plan("succeeded_then_failed")
        paid = here.live().made
        expect(at_first=(paid["refunds"], [["succeeded", DUE, 0]]))
        before = _heard(here, "succeeded")
        provider.advance()
        _heard(here, "failed_late")
        found = here.live(hours=1).made
        _failed(found, state="failed_late", documents=[1])
        expect(
            letters=(_about_money(found), {"refunded": 1, "refund_failed": 1}),
            documents=(found["document_hashes"], before["document_hashes"]),
            books=(found["books"], before["books"]),
            booked=([refund["status"] for refund in provider.refunds()], ["failed"]),
            requests=(len(provider.requests()), 1),
            web_errors=(here.web_errors(), []),
            verify=(here.verify(), "kept"),
        )
    return "money free again, task raised, 1 request, books and document as they were"


CASES = [
    Case(
        "F7",
        "pending, failed after five days",
        "reservation free, a task, no second payout, no false letter",
        pending_then_failed,
    ),
    Case(
        "F8",
        "succeeded, then failed",
        "reservation free, a task, no second payout, books never edited",
        succeeded_then_failed,
    ),
]


def _failed(found: dict[str, Any], *, state: str, documents: list[int]) -> None:
    expect(
        state=(found["refunds"], [[state, DUE, 0]]),
        reserved=(found["reserved"], [0]),
        tasks=(found["tasks"], ["failed"]),
        documents=(found["documents"], documents),
        money=(found["money_states"], ["failed"]),
        waiting_jobs=(found["waiting_jobs"], 0),
        dead_jobs=(found["dead_jobs"], []),
    )


def _about_money(found: dict[str, Any]) -> dict[str, int]:
    return {kind: n for kind, n in found["letters"].items() if kind.startswith("refund")}


def _heard(here: Installation, state: str) -> dict[str, Any]:
    """Wait until the provider's messages have arrived; returns what stands there then."""
    deadline = time.monotonic() + SECONDS_TO_HEAR
    while time.monotonic() < deadline:
        found = here.look()
        is_there = found["refunds"] == [[state, DUE, 0]]
        if is_there and found["messages"] and set(found["messages"]) == {"applied"}:
            return found
        time.sleep(0.5)
    raise Broken(f"the provider's message about {state} did not take effect")
