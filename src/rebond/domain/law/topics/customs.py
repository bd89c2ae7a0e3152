"""Whether goods that cross the Union's border again escape duty."""

from __future__ import annotations

from rebond.domain.law.calendar import add_days, add_years
from rebond.domain.law.dated import whole
from rebond.domain.law.facts import FactMissing, Facts
from rebond.domain.law.findings import Findings
from rebond.domain.law.places import Place

UNCHANGED = ("as exported", "unchanged", "same state", "same as exported")


def answer(facts: Facts, place: Place) -> Findings:
    """Keys: relief, invalidation, limit."""
    return Findings(place).ask(facts, _relief, _invalidation, _anything)


def _relief(found: Findings, facts: Facts) -> None:
    exported_on = facts.day("exported_on")
    if exported_on is None:
        if facts.has("returned_on"):
            raise FactMissing("exported_on")
        return
    returned_on = facts.day("returned_on")
    limit = add_years(exported_on, whole("customs.relief_years", returned_on or exported_on))
    found.cite("CU-01")
    found.because("time_left", limit=limit)
    found.give(limit=limit)
    state = facts.text("state")
    changed = state is not None and state.lower().replace("_", " ").strip() not in UNCHANGED
    if changed:
        found.because("goods_state_changed")
        found.give(relief=False)
        return
    late = facts.the_day("returned_on") > limit and not facts.flag("special_circumstances")
    if not late and state is None:
        raise FactMissing("state")
    found.give(relief=not late)


def _invalidation(found: Findings, facts: Facts) -> None:
    accepted_on = facts.day("import_declaration_accepted_on")
    if accepted_on is None:
        if facts.has("application_on"):
            raise FactMissing("import_declaration_accepted_on")
        return
    limit = add_days(accepted_on, whole("customs.invalidation_days", accepted_on))
    found.cite("CU-03")
    found.because("time_left", limit=limit)
    found.give(limit=limit)
    exported = facts.has("goods_exported_back_to_supplier_on")
    in_time = facts.the_day("application_on") <= limit
    found.give(invalidation=in_time and exported and facts.flag("distance_contract"))


def _anything(found: Findings, facts: Facts) -> None:
    if not found.keys and not found.lacking:
        raise FactMissing("exported_on")
