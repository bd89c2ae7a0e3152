"""Writers of one series, as real processes: `storm.py WRITERS EACH` prints what stands afterwards.

A fifth of the documents is rolled back after its number was taken. Run by test_storm.py with an
empty database of its own in DATABASE_URL.
"""

import json
import multiprocessing
import random
import sys
import time
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

from rebond.cli.boot import set_up

ROLLED_BACK = 0.2
PROMISES = {"I12", "I13", "I13b", "I21"}


class WithoutMigrations:
    """Every app's tables are made as the models have them, which takes no history to be told."""

    def __contains__(self, app: str) -> bool:
        return True

    def __getitem__(self, app: str) -> None:
        return None


def prepare(writers: int) -> None:
    """A shop, and an order for each writer."""
    import_module("django.conf").settings.MIGRATION_MODULES = WithoutMigrations()
    management = import_module("django.core.management")
    management.call_command("migrate", run_syncdb=True, verbosity=0, interactive=False)
    world = import_module("tests.world")
    new_line = import_module("rebond.domain.orders.new").NewLine
    shop = world.small_shop()
    for who in range(writers):
        line = new_line(f"SKU-{who}", "Thing", 1000, 1_000_000)
        world.order_of(shop, number=f"S-{who}", lines=[line], shipping_minor=0)


def write(who: int, many: int, counts: Any) -> None:
    """Issue ``many`` documents, trying each again after a rollback."""
    actions = import_module("rebond.domain.credit_notes.actions")
    chance = random.Random(who)

    def sometimes_fail(step: str) -> None:
        if step == "document.issuing" and chance.random() < ROLLED_BACK:
            raise InterruptedError(step)

    import_module("rebond.domain.credit_notes.writing").crash.point = sometimes_fail
    order = import_module("rebond.domain.orders.models").Order.objects.get(number=f"S-{who}")
    line = order.lines.get()
    # SQLite lets a writer starve when seven others never pause: rolled back too, and tried again.
    rolled_back = (InterruptedError, import_module("django.db").OperationalError)
    draft, done = None, 0
    while done < many:
        try:
            draft = draft or actions.write_draft(
                order.pk,
                [actions.DraftWish(line.pk, 100 + who, 1)],
                reason="storm",
                sends_letter=False,
                by=f"writer:{who}",
            )
            actions.issue_draft(draft.pk, version=1, by=f"writer:{who}")
        except rolled_back:
            with counts.get_lock():
                counts.value += 1
        else:
            draft, done = None, done + 1


def look() -> dict[str, Any]:
    """What stands in the database afterwards."""
    notes = import_module("rebond.domain.credit_notes.models").CreditNote.objects
    numbered = list(notes.order_by("number"))
    promises = import_module("rebond.insights.verification.promises").PROMISES
    broken = [
        breach
        for promise in promises
        if promise.number in PROMISES
        for breach in promise.breaches()
    ]
    moments = [note.issued_at for note in numbered]
    return {
        "numbers": [note.number for note in numbered],
        "in_order": moments == sorted(moments) and moments[-1] <= datetime.now(tz=UTC),
        "broken": broken,
    }


def main(writers: int, each: int) -> dict[str, Any]:
    """Prepare, let all writers loose at once, and look."""
    set_up()
    prepare(writers)
    # No child may share a connection with its parent.
    import_module("django.db").connections.close_all()
    fork = multiprocessing.get_context("fork")
    rolled_back = fork.Value("i", 0)
    began = time.monotonic()
    processes = [
        fork.Process(target=write, args=(who, each, rolled_back)) for who in range(writers)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    return look() | {
        "died": [process.exitcode for process in processes if process.exitcode],
        "rolled_back": rolled_back.value,
        "seconds": time.monotonic() - began,
    }


if __name__ == "__main__":
    print(json.dumps(main(*map(int, sys.argv[1:]))))
