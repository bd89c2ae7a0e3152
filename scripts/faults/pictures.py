"""Row F18: pictures made to eat memory, and a helper that dies over one."""

from __future__ import annotations

from scripts.faults.stage import Stage
from scripts.faults.table import Case, expect

MOST_SECONDS, MOST_MEGABYTES = 5.0, 256


SAID = {
    "900 megapixels": "photo_too_large",
    "900 megapixels that say they are one": "taken",
    "a helper killed for its memory": "photo_unreadable",
    "a helper that asks for too much": "photo_unreadable",
    "a picture": "taken",
}
"""What must become of each; of one that holds more than it says only what it says is read."""


def bombs(stage: Stage) -> str:
    """Each harms itself alone, quickly and small; the next picture is taken as ever."""
    here, _facts = stage.scene("one_hundred")
    with here:
        seen = {name: here.inside("pictures.try_one", which=name).made for name in SAID}
    expect(said=({name: one["said"] for name, one in seen.items()}, SAID))
    slowest = max(one["seconds"] for one in seen.values())
    largest = max(one["megabytes"] for one in seen.values())
    expect(quick=(slowest <= MOST_SECONDS, True), small=(largest <= MOST_MEGABYTES, True))
    return f"each alone: at most {slowest:.1f} s and {largest:.0f} MB; the next is taken"


CASES = [
    Case("F18", "pictures that eat memory", "only that upload fails, 256 MB, 5 s", bombs),
]
