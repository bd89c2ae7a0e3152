"""How often a process that serves for days looks for garbage."""

import gc

YOUNG, MIDDLE, OLD = 50_000, 20, 50
"""Objects before the youngest are looked through, and how often that before the older ones are.

Python's own 700 makes a request stop for it dozens of times: most of what a request makes is let
go by counting references alone.
"""


def collect_seldom() -> None:
    """Call once all code is loaded: it stays for good and is not looked through again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
