"""Searches a history of calls for an order in which one clerk could have done them.  (pure)

The clerk keeps a sheet with what is held of each payment. A call takes effect at one moment
between its beginning and its end; one whose end is not known did so at some moment after its
beginning, or never. Where no order explains every answer, something was lost, seen too late, held
beyond what there is, or refused without a reason.
Source: Wing & Gong 1993, "Testing and verifying concurrent objects"; Lowe 2017 for the memory of
what was tried.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

Sheet = tuple[int, ...]
NEVER_ENDED = 1 << 62


@dataclass(frozen=True)
class Call:
    """One call: ``hold``, ``free`` or ``read``. ``amounts`` are pairs of payment and minor units.

    ``answer`` is whether money was held, or the sheet that was read; of a call whose end is not
    known it is None, and ``ended`` is NEVER_ENDED.
    """

    verb: str
    began: int
    ended: int
    amounts: tuple[tuple[int, int], ...] = ()
    answer: bool | Sheet | None = None

    @property
    def is_known(self) -> bool:
        """Whether somebody saw it end."""
        return self.ended < NEVER_ENDED


def calls_of(told: Sequence[Sequence[dict[str, Any]]]) -> list[Call]:
    """The calls in what processes wrote down, each its own list of events."""
    return [call for events in told for call in _calls_of_one(events)]


def unexplained(calls: Sequence[Call], *, caps: Sheet, start: Sheet | None = None) -> str:
    """Where every order of ``calls`` gets stuck, in words; empty where one explains them all."""
    start = start or (0,) * len(caps)
    calls = sorted(calls, key=lambda call: call.began)
    wanted = sum(1 << n for n, call in enumerate(calls) if call.is_known)
    seen: set[tuple[int, Sheet]] = set()
    waiting = [(0, start)]
    best, best_sheet = 0, start
    while waiting:
        done, sheet = waiting.pop()
        if done & wanted == wanted:
            return ""
        if (done & wanted).bit_count() > (best & wanted).bit_count():
            best, best_sheet = done, sheet
        for number, after in _next(calls, done, sheet, caps):
            place = (done | 1 << number, after)
            if place not in seen:
                seen.add(place)
                waiting.append(place)
    stuck = [calls[number] for number in _open(calls, best)]
    return f"with {best_sheet} on the sheet nothing explains any of {stuck}"


def _next(
    calls: Sequence[Call], done: int, sheet: Sheet, caps: Sheet
) -> Iterator[tuple[int, Sheet]]:
    """The calls that may take effect now, each with the sheet after it."""
    for number in _open(calls, done):
        after = _effect(calls[number], sheet, caps)
        if after is not None:
            yield number, after


def _open(calls: Sequence[Call], done: int) -> list[int]:
    """Those that had begun before any that is still to come had ended, the last to begin first."""
    found: list[int] = []
    first_end = NEVER_ENDED
    for number, call in enumerate(calls):
        if call.began > first_end:
            break
        if not done >> number & 1:
            found.append(number)
            first_end = min(first_end, call.ended)
    return [number for number in reversed(found) if calls[number].began <= first_end]


def _effect(call: Call, sheet: Sheet, caps: Sheet) -> Sheet | None:
    """The sheet after the call; None where its answer would be wrong here."""
    if call.verb == "read":
        return sheet if call.answer in (None, sheet) else None
    sign = 1 if call.verb == "hold" else -1
    after = list(sheet)
    for payment, minor in call.amounts:
        after[payment] += sign * minor
    fits = all(0 <= held <= cap for held, cap in zip(after, caps, strict=True))
    if call.answer is False:
        return None if fits else sheet
    return tuple(after) if fits else None


def _calls_of_one(events: Sequence[dict[str, Any]]) -> Iterator[Call]:
    ends = {event["call"]: event for event in events if "answers" in event}
    for event in events:
        if "asks" not in event:
            continue
        wish, end = event["asks"], ends.get(event["call"])
        answer = end["answers"] if end else None
        yield Call(
            wish["verb"],
            event["at"],
            end["at"] if end else NEVER_ENDED,
            tuple((int(place), minor) for place, minor in wish["amounts"].items()),
            tuple(answer) if isinstance(answer, list) else answer,
        )
