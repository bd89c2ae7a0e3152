"""Writes one column of many rows in few statements."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models


def set_each(model: type[models.Model], name: str, rows: Iterable[models.Model]) -> None:
    """Store the column ``name`` of ``rows`` as it stands in them: one statement for each value."""
    by_value: dict[Any, list[Any]] = {}
    for row in rows:
        by_value.setdefault(getattr(row, name), []).append(row.pk)
    for value, keys in by_value.items():
        model._default_manager.filter(pk__in=keys).update(**{name: value})
