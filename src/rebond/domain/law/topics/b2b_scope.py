"""Whether a professional customer has the withdrawal right."""

from __future__ import annotations

from rebond.domain.law.dated import AS_OF, whole
from rebond.domain.law.facts import Facts
from rebond.domain.law.findings import Findings
from rebond.domain.law.places import Place

OFF_PREMISES = ("off_premises", "off-premises", "doorstep")


def answer(facts: Facts, place: Place) -> Findings:
    """Keys: right_exists."""
    return Findings(place).ask(facts, _right)


def professional_has_right(
    *, off_premises: bool, employees: int, object_in_main_activity: bool
) -> bool:
    """Small firms off premises, outside their trade. Source: C. conso. L221-3."""
    small = employees <= whole("withdrawal.b2b_max_employees", AS_OF)
    return off_premises and small and not object_in_main_activity


def _right(found: Findings, facts: Facts) -> None:
    found.cite("FR-WD-22")
    if facts.text("customer") == "consumer":
        found.cite("FR-WD-01")
        found.because("statutory_scope")
        found.give(right_exists=True)
    elif _channel(facts).lower() not in OFF_PREMISES:
        found.because("professional_online")
        found.give(right_exists=False)
    else:
        _off_premises(found, facts)


def _channel(facts: Facts) -> str:
    """A distance sale where the case describes the firm and not the channel."""
    describes_firm = facts.has("customer") or facts.has("employees")
    return facts.text("channel") or "online" if describes_firm else facts.the_text("channel")


def _off_premises(found: Findings, facts: Facts) -> None:
    inside = facts.flag("object_in_main_activity")
    employees = 0 if inside else facts.the_amount("employees")
    right = professional_has_right(
        off_premises=True, employees=employees, object_in_main_activity=inside
    )
    found.because("professional_scope", most=whole("withdrawal.b2b_max_employees", AS_OF))
    found.give(right_exists=right)
