"""Rows F28 and F29: backups that are made, broken off and brought back beside the living world."""

from __future__ import annotations

import random
import signal
import time
from collections import Counter
from pathlib import Path

from scripts.faults.installation import Done, Installation, Provider
from scripts.faults.stage import Stage
from scripts.faults.steps import DUE, ROUNDS
from scripts.faults.table import Broken, Case, expect

MANY = 12
# Of the returns, in order, at the moment of the backup.
PAID, DECIDED, INSPECTED = range(2), range(2, 6), range(6, 10)
BACKUPS, KILLS, SECONDS_TO_WRITE = 3, 8, 90


def workers_after_a_restore(stage: Stage) -> str:
    """All is paid after the backup; what comes back knows of two payouts, and pays nobody again."""
    here, facts = stage.scene("received", many=MANY)
    with here, Installation(here.server) as back:
        provider = here.provider()
        returns = facts["returns"]
        here.inside("work.inspect", returns=[returns[n] for n in PAID]).made  # noqa: B018
        here.live().made  # noqa: B018  (raises where it failed)
        _decide(here, returns)
        archive = _backup(here)
        here.inside("work.inspect", returns=returns[INSPECTED.stop :]).made  # noqa: B018
        here.live().made  # noqa: B018
        paid = _paid(provider)
        expect(paid=(sorted(paid.values()), [1] * MANY))
        back.provider_port = here.provider_port
        _went(back.rebond("restore", str(archive)))
        expect(held=(back.rebond("restored").code, 1))
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


def while_everybody_writes(stage: Stage) -> str:
    """Orders are entered without a pause; each backup holds all that was entered before it."""
    here, _facts = stage.scene("received", many=1)
    with here, Installation(here.server) as back:
        writer = here.begin("work.enter_orders", seconds=SECONDS_TO_WRITE)
        counts = []
        for _ in range(1 if stage.is_small else BACKUPS):
            before = _entered(here)
            archive = _backup(here)
            counts.append((before, archive, _entered(here)))
        writer.terminate()
        writer.wait(60)
        before, archive, after = counts[-1]
        if after <= before:
            raise Broken("nothing was written while the backup was made")
        _went(back.rebond("restore", str(archive)))
        kept = back.look()["events"]["order.entered"]
        if not before <= kept <= after:
            raise Broken(f"{kept} orders came back; {before} were there before, {after} after")
        expect(verify=(back.verify(), "kept"))
    return "no order lost that was there before, none torn; verify kept"


def killed_while_backing_up(stage: Stage) -> str:
    """Whatever the moment: each archive that is there can be read, and the next one is made."""
    chance = random.Random(stage.seed)
    here, _facts = stage.scene("received", many=3)
    with here:
        folder = here.folder / "backups"
        for step in ("backup.copied", "backup.written"):
            here.rebond("backup", env={"REBOND_CRASH_AT": step})
            expect(died=(here.has_died_at(step), True))
        whole = _archives(folder)
        expect(after_the_steps=(len(whole), 1))
        took = _seconds_of(here)
        for _ in range(2 if stage.is_small else KILLS):
            process = here.begin_rebond("backup")
            time.sleep(took * chance.uniform(0.5, 1.0))
            process.send_signal(signal.SIGKILL)
            process.wait()
        last = _backup(here)
        made = _archives(folder)
        read = [here.inside("work.read_archive", path=str(path)).code for path in made]
        left = [path.name for path in folder.iterdir() if path not in made]
        expect(read=(set(read), {0}), left=(left, [".lock"]), last=(last in made, True))
    return f"{len(made)} archives, every one whole; nothing left lying about"


def killed_while_restoring(stage: Stage) -> str:
    """A restore that dies is begun again; no worker starts in between."""
    here, _facts = stage.scene("received", many=3)
    steps = ["restore.files", "restore.held"]
    steps += ["restore.loaded"] if stage.database == "postgresql" else []
    with here, Installation(here.server) as back:
        archive = _backup(here)
        for step in steps:
            back.rebond("restore", str(archive), env={"REBOND_CRASH_AT": step})
            expect(died=(back.has_died_at(step), True))
            if stage.database == "postgresql" and step != "restore.files":
                expect(worker=(back.rebond("work", "--until-idle").code, 2))
        _went(back.rebond("restore", str(archive)))
        expect(
            held=(back.rebond("restored").code, 1),
            orders=(back.look()["events"]["order.entered"], 3),
            verify=(back.verify(), "kept"),
        )
    return f"killed at {len(steps)} steps, begun again, all there and on hold"


CASES = [
    Case(
        "F28",
        "yesterday's backup, then workers",
        "no second payout; the lost ones adopted or shown",
        workers_after_a_restore,
    ),
    Case(
        "F29",
        "backup while orders are entered",
        "the archive is one moment, restored and verified",
        while_everybody_writes,
    ),
    Case(
        "F29",
        "killed while backing up",
        "an archive is whole or not there",
        killed_while_backing_up,
    ),
    Case(
        "F29",
        "killed while restoring",
        "nothing works on half a database",
        killed_while_restoring,
    ),
]


def _decide(here: Installation, returns: list[str]) -> None:
    """Some are decided and not sent, some only looked at, when the backup is made."""
    here.inside("work.inspect", returns=[returns[n] for n in DECIDED], decides=True).made  # noqa: B018
    here.inside("work.inspect", returns=[returns[n] for n in INSPECTED]).made  # noqa: B018


def _backup(here: Installation) -> Path:
    return Path(_went(here.rebond("backup")).out.split()[0])


def _went(done: Done) -> Done:
    if done.code:
        raise Broken(f"a command ended with {done.code}: {done.err[-1000:]}")
    return done


def _archives(folder: Path) -> list[Path]:
    return sorted(folder.glob("rebond-*.tar.gz"))


def _seconds_of(here: Installation) -> float:
    began = time.monotonic()
    _backup(here)
    return time.monotonic() - began


def _entered(here: Installation) -> int:
    told: int = here.look()["events"]["order.entered"]
    return told


def _paid(provider: Provider) -> Counter[str]:
    return Counter(one["payment"] for one in provider.refunds() if one["status"] == "succeeded")
