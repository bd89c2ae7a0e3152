"""Reading the facts of a case strictly: a fact is well formed, absent, or refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from fractions import Fraction
from typing import TypeVar
from zoneinfo import ZoneInfo

SYNONYMS = {
    "information_given": ("information_on_withdrawal_given",),
    "consumer_informed_of_withdrawal_right": ("informed",),
    "proof_of_dispatch_on": ("proof_of_dispatch_supplied_on",),
}
T = TypeVar("T")
FIRST_YEAR, LAST_YEAR = 1900, 2199
LARGEST_AMOUNT = 10**15
LONGEST_TEXT = 2000
RATE = re.compile(r"[0-9]{1,3}(\.[0-9]{1,4})?", re.ASCII)
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9:.,]+(Z|[+-][0-9:]+)?)?", re.ASCII)
ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z][A-Za-z0-9_+-]*){0,2}", re.ASCII)


class FactMissing(LookupError):
    """facts: fact"""

    code = "FACT_MISSING"

    def __init__(self, fact: str) -> None:
        super().__init__(fact)
        self.fact = fact


class InvalidFact(ValueError):
    """facts: fact, expected"""

    code = "INVALID_INPUT"

    def __init__(self, fact: str, expected: str) -> None:
        super().__init__(f"{fact}: {expected} expected")
        self.fact = fact


class Facts:
    """The facts of one case. A null fact is an absent one; every reader checks the type.

    Readers return None for an absent fact, those named ``the_…`` raise
    ``FactMissing`` instead. All raise ``InvalidFact`` for a fact of another shape.
    """

    def __init__(self, values: Mapping[str, object], zone: tzinfo) -> None:
        self.values = values
        self.zone = zone

    def has(self, name: str) -> bool:
        return self._value(name) is not None

    def named(self, name: str) -> bool:
        """True when the case names the fact, if only to say that it is null."""
        return any(known in self.values for known in (name, *SYNONYMS.get(name, ())))

    def day(self, name: str) -> date | None:
        """A date; an instant stands for its date in the consumer's time zone."""
        value = self._value(name)
        return None if value is None else read_day(value, name, self.zone)

    def the_day(self, name: str) -> date:
        return self._required(self.day(name), name)

    def instant(self, name: str) -> datetime | None:
        """A moment; one without offset is on the consumer's clock."""
        value = self._value(name)
        return None if value is None else read_instant(value, name, self.zone)

    def the_instant(self, name: str) -> datetime:
        return self._required(self.instant(name), name)

    def flag(self, name: str, *, default: bool = False) -> bool:
        value = self._value(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise InvalidFact(name, "true or false")
        return value

    def amount(self, name: str) -> int | None:
        """Minor units, never negative."""
        value = self.whole(name)
        if value is not None and value < 0:
            raise InvalidFact(name, "an amount of zero or more")
        return value

    def the_amount(self, name: str) -> int:
        return self._required(self.amount(name), name)

    def whole(self, name: str) -> int | None:
        value = self._value(name)
        return None if value is None else read_whole(value, name)

    def text(self, name: str) -> str | None:
        value = self._value(name)
        if value is None:
            return None
        if not isinstance(value, str) or len(value) > LONGEST_TEXT:
            raise InvalidFact(name, "a text")
        return value

    def the_text(self, name: str) -> str:
        return self._required(self.text(name), name)

    def rate(self, name: str) -> Fraction | None:
        """A percentage: ``"5.5"`` is 5.5 percent."""
        value = self._value(name)
        return None if value is None else read_rate(value, name)

    def listed(self, name: str) -> list[object] | None:
        value = self._value(name)
        if value is None:
            return None
        if not isinstance(value, list):
            raise InvalidFact(name, "a list")
        return value

    def the_list(self, name: str) -> list[object]:
        return self._required(self.listed(name), name)

    def parts(self, name: str) -> list[Facts] | None:
        """A list of objects, each read like the facts themselves."""
        values = self.listed(name)
        return None if values is None else [self._nested(value, name) for value in values]

    def part(self, name: str) -> Facts | None:
        value = self._value(name)
        return None if value is None else self._nested(value, name)

    def the_part(self, name: str) -> Facts:
        return self._required(self.part(name), name)

    def is_object(self, name: str) -> bool:
        return isinstance(self._value(name), Mapping)

    def is_list(self, name: str) -> bool:
        return isinstance(self._value(name), list)

    def _value(self, name: str) -> object:
        for known in (name, *SYNONYMS.get(name, ())):
            if self.values.get(known) is not None:
                return self.values[known]
        return None

    def _nested(self, value: object, name: str) -> Facts:
        if not isinstance(value, Mapping):
            raise InvalidFact(name, "an object")
        return Facts(value, self.zone)

    @staticmethod
    def _required(value: T | None, name: str) -> T:
        if value is None:
            raise FactMissing(name)
        return value


def read_day(value: object, name: str, zone: tzinfo) -> date:
    """A date, or the date of an instant on the clock of ``zone``; raises ``InvalidFact``."""
    if isinstance(value, str) and not DAY.fullmatch(value):
        return read_instant(value, name, zone).date()
    try:
        day = date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        day = None
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise InvalidFact(name, "an ISO 8601 date")
    return day


def read_instant(value: object, name: str, zone: tzinfo) -> datetime:
    """A moment on the clock of ``zone``; raises ``InvalidFact``."""
    try:
        is_written = isinstance(value, str) and INSTANT.fullmatch(value)
        instant = datetime.fromisoformat(str(value)) if is_written else None
    except ValueError:
        instant = None
    if instant is None or not FIRST_YEAR <= instant.year <= LAST_YEAR:
        raise InvalidFact(name, "an ISO 8601 date and time")
    return instant.replace(tzinfo=zone) if instant.tzinfo is None else instant.astimezone(zone)


def read_whole(value: object, name: str) -> int:
    """A whole number of a sane size; true and false are none. Raises ``InvalidFact``."""
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > LARGEST_AMOUNT:
        raise InvalidFact(name, "a whole number")
    return value


def read_rate(value: object, name: str) -> Fraction:
    """A percentage from 0 to under 1000, exact; raises ``InvalidFact``."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if 0 <= value < 1000 else ""
    if not isinstance(value, str) or not RATE.fullmatch(value):
        raise InvalidFact(name, 'a percentage such as "20" or "5.5"')
    return Fraction(value)


def zone_named(name: str) -> ZoneInfo:
    """A time zone of the IANA database; raises ``InvalidFact`` for any other name."""
    if ZONE.fullmatch(name):
        try:
            return ZoneInfo(name)
        except (OSError, ValueError, KeyError):
            pass
    raise InvalidFact("consumer_time_zone", "an IANA time zone")
