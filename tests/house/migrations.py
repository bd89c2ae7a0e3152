"""Which steps of a migration the old version survives while the new one is being installed.

During an upgrade the old processes still write to tables that were changed already. A step may add
(expand); whatever takes away or narrows (contract) belongs into a later version, in a migration
that says since when nothing old needs it: ``contracts = "0.4 stopped writing it"``.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db.migrations import Migration, operations
from django.db.models import NOT_PROVIDED, Field

HARMLESS = (
    operations.CreateModel,
    operations.AddIndex,
    operations.RemoveIndex,
    operations.RenameIndex,
    operations.RemoveConstraint,
    operations.AlterModelOptions,
    operations.AlterModelManagers,
    operations.RunPython,
    operations.SeparateDatabaseAndState,
)
MARK = "contracts"


def breaches(migration: Migration) -> Iterator[str]:
    """What in ``migration`` old processes would stumble over; nothing where it says why not."""
    if str(getattr(migration, MARK, "")).strip():
        return
    made = {
        step.name.lower()
        for step in migration.operations
        if isinstance(step, operations.CreateModel)
    }
    for step in migration.operations:
        why = _why(step, made)
        if why:
            yield f"{migration.app_label}.{migration.name}: {step.describe()}: {why}"


def _why(step: operations.base.Operation, made: set[str]) -> str:
    """Why ``step`` is no expansion; "" where it is one. ``made``: tables of the same migration."""
    if getattr(step, "model_name", "").lower() in made or isinstance(step, HARMLESS):
        return ""
    if isinstance(step, operations.AddField):
        return "" if _is_filled_by_itself(step.field) else "old processes leave it out: db_default"
    if isinstance(step, operations.AddConstraint):
        return "rows that old processes write may break it"
    if isinstance(step, operations.AlterField):
        return "" if step.field.null else "is it wider than it was? if so, say so"
    return "takes away what old processes use"


def _is_filled_by_itself(field: Field) -> bool:
    """Whether a row that does not name it may be written."""
    return field.null or field.many_to_many or field.db_default is not NOT_PROVIDED
