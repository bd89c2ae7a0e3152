"""Writers of one series, as real processes: `storm.py prepare`, `write WHO MANY` and `look`.

A fifth of the documents is rolled back after its number was taken. Run by test_storm.py with a
database of its own in DATABASE_URL.
"""

import json
import random
import sys
from datetime import UTC, datetime
from importlib import import_module

from rebond.cli.boot import set_up

ROLLED_BACK = 0.2


def prepare(writers: int) -> None:
    """A shop, and an order for each writer."""
    management = import_module("django.core.management")
    management.call_command("migrate", verbosity=0, interactive=False)
    world = import_module("tests.world")
    new_line = import_module("rebond.domain.orders.new").NewLine
    shop = world.small_shop()
    for who in range(writers):
        line = new_line(f"SKU-{who}", "Thing", 1000, 1_000_000)
        world.order_of(shop, number=f"S-{who}", lines=[line], shipping_minor=0)


def write(who: int, many: int) -> None:
    """Issue ``many`` documents, trying each again after a rollback."""
    actions = import_module("rebond.domain.credit_notes.actions")
    chance = random.Random(who)

    def sometimes_fail(step: str) -> None:
        if step == "document.issuing" and chance.random() < ROLLED_BACK:
            raise InterruptedError(step)

    import_module("rebond.domain.credit_notes.writing").crash.point = sometimes_fail
    order = import_module("rebond.domain.orders.models").Order.objects.get(number=f"S-{who}")
    line = order.lines.get()
    rolled_back = 0
    for _ in range(many):
        draft = actions.write_draft(
            order.pk,
            [actions.DraftWish(line.pk, 100 + who, 1)],
            reason="storm",
            sends_letter=False,
            by=f"writer:{who}",
        )
        while True:
            try:
                actions.issue_draft(draft.pk, version=1, by=f"writer:{who}")
                break
            except InterruptedError:
                rolled_back += 1
    print(json.dumps({"rolled_back": rolled_back}))


def look() -> None:
    """What stands in the database afterwards."""
    notes = import_module("rebond.domain.credit_notes.models").CreditNote.objects
    numbered = list(notes.order_by("number"))
    broken = [
        breach
        for promise in import_module("rebond.insights.verification.promises").PROMISES
        if promise.number in {"I12", "I13", "I13b", "I21"}
        for breach in promise.breaches()
    ]
    moments = [note.issued_at for note in numbered]
    seen = {
        "numbers": [note.number for note in numbered],
        "in_order": moments == sorted(moments) and moments[-1] <= datetime.now(tz=UTC),
        "broken": broken,
    }
    print(json.dumps(seen))


if __name__ == "__main__":
    set_up()
    what, *rest = sys.argv[1:]
    {"prepare": prepare, "write": write, "look": look}[what](*map(int, rest))
