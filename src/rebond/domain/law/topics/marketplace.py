"""What a marketplace's own terms add to the law."""

from __future__ import annotations

from datetime import date

from rebond.domain.law.calendar import FRANCE, Calendar, add_days
from rebond.domain.law.dated import AS_OF, ParameterUnknown, known, row, whole
from rebond.domain.law.facts import FactMissing, Facts
from rebond.domain.law.findings import Findings
from rebond.domain.law.places import Place
from rebond.domain.law.topics.withdrawal_period import calendar_of

RULES = {
    "amazon": "MP-01", "ebay": "MP-02", "etsy": "MP-03", "zalando": "MP-04",
    "manomano": "MP-05", "cdiscount": "MP-06", "octopia": "MP-06", "fnac": "MP-07",
    "darty": "MP-07", "fnac-darty": "MP-07",
}  # fmt: skip
# Presets that were read for one country's site only.
SITES_READ = {"amazon": ("amazon", "amazon.fr"), "ebay": ("ebay", "ebay.fr")}
STATUTORY, COMMERCIAL, GOODWILL = "statutory_withdrawal", "commercial_return", "goodwill"


def answer(facts: Facts, place: Place) -> Findings:
    """Keys: refund_due_on_or_before, last_day, kind, commercial_last_day, covered."""
    return Findings(place).ask(facts, _refund, _resolution, _kind, _protection, _anything)


def _refund(found: Findings, facts: Facts) -> None:
    received_on = facts.day("return_received_on")
    if received_on is None:
        return
    name = _name(found, facts)
    parameter = f"marketplace.{name}.refund_business_days"
    if name == "amazon":
        if "prime" not in facts.the_text("programme").lower():
            raise ParameterUnknown(parameter, received_on)
        parameter = "marketplace.amazon.prime_refund_business_days"
    days = _days(found, parameter, facts, "return_received_on")
    found.give(
        refund_due_on_or_before=_calendar(facts, found).business_days_after(received_on, days)
    )


def _resolution(found: Findings, facts: Facts) -> None:
    opened_on = facts.day("return_request_opened_on")
    if opened_on is None:
        return
    parameter = f"marketplace.{_name(found, facts)}.resolve_business_days"
    days = _days(found, parameter, facts, "return_request_opened_on")
    found.give(last_day=_calendar(facts, found).business_days_after(opened_on, days))


def _kind(found: Findings, facts: Facts) -> None:
    statutory_last_day = facts.day("statutory_last_day")
    if statutory_last_day is None and not facts.has("marketplace_window_days"):
        return
    commercial = _commercial_last_day(found, facts)
    found.cite("MP-00")
    found.because("longer_window_counts")
    if statutory_last_day is None:
        raise FactMissing("statutory_last_day")
    request_on = facts.the_day("request_on")
    statutory = request_on <= statutory_last_day
    found.give(statutory_protections_apply=statutory)
    if statutory:
        found.give(kind=STATUTORY)
    elif commercial is not None:
        found.give(kind=COMMERCIAL if request_on <= commercial else GOODWILL)
    else:
        raise FactMissing("marketplace_window_days")


def _commercial_last_day(found: Findings, facts: Facts) -> date | None:
    received_on = facts.day("received_on")
    window = facts.amount("marketplace_window_days")
    if received_on is None:
        return None
    if window is None and facts.has("marketplace"):
        parameter = f"marketplace.{_name(found, facts)}.window_days"
        window = _days(found, parameter, facts, "received_on") if known(parameter) else None
    if window is None or window > 36_500:
        return None
    last_day = add_days(received_on, window)
    found.give(commercial_last_day=last_day)
    return last_day


def _protection(found: Findings, facts: Facts) -> None:
    total = facts.amount("order_total_usd_minor")
    if total is None:
        return
    name = _name(found, facts)
    if name != "etsy":
        raise ParameterUnknown(f"marketplace.{name}.protection_ceiling")
    found.doubt("medium")
    ceiling = row("marketplace.etsy.protection_ceiling", AS_OF).value
    found.because("time_left", limit=ceiling)
    found.give(ceiling_minor=ceiling, covered=isinstance(ceiling, int) and total <= ceiling)


def _anything(found: Findings, facts: Facts) -> None:
    if not (found.keys or found.lacking or found.unknown):
        raise FactMissing("request_on" if facts.has("marketplace") else "marketplace")


def _name(found: Findings, facts: Facts) -> str:
    site = facts.the_text("marketplace").strip().lower().replace(" ", ".")
    name = site.partition(".")[0]
    if name not in RULES or site not in SITES_READ.get(name, (site,)):
        raise ParameterUnknown(f"marketplace.{site}")
    found.cite(RULES[name])
    return name


def _days(found: Findings, parameter: str, facts: Facts, fact: str) -> int:
    start = facts.the_day(fact)
    preset = row(parameter, start)
    found.doubt(preset.confidence)
    found.because("business_days", days=preset.value, **{"from": start})
    return whole(parameter, start)


def _calendar(facts: Facts, found: Findings) -> Calendar:
    calendar = calendar_of(facts, found.place)
    return calendar if calendar.places else FRANCE
