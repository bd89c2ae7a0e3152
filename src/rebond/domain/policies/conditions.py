"""Which lines of a request a rule is about: conditions, compiled once.  (pure)"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from rebond.domain.law.places import is_member_state
from rebond.domain.policies.facts import OUTCOMES, Facts, Ground, LineFacts
from rebond.domain.policies.settings_reading import (
    Setting,
    choice,
    day,
    minor,
    read_settings,
    words,
)

ABOUT_LINES = ("categories", "skus", "tags", "reasons", "outcomes", "grounds")
ABOUT_REQUEST = ("countries", "customer_tags", "channels")
BOUNDS = (
    ("min_value_minor", "max_value_minor"),
    ("min_request_minor", "max_request_minor"),
    ("ordered_from", "ordered_to"),
    ("asked_from", "asked_to"),
)
UNION = "EU"
AMOUNTS = ("min_value_minor", "max_value_minor", "min_request_minor", "max_request_minor")
"""Conditions that compare an amount: in another currency nothing can be compared, and a rule that
has one of them is not about the order."""

SETTINGS: tuple[Setting, ...] = (
    words("categories"),
    words("skus"),
    words("tags"),
    words("reasons"),
    words("outcomes", among=OUTCOMES),
    words("grounds", among=[ground.value for ground in Ground]),
    choice("fault", among=["", "ours", "not_ours"], default=""),
    *(minor(name, default=None, abroad={}) for name in AMOUNTS),
    words("countries", longest=2),
    choice("customers", among=["", "consumer", "business"], default=""),
    words("customer_tags"),
    words("channels"),
    day("ordered_from"),
    day("ordered_to"),
    day("asked_from"),
    day("asked_to"),
)

Grounds = Mapping[str, frozenset[Ground]]
LineTest = Callable[[LineFacts, Grounds], bool]
RequestTest = Callable[[Facts], bool]


@dataclass(frozen=True)
class Condition:
    """What has to be true, everything at once; of a list one entry is enough.

    ``values`` are the settings that were given. A condition without any holds always.
    """

    values: Mapping[str, Any]
    about_request: tuple[RequestTest, ...] = ()
    about_lines: tuple[LineTest, ...] = ()

    @property
    def is_always(self) -> bool:
        """Whether nothing is asked for."""
        return not self.values

    def holds_for(self, facts: Facts) -> bool:
        """Whether the request as a whole meets it."""
        # A plain loop is twice as fast as all(), and this is asked of every rule.
        for test in self.about_request:  # noqa: SIM110
            if not test(facts):
                return False
        return True

    def holds_of(self, line: LineFacts, grounds: Grounds) -> bool:
        """Whether one line meets it."""
        for test in self.about_lines:  # noqa: SIM110
            if not test(line, grounds):
                return False
        return True

    def covers(self, other: Condition) -> bool:
        """Whether whatever meets ``other`` is sure to meet this one too."""
        return all(_covers(name, mine, other.values) for name, mine in self.values.items())

    def excludes(self, other: Condition) -> bool:
        """Whether nothing can meet both."""
        for name in (*ABOUT_LINES, "channels"):
            mine, theirs = self.values.get(name), other.values.get(name)
            if name in {"tags", "grounds"} or not (mine and theirs):
                continue
            if not set(mine) & set(theirs):
                return True
        if _no_country_in_both(self.values.get("countries"), other.values.get("countries")):
            return True
        for name in ("fault", "customers"):
            mine, theirs = self.values.get(name), other.values.get(name)
            if mine and theirs and mine != theirs:
                return True
        return any(
            _apart(self.values, other.values, low, high)
            or _apart(other.values, self.values, low, high)
            for low, high in BOUNDS
        )

    def is_impossible(self) -> bool:
        """Whether nothing can ever meet it: a lower bound above the upper one."""
        return any(
            self.values.get(low) is not None
            and self.values.get(high) is not None
            and self.values[low] > self.values[high]
            for low, high in BOUNDS
        )


ALWAYS = Condition({})


@dataclass(frozen=True)
class Reach:
    """The lines that a rule is about: those that meet ``when`` and do not meet ``unless``."""

    when: Condition = ALWAYS
    unless: Condition | None = None

    def lines(
        self, facts: Facts, lines: Sequence[LineFacts], grounds: Grounds
    ) -> Sequence[LineFacts]:
        """Those of ``lines`` that the rule is about."""
        when, unless = self.when, self.unless
        if facts.is_foreign_currency and self.names_amounts:
            return ()
        if when.about_request and not when.holds_for(facts):
            return ()
        if when.about_lines:
            lines = [line for line in lines if when.holds_of(line, grounds)]
        if unless is None or not lines or not unless.holds_for(facts):
            return lines
        return [line for line in lines if not unless.holds_of(line, grounds)]

    @property
    def names_amounts(self) -> bool:
        """Whether an amount is compared."""
        parts = (self.when, self.unless) if self.unless is not None else (self.when,)
        return any(name in part.values for part in parts for name in AMOUNTS)

    @property
    def is_always(self) -> bool:
        """Whether the rule is about everything."""
        return self.when.is_always and self.unless is None

    def covers(self, other: Reach) -> bool:
        """Whether this rule is sure to be about everything that ``other`` is about."""
        if not self.when.covers(other.when):
            return False
        if self.unless is None:
            return True
        same = other.unless is not None and other.unless.covers(self.unless)
        return same or self.unless.excludes(other.when)

    def is_impossible(self) -> bool:
        """Whether no line can ever be reached."""
        if self.when.is_impossible():
            return True
        return self.unless is not None and self.unless.covers(self.when)


def read_condition(given: Any) -> Condition:
    """The condition in ``given``, compiled. Raises ``ValueError``."""
    if not isinstance(given, Mapping):
        raise ValueError("an object with conditions is needed")
    read = read_settings(SETTINGS, given)
    values = {name: value for name, value in read.items() if value not in (None, (), "")}
    if "countries" in values:
        values["countries"] = tuple(code.upper() for code in values["countries"])
    return Condition(values, tuple(_request_tests(values)), tuple(_line_tests(values)))


def _line_tests(values: Mapping[str, Any]) -> list[LineTest]:
    tests: list[LineTest] = []
    if (categories := values.get("categories")) is not None:
        tests.append(lambda line, _, among=frozenset(categories): line.category in among)  # type: ignore[misc]
    if (skus := values.get("skus")) is not None:
        tests.append(lambda line, _, among=frozenset(skus): line.sku in among)  # type: ignore[misc]
    if (tags := values.get("tags")) is not None:
        tests.append(lambda line, _, among=frozenset(tags): not among.isdisjoint(line.tags))  # type: ignore[misc]
    if (reasons := values.get("reasons")) is not None:
        tests.append(lambda line, _, among=frozenset(reasons): line.reason in among)  # type: ignore[misc]
    if (outcomes := values.get("outcomes")) is not None:
        tests.append(lambda line, _, among=frozenset(outcomes): line.outcome in among)  # type: ignore[misc]
    if (grounds := values.get("grounds")) is not None:
        tests.append(
            lambda line, known, among=frozenset(grounds): (
                not among.isdisjoint(  # type: ignore[misc]
                    known.get(line.key, ())
                )
            )
        )
    if (fault := values.get("fault")) is not None:
        tests.append(lambda line, _, ours=fault == "ours": line.is_our_fault is ours)  # type: ignore[misc]
    if (least := values.get("min_value_minor")) is not None:
        tests.append(lambda line, _, least=least: line.value_minor >= least)  # type: ignore[misc]
    if (most := values.get("max_value_minor")) is not None:
        tests.append(lambda line, _, most=most: line.value_minor <= most)  # type: ignore[misc]
    return tests


def _request_tests(values: Mapping[str, Any]) -> list[RequestTest]:
    tests: list[RequestTest] = []
    if (countries := values.get("countries")) is not None:
        tests.append(lambda facts, among=frozenset(countries): _is_in(facts.country, among))  # type: ignore[misc]
    if (customers := values.get("customers")) is not None:
        tests.append(lambda facts, firm=customers == "business": facts.is_business is firm)  # type: ignore[misc]
    if (tags := values.get("customer_tags")) is not None:
        tests.append(lambda facts, among=frozenset(tags): not among.isdisjoint(facts.shopper_tags))  # type: ignore[misc]
    if (channels := values.get("channels")) is not None:
        tests.append(lambda facts, among=frozenset(channels): facts.channel in among)  # type: ignore[misc]
    for low, high in BOUNDS[1:]:
        if values.get(low) is not None or values.get(high) is not None:
            tests.append(_between(low, values.get(low), values.get(high)))
    return tests


def _between(name: str, low: Any, high: Any) -> RequestTest:
    read = {
        "min_request_minor": lambda facts: sum(line.value_minor for line in facts.lines),
        "ordered_from": lambda facts: facts.ordered_on,
        "asked_from": lambda facts: facts.asked_on,
    }[name]

    def test(facts: Facts) -> bool:
        value = read(facts)  # type: ignore[no-untyped-call]
        return (low is None or value >= low) and (high is None or value <= high)

    return test


def _is_in(country: str, among: frozenset[str]) -> bool:
    return country in among or (UNION in among and is_member_state(country))


def _covers(name: str, mine: Any, theirs: Mapping[str, Any]) -> bool:
    other = theirs.get(name)
    if other is None:
        return False
    if name == "countries":
        return all(_is_in(code, frozenset(mine)) for code in other)
    if isinstance(mine, tuple):
        return set(other) <= set(mine)
    if name.startswith("min_") or name.endswith("_from"):
        return bool(other >= mine)
    if name.startswith("max_") or name.endswith("_to"):
        return bool(other <= mine)
    return bool(other == mine)


def _no_country_in_both(mine: Any, theirs: Any) -> bool:
    if not (mine and theirs):
        return False
    return not any(_is_in(code, frozenset(theirs)) for code in mine) and not any(
        _is_in(code, frozenset(mine)) for code in theirs
    )


def _apart(mine: Mapping[str, Any], theirs: Mapping[str, Any], low: str, high: str) -> bool:
    least: date | int | None = mine.get(low)
    most: Any = theirs.get(high)
    return least is not None and most is not None and most < least
