"""Windows of a pickup on a page: day by day, and read from a form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import groupby
from typing import Any

from rebond.domain.shipping.ports import PickupWindow

Days = list[tuple[date, list[PickupWindow]]]


def days_of(windows: list[PickupWindow] | None) -> Days:
    """The windows day by day."""
    return [
        (day, list(rows)) for day, rows in groupby(sorted(windows or []), key=lambda one: one.day)
    ]


def posted_window(posted: Mapping[str, Any]) -> PickupWindow | None:
    """The window that was chosen; None where nothing that is one was posted."""
    try:
        return PickupWindow.from_key(str(posted.get("window", ""))[:40])
    except ValueError:
        return None
