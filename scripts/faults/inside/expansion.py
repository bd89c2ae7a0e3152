"""Steps of a migration that only add, applied to a table that others write to."""

from __future__ import annotations

import time

from django.db import connection, migrations, models
from django.db.migrations.executor import MigrationExecutor

ROOM, TABLE = "orders", "order"
STEPS = {
    "a column that may be empty": migrations.AddField(
        TABLE, "colour", models.CharField(max_length=10, null=True)
    ),
    "a column with a default": migrations.AddField(
        TABLE, "weight", models.IntegerField(db_default=0)
    ),
    "an index": migrations.AddIndex(
        TABLE, models.Index(fields=["shop", "colour"], name="order_by_colour")
    ),
    "a table": migrations.CreateModel(
        "Colour", [("id", models.UUIDField(primary_key=True)), ("name", models.TextField())]
    ),
}


def apply() -> dict[str, float]:
    """Apply all of them; the seconds that each took."""
    executor = MigrationExecutor(connection)
    state = executor.loader.project_state(executor.loader.graph.leaf_nodes())
    took = {}
    for name, step in STEPS.items():
        time.sleep(0.5)
        made = migrations.Migration(f"9999_{len(took)}", ROOM)
        made.operations = [step]
        began = time.monotonic()
        with connection.schema_editor() as editor:
            state = made.apply(state, editor)
        took[name] = time.monotonic() - began
    return took
