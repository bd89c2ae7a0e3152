"""Odd values, and ways to put them anywhere into a sound document, for tests of what comes in."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

Place = tuple[str | int, ...]

TEXTS = st.one_of(
    st.sampled_from(
        [
            *("", " ", "\x00", "a\x00b", "\ud800", "\u202e", "0", "-1", "1e999999999", "NaN", "١"),
            *("x" * 70, "x" * 300, "x" * 5000, "null", "'; --", "../../etc/passwd", "=1+1", "€"),
            *("9" * 30, "9" * 5000, "1.00", "1,00", "2026-02-30", "0001-01-01T00:00:00+14:00"),
        ]
    ),
    st.text(max_size=12),
)
NUMBERS = st.one_of(
    st.sampled_from([0, -1, 2**31, 2**63, -(2**63) - 1, 10**30, 1e308, -0.5, 1e-300]),
    st.integers(),
    st.floats(),
)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
# Where, among the places of the document, and what is put there; None takes the place away.
CHANGES = st.lists(
    st.tuples(st.integers(0, 200), JSON | st.just(...)), min_size=1, max_size=3
)  # fmt: skip


def spoiled(document: Any, changes: Sequence[tuple[int, Any]]) -> Any:
    """``document`` with each of ``changes`` in place: a value, or ``...`` to take it away."""
    made = deepcopy(document)
    for number, value in changes:
        known = list(places(made))
        place = known[number % len(known)]
        if not place:
            made = None if value is ... else value
            continue
        inner = made
        for step in place[:-1]:
            inner = inner[step]
        if value is ...:
            del inner[place[-1]]
        else:
            inner[place[-1]] = value
    return made


def places(value: Any, at: Place = ()) -> Iterator[Place]:
    """Every place in a JSON value, the whole first."""
    yield at
    inside = value.items() if isinstance(value, dict) else []
    for step, inner in enumerate(value) if isinstance(value, list) else inside:
        yield from places(inner, (*at, step))


def written(value: Any) -> bytes:
    """``value`` as JSON that every reader takes, odd letters escaped."""
    return json.dumps(value).encode()
