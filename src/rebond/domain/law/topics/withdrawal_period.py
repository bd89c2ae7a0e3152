"""When the withdrawal period starts and on which day it ends."""

from __future__ import annotations

from datetime import date

from rebond.domain.law.calendar import Calendar, calendar_named
from rebond.domain.law.dated import starts_on, whole
from rebond.domain.law.facts import FactMissing, Facts, InvalidFact, read_day
from rebond.domain.law.findings import Findings, NotCovered
from rebond.domain.law.places import Place
from rebond.domain.law.withdrawal import Period, withdrawal_period

SERVICE_WORDS = ("service", "digital", "download", "stream")
REGULAR_WORDS = ("regular", "subscription")
SEPARATE_WORDS = ("separate orders", "two orders", "several orders")


def answer(facts: Facts, place: Place) -> Findings:
    """Keys: last_day, start_event, initial_end, extension_applies, last_day_<item>."""
    if facts.text("customer") == "professional":
        raise NotCovered("customer")
    return Findings(place).ask(facts, _period)


def period_of(facts: Facts, place: Place, found: Findings) -> Period:
    """The period of the whole case, with its rules and reasons noted in ``found``."""
    return _period_from(_start_event(facts, found), facts, place, found)


def is_service(facts: Facts) -> bool:
    """True for services and digital content, whose clock starts with the contract."""
    contract = (facts.text("contract") or "").lower()
    return any(word in contract for word in SERVICE_WORDS)


def calendar_of(facts: Facts, place: Place) -> Calendar:
    """The holidays of the consumer's place, or of all the places that the case names."""
    if not place.calendar.prolongs:
        return place.calendar
    if facts.is_list("holiday_calendar"):
        names = facts.the_list("holiday_calendar")
    else:
        names = [facts.text("holiday_calendar")]
    if any(name is not None and not isinstance(name, str) for name in names):
        raise InvalidFact("holiday_calendar", "a text")
    known = [name for name in names if isinstance(name, str)]
    return calendar_named(*known) if known else place.calendar


def _period(found: Findings, facts: Facts) -> None:
    period = period_of(facts, found.place, found)
    found.give(
        start_event=period.start_event,
        initial_end=period.initial_end,
        last_day=period.last_day,
        extension_applies=period.is_extended,
        weekend_extension=period.prolonged_from is not None,
    )
    _name_items(found, facts, period)


def _name_items(found: Findings, facts: Facts, period: Period) -> None:
    separate = _says(facts, SEPARATE_WORDS)
    for received in facts.parts("received") or []:
        item = received.text("item")
        if item is None:
            continue
        own = received.the_day("on") if separate else period.start_event
        last_day = _period_from(own, facts, found.place, found).last_day
        found.give(**{f"last_day_{item}": last_day})


def _start_event(facts: Facts, found: Findings) -> date:
    found.cite("FR-WD-01" if found.place.page != "UK" else "UK-01")
    if is_service(facts):
        found.cite(*_common(found, "FR-WD-06"))
        return facts.the_day("concluded_on")
    if facts.has("deliveries"):
        return _first_delivery(facts, found)
    if facts.has("received"):
        return _receipt_of_parts(facts, found)
    found.cite(*_common(found, "FR-WD-02"))
    if facts.has("deposited_at_relay_point_on"):
        return _relay_point(facts, found)
    collected = facts.day("collected_by_consumer_on")
    return facts.the_day("received_on") if collected is None else collected


def _first_delivery(facts: Facts, found: Findings) -> date:
    days = [read_day(day, "deliveries", facts.zone) for day in facts.the_list("deliveries")]
    if not days:
        raise FactMissing("deliveries")
    found.cite(*_common(found, "FR-WD-05"))
    found.because("first_delivery_counts", on=min(days))
    return min(days)


def _receipt_of_parts(facts: Facts, found: Findings) -> date:
    days = [part.the_day("on") for part in facts.parts("received") or []]
    if not days:
        raise FactMissing("received")
    if _says(facts, REGULAR_WORDS):
        found.cite(*_common(found, "FR-WD-05"))
        found.because("first_delivery_counts", on=min(days))
        return min(days)
    found.cite(*_common(found, "FR-WD-04"))
    found.because("last_delivery_counts", on=max(days))
    return max(days)


def _relay_point(facts: Facts, found: Findings) -> date:
    if facts.flag("relay_point_named_by_consumer"):
        return facts.the_day("deposited_at_relay_point_on")
    found.because("relay_is_carrier")
    found.doubt("medium")
    return facts.the_day("collected_by_consumer_on")


def _period_from(start: date, facts: Facts, place: Place, found: Findings) -> Period:
    informed = _was_informed(facts, start, found)
    law = "UK.withdrawal" if place.page == "UK" else "withdrawal"
    period = withdrawal_period(
        start,
        informed=informed,
        informed_later_on=facts.day("information_received_on"),
        calendar=calendar_of(facts, place),
        law=law,
    )
    _explain(found, facts, period, law)
    return period


def _was_informed(facts: Facts, start: date, found: Findings) -> bool:
    informed = facts.flag("information_given", default=True)
    told = facts.flag("information_on_existence_and_place_of_online_function_given", default=True)
    concluded = facts.day("concluded_on") or start
    if told or found.place.page == "UK" or concluded < starts_on("withdrawal_function.mandatory"):
        return informed
    found.cite("WB-09")
    found.doubt("medium")
    return False


def _explain(found: Findings, facts: Facts, period: Period, law: str) -> None:
    start = period.start_event
    found.cite(*_own_page(found), *_common(found, "FR-WD-03"))
    found.because("period", days=whole(f"{law}.days", start), **{"from": start})
    if period.is_extended:
        found.cite(*_common(found, "FR-WD-09"))
        months = whole(f"{law}.extension_months", start)
        found.because("extended_for_silence", months=months, initial_end=period.initial_end)
    if period.is_extended and facts.has("information_received_on"):
        found.because("informed_later", on=facts.day("information_received_on"))
    if period.prolonged_from is not None:
        found.because("prolonged", to=period.last_day, **{"from": period.prolonged_from})


def _own_page(found: Findings) -> list[str]:
    pages = {"DE": "DE-01", "UK": "UK-01", "EU": "XX-01"}
    return [pages[found.place.page]] if found.place.page in pages else []


def _common(found: Findings, rule: str) -> list[str]:
    return [] if found.place.page == "UK" else [rule]


def _says(facts: Facts, words: tuple[str, ...]) -> bool:
    order = (facts.text("order") or "").lower()
    return any(word in order for word in words)
