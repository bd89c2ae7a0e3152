"""Labels: typeset with bars and squares."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from scripts.bench.measure import Measure, per_second

MOST_MILLISECONDS = 50


def measures(home: Path, only: str) -> Iterator[Measure]:
    if only not in "label PDF":
        return
    sheet = import_module("rebond.domain.shipping.sheets").label_sheet
    moment = import_module("datetime").datetime(2026, 11, 21, tzinfo=import_module("datetime").UTC)

    def make() -> None:
        sheet(
            "R-2026-000001",
            head="Galerie",
            postage="",
            sender=["Camille", "3 rue du Puits", "75005 Paris"],
            recipient=["Galerie", "12 rue des Lices", "69000 Lyon"],
            paper="a6",
            made_at=moment,
        )

    rate = per_second(make, 1, rounds=60)
    yield Measure("label PDF", 1000 / rate, "at most", MOST_MILLISECONDS, "ms")
