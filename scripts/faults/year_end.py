"""Row F20: the year ends while documents are written; nights on which clocks are changed."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from scripts.faults.stage import Stage
from scripts.faults.table import Broken, Case, expect

PARIS = ZoneInfo("Europe/Paris")
BEFORE, AFTER = 12, 4
NIGHTS = {
    "clocks go forward": datetime(2027, 3, 28, 0, 59, 50, tzinfo=UTC),
    "clocks go back": datetime(2027, 10, 31, 0, 59, 50, tzinfo=UTC),
    "29 February": datetime(2028, 2, 28, 22, 59, 50, tzinfo=UTC),
}
"""Moments at which a worker begins; the shop's clock stands in Paris."""


def into_the_new_year(stage: Stage) -> str:
    """Eight writers over midnight: each year's numbers begin at 1, once, without a gap."""
    many = 8
    here, _facts = stage.scene("writers", many=many)
    with here:
        midnight = datetime(datetime.now(tz=PARIS).year + 1, 1, 1, tzinfo=PARIS)
        seen = here.inside(
            "storms.write_over_midnight",
            hours=_hours_to(midnight, BEFORE),
            many=many,
            seconds=AFTER,
        ).made
        years: defaultdict[int, list[int]] = defaultdict(list)
        for _series, number, year, _label in seen["rows"]:
            years[year].append(number)
        wanted = {midnight.year - 1, midnight.year}
        expect(years=(set(years), wanted), broken=(seen["found"]["broken"], []))
        for year, numbers in years.items():
            if sorted(numbers) != list(range(1, len(numbers) + 1)):
                raise Broken(f"{year}: {sorted(numbers)[:20]} … of {len(numbers)}")
        labels = [label for *_, label in seen["rows"]]
        expect(labels=(len(set(labels)), len(labels)))
    old, new = (len(years[year]) for year in sorted(years))
    return f"{old} documents of the old year and {new} of the new, each from 1 without a gap"


def strange_nights(stage: Stage) -> str:
    """A return is decided, paid and documented over each of these nights, once."""
    for moment in NIGHTS.values():
        here, _facts = stage.scene("inspected")
        with here:
            provider = here.provider()
            for hours in (0, 1, 2, 24):
                found = here.live(hours=_hours_to(moment, 0) + hours).made
            expect(
                refunds=([one[0] for one in found["refunds"]], ["succeeded"]),
                documents=(found["documents"], [1]),
                paid=(len(provider.refunds()), 1),
                waiting_jobs=(found["waiting_jobs"], 0),
                dead_jobs=(found["dead_jobs"], []),
                broken=(found["broken"], []),
            )
    return f"{len(NIGHTS)} nights: paid once, one document, nothing left over"


CASES = [
    Case("F20", "the year ends under eight writers", "each year from 1, no gap", into_the_new_year),
    Case("F20", "clocks changed, 29 February", "paid once, one document", strange_nights),
]


def _hours_to(moment: datetime, seconds_before: float) -> float:
    return ((moment - datetime.now(tz=UTC)).total_seconds() - seconds_before) / 3600
