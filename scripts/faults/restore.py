"""Row F28: yesterday's backup comes back, and the workers start."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

from scripts.faults.installation import Installation, Provider
from scripts.faults.stage import Stage
from scripts.faults.steps import DUE, ROUNDS
from scripts.faults.table import Case, expect

MANY = 12
# Of the returns, in order, at the moment of the backup.
PAID, DECIDED, INSPECTED = range(2), range(2, 6), range(6, 10)


def workers_after_a_restore(stage: Stage) -> str:
    """All is paid after the backup; what comes back knows of two payouts, and pays nobody again."""
    here, facts = stage.scene("received", many=MANY)
    with here:
        provider = here.provider()
        returns = facts["returns"]
        here.inside("work.inspect", returns=[returns[n] for n in PAID]).made  # noqa: B018
        here.live().made  # noqa: B018  (raises where it failed)
        _decide(here, returns)
        since = datetime.now(tz=UTC).isoformat()
        with Installation(here.server, like=here) as back:
            back.provider_port = here.provider_port
            here.inside("work.inspect", returns=returns[INSPECTED.stop :]).made  # noqa: B018
            here.live().made  # noqa: B018
            paid = _paid(provider)
            expect(paid=(sorted(paid.values()), [1] * MANY))
            held = back.inside("work.restored", since=since).made
            expect(restored=(held, {"code": 1, "held": 1}))
            known = INSPECTED.stop
            for hours in range(ROUNDS):
                found = back.live(hours=hours).made
                if len(found["documents"]) == known and not found["waiting_jobs"]:
                    break
            expect(
                paid=(_paid(provider), paid),
                requests=(len(provider.requests()), MANY),
                refunds=(found["refunds"], [["succeeded", DUE, 0]] * known),
                found=(
                    back.inside("work.adopted").made,
                    {"waiting": MANY - known, "found_again": MANY - DECIDED.stop, "held": 0},
                ),
                documents=(found["documents"], list(range(1, known + 1))),
                dead_jobs=(found["dead_jobs"], []),
                verify=(back.verify(hours=hours), "kept"),
            )
    return f"{MANY} paid once each; {known} known again, {MANY - known} wait for a person"


CASES = [
    Case(
        "F28",
        "yesterday's backup, then workers",
        "no second payout; the lost ones adopted or shown",
        workers_after_a_restore,
    )
]


def _decide(here: Installation, returns: list[str]) -> None:
    """Some are decided and not sent, some only looked at, when the backup is made."""
    here.inside("work.inspect", returns=[returns[n] for n in DECIDED], decides=True).made  # noqa: B018
    here.inside("work.inspect", returns=[returns[n] for n in INSPECTED]).made  # noqa: B018


def _paid(provider: Provider) -> Counter[str]:
    return Counter(one["payment"] for one in provider.refunds() if one["status"] == "succeeded")
