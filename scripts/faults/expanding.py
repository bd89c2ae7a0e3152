"""Row F27: tables grow while the processes of the version before go on writing."""

from __future__ import annotations

import time

from scripts.faults.stage import Stage
from scripts.faults.table import Broken, Case, expect

SECONDS_TO_WRITE, LONGEST_PAUSE = 60, 5.0


def expand_under_writes(stage: Stage) -> str:
    """Each kind of step that the rule lets through, one after the other, with writers at work."""
    here, _facts = stage.scene("received", many=1)
    with here:
        writers = [
            here.begin("work.enter_orders", seconds=SECONDS_TO_WRITE, prefix=f"{who}-")
            for who in range(2)
        ]
        before = here.look()["events"]["order.entered"]
        pauses = here.inside("expansion.apply").made
        time.sleep(2)
        after = here.look()["events"]["order.entered"]
        alive = [writer.poll() for writer in writers]
        for writer in writers:
            writer.terminate()
            writer.wait(60)
        if after <= before:
            raise Broken("nobody wrote while the tables grew")
        worst = max(pauses.values())
        if worst > LONGEST_PAUSE:
            raise Broken(f"a step took {worst:.1f} s")
        log = (here.folder / "work.enter_orders.log").read_text(errors="replace")
        expect(
            writers=(alive, [None, None]),
            errors=([x for x in log.splitlines() if "Error" in x], []),
            verify=(here.verify(), "kept"),
        )
    return f"{len(pauses)} kinds of steps, {after - before} orders meanwhile, none refused"


CASES = [
    Case(
        "F27",
        "tables grow under live writes",
        "old processes go on: nothing refused, nothing lost",
        expand_under_writes,
    )
]
