"""What the legal guarantee and the rules on defects give the buyer."""

from __future__ import annotations

import re
from datetime import date

from rebond.domain.law.calendar import add_days, add_months
from rebond.domain.law.dated import AS_OF, whole
from rebond.domain.law.facts import FactMissing, Facts, InvalidFact
from rebond.domain.law.findings import Findings, Question
from rebond.domain.law.guarantee import (
    conformity_due_on,
    guarantee_ends_on,
    guarantee_of_replacement_ends_on,
    hidden_defect_limits,
    months_after_repair,
    presumption_ends_on,
)
from rebond.domain.law.money import share
from rebond.domain.law.penalties import short_scale_percent
from rebond.domain.law.places import Place
from rebond.domain.law.topics.late_refund_penalty import days_late

SECOND_HAND = ("second_hand", "second-hand", "used", "refurbished")
NEW = ("new",)
MOTOR_VEHICLE = re.compile(r"\b(car|van|motorcycle|motor vehicle|motorbike)\b", re.IGNORECASE)


def answer(facts: Facts, place: Place) -> Findings:
    """Keys: guarantee, presumption and their ends, deadlines, costs, remedies."""
    return Findings(place).ask(facts, *QUESTIONS[place.page])


def _duration(found: Findings, facts: Facts) -> None:
    """How long the guarantee runs, with repairs, replacements and time in the workshop."""
    if _repair_became_replacement(facts):
        _new_guarantee(found, facts)
        return
    delivered_on = facts.day("delivered_on")
    if delivered_on is None:
        return
    found.cite("FR-GL-01")
    ends = _end_with_workshop(found, facts, delivered_on)
    if facts.flag("repaired_under_guarantee") or facts.flag("repair_performed"):
        months = months_after_repair(facts.day("contract_concluded_on") or delivered_on)
        found.because("months_added", months=months, until=ends)
        ends = add_months(ends, months)
    found.give(guarantee_ends=ends)
    _appearance(found, facts, ends)


def _end_with_workshop(found: Findings, facts: Facts, delivered_on: date) -> date:
    immobilised = facts.amount("immobilised_days") or 0
    if immobilised > 36_500:
        raise InvalidFact("immobilised_days", "a number of days")
    months = whole("guarantee.FR.months", delivered_on)
    found.because("guarantee_months", months=months, **{"from": delivered_on})
    if immobilised:
        found.cite("FR-GL-11")
        found.because("immobilised", days=immobilised)
    return guarantee_ends_on(delivered_on, immobilised_days=immobilised)


def _repair_became_replacement(facts: Facts) -> bool:
    repair_chosen = facts.text("consumer_chose") == "repair"
    undone = not facts.flag("repair_performed")
    return facts.has("replacement_delivered_on") and repair_chosen and undone


def _new_guarantee(found: Findings, facts: Facts) -> None:
    replaced_on = facts.the_day("replacement_delivered_on")
    found.cite("FR-GL-06")
    ends = guarantee_of_replacement_ends_on(replaced_on)
    months = whole("guarantee.FR.months_after_replacement", replaced_on)
    found.because("new_guarantee", months=months, **{"from": replaced_on})
    found.give(guarantee_ends=ends)
    _appearance(found, facts, ends)


def _appearance(found: Findings, facts: Facts, ends: date) -> None:
    appeared_on = facts.day("defect_appeared_on")
    if appeared_on is not None:
        found.give(guarantee=appeared_on <= ends)


def _presumption(found: Findings, facts: Facts) -> None:
    delivered_on = facts.day("delivered_on")
    if delivered_on is None:
        return
    used = _second_hand(facts)
    page = found.place.page
    ends = presumption_ends_on(delivered_on, second_hand=used, page=page)
    found.cite("FR-GL-02" if page == "FR" else "DE-03")
    found.give(presumption_ends=ends)
    appeared_on = facts.day("defect_appeared_on")
    if appeared_on is not None:
        found.give(presumption=appeared_on <= ends)


def _second_hand(facts: Facts) -> bool:
    condition = (facts.text("condition") or "new").strip().lower()
    if condition not in (*NEW, *SECOND_HAND):
        raise InvalidFact("condition", "new or second_hand")
    return condition in SECOND_HAND


def _conformity(found: Findings, facts: Facts) -> None:
    requested_on = facts.day("conformity_requested_on")
    if requested_on is None:
        return
    found.cite("FR-GL-03")
    days = whole("guarantee.FR.conformity_days", requested_on)
    found.because("period", days=days, **{"from": requested_on})
    found.give(last_day=conformity_due_on(requested_on))


def _repair(found: Findings, facts: Facts) -> None:
    concluded_on = facts.day("contract_concluded_on")
    if concluded_on is None and not _repair_counts(facts):
        return
    found.cite("FR-GL-05")
    known_day = concluded_on or facts.day("delivered_on") or AS_OF
    found.give(months_added=months_after_repair(known_day))
    if concluded_on is not None and concluded_on >= date(2026, 7, 31):
        found.doubt("medium")
        found.give(watch="Dir. (EU) 2024/1799: twelve months once transposed")


def _repair_counts(facts: Facts) -> bool:
    repaired = facts.flag("repaired_under_guarantee") or facts.flag("repair_performed")
    chosen = facts.text("consumer_chose") == "repair"
    return repaired or (chosen and not facts.has("replacement_delivered_on"))


def _termination_refund(found: Findings, facts: Facts) -> None:
    back = (facts.day("goods_received_back_on"), facts.day("proof_of_dispatch_on"))
    start = min((day for day in back if day), default=None)
    if start is None:
        if facts.flag("resolution"):
            raise FactMissing("goods_received_back_on")
        return
    days = whole("guarantee.FR.refund_days", start)
    found.cite("FR-GL-07")
    found.because("period", days=days, **{"from": start})
    found.give(refund_due_on_or_before=add_days(start, days))


def _costs(found: Findings, facts: Facts) -> None:
    postage = facts.amount("return_postage_paid_by_consumer")
    if postage is None and not facts.has("defect"):
        return
    found.cite("FR-GL-04")
    if not facts.flag("defect", default=True):
        found.doubt("low")
        found.give(bearer="consumer", refund=0)
        return
    found.because("seller_bears_costs")
    found.give(bearer="trader", **({} if postage is None else {"refund": postage}))


def _late_postage(found: Findings, facts: Facts) -> None:
    if not (facts.has("postage") or facts.has("informed_of_acceptance_on")):
        return
    due_on = _postage_due_on(found, facts)
    days = days_late(facts, due_on)
    percent = short_scale_percent(days, due_on=due_on or AS_OF)
    found.because("percent_step", percent=percent, days=max(0, days))
    found.give(rate_percent=percent, bearer="trader")
    found.give(uplift=share(facts.the_amount("postage"), percent))


def _postage_due_on(found: Findings, facts: Facts) -> date | None:
    found.cite("FR-GL-08")
    accepted_on, due_on = facts.day("informed_of_acceptance_on"), facts.day("refund_due_on")
    if due_on is None and accepted_on is not None:
        due_on = add_days(accepted_on, whole("guarantee.FR.postage_refund_days", accepted_on))
    if due_on is not None:
        found.give(refund_due_on_or_before=due_on)
    return due_on


def _minor_defect(found: Findings, facts: Facts) -> None:
    if not facts.has("defect_is_minor"):
        return
    minor = facts.flag("defect_is_minor")
    found.cite("FR-GL-09")
    if minor:
        found.because("minor_defect")
    else:
        found.cite("FR-GL-07")
        found.doubt("medium")
    found.give(resolution=not minor, price_reduction=True)


def _remedies_left(found: Findings, facts: Facts) -> None:
    """Less money or none at all, once repair and replacement were refused or did not help."""
    if not facts.flag("repair_or_replacement_failed"):
        return
    found.cite("FR-GL-07" if found.place.page == "FR" else "UK-04")
    if found.place.page == "FR":
        found.give(price_reduction=True, resolution=not facts.flag("defect_is_minor"))
    else:
        found.doubt("medium")
        found.give(price_reduction=True, final_rejection=True)


def _hidden_defect(found: Findings, facts: Facts) -> None:
    discovered_on = facts.day("hidden_defect_discovered_on")
    if discovered_on is None:
        return
    last_day, outer = hidden_defect_limits(discovered_on, sold_on=facts.day("sold_on"))
    found.cite("FR-GL-10")
    found.give(last_day=last_day)
    if outer is not None:
        found.because("time_left", limit=outer)
        found.give(outer_limit=outer)


def _anything_asked(found: Findings, facts: Facts) -> None:
    if not found.keys and not found.lacking:
        raise FactMissing("delivered_on")


def _german_duration(found: Findings, facts: Facts) -> None:
    _plain_duration(found, facts, "DE-03", agreed=facts.flag("one_year_agreed_expressly"))


def _swiss_duration(found: Findings, facts: Facts) -> None:
    _plain_duration(found, facts, "CH-01", agreed=False)


def _plain_duration(found: Findings, facts: Facts, rule: str, *, agreed: bool) -> None:
    delivered_on = facts.the_day("delivered_on")
    shortened = agreed and _second_hand(facts)
    months = "agreed_used_months" if shortened else "months"
    count = whole(f"guarantee.{found.place.page}.{months}", delivered_on)
    found.cite(rule)
    found.doubt("medium")
    found.because("guarantee_months", months=count, **{"from": delivered_on})
    ends = add_months(delivered_on, count)
    found.give(guarantee_ends=ends)
    _appearance(found, facts, ends)


def _british_rejection(found: Findings, facts: Facts) -> None:
    if not facts.has("delivered_on"):
        return
    if not facts.flag("ownership_transferred", default=True):
        raise FactMissing("ownership_transferred_on")
    started = facts.the_day("delivered_on")
    if facts.flag("installation_required"):
        started = max(started, facts.the_day("installed_on"))
    days = whole("guarantee.UK.reject_days", started)
    found.cite("UK-04")
    found.because("period", days=days, **{"from": started})
    found.give(last_day=add_days(started, days))


def _british_deduction(found: Findings, facts: Facts) -> None:
    rejected_on = facts.day("final_right_to_reject_on")
    if rejected_on is None:
        return
    delivered_on = facts.the_day("delivered_on")
    months = whole("guarantee.UK.no_deduction_months", delivered_on)
    free_until = add_months(delivered_on, months)
    vehicle = facts.flag("motor_vehicle") or bool(MOTOR_VEHICLE.search(facts.text("goods") or ""))
    found.cite("UK-05")
    found.because("time_left", limit=free_until)
    found.give(deduction_for_use=vehicle or rejected_on > free_until)


def _british_presumption(found: Findings, facts: Facts) -> None:
    appeared_on = facts.day("defect_appeared_on")
    if appeared_on is None:
        return
    delivered_on = facts.the_day("delivered_on")
    found.cite("UK-05")
    ends = add_months(delivered_on, whole("guarantee.UK.presumption_months", delivered_on))
    limit = add_months(delivered_on, whole("guarantee.UK.months", delivered_on))
    found.give(presumption_ends=ends, presumption=appeared_on <= ends)
    found.give(guarantee_ends=limit, guarantee=appeared_on <= limit)


def _british_refund(found: Findings, facts: Facts) -> None:
    agreed_on = facts.day("refund_agreed_on")
    if agreed_on is None:
        return
    days = whole("guarantee.UK.refund_days", agreed_on)
    found.cite("UK-05")
    found.because("period", days=days, **{"from": agreed_on})
    found.give(refund_due_on_or_before=add_days(agreed_on, days))


QUESTIONS: dict[str, tuple[Question, ...]] = {
    "FR": (
        _duration,
        _presumption,
        _conformity,
        _repair,
        _termination_refund,
        _costs,
        _late_postage,
        _remedies_left,
        _minor_defect,
        _hidden_defect,
        _anything_asked,
    ),
    "DE": (_german_duration, _presumption),
    "CH": (_swiss_duration,),
    "UK": (
        _british_rejection,
        _british_deduction,
        _british_presumption,
        _british_refund,
        _remedies_left,
        _anything_asked,
    ),
}
