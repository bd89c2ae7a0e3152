"""Every word that a screen looks up is there: none is shown as the code knows it."""

import pytest
from django.utils import translation

from rebond.domain.policies.facts import METHODS
from rebond.domain.repairs.states import RepairState
from rebond.domain.returns.states import (
    Goods,
    InspectionState,
    MoneyState,
    ParcelState,
    RequestState,
)
from rebond.domain.shipping.ports import Ability
from rebond.domain.shipping.states import ClaimState, LabelState, PointKind
from rebond.domain.warehouse.grades import Disposition, Grade
from rebond.web.ui.words import TABLES, refusal_of

LOOKED_UP = {
    "ability": Ability,
    "claim": ClaimState,
    "disposition": Disposition,
    "goods": Goods,
    "grade": Grade,
    "inspection": InspectionState,
    "label": LabelState,
    "method": METHODS,
    "money": MoneyState,
    "parcel": ParcelState,
    "point_kind": PointKind,
    "repair": RepairState,
    "request": RequestState,
}
REPAIRS = ["no_fault", "mixed", "present"]


@pytest.mark.parametrize("kind", LOOKED_UP)
def test_each_value_has_its_words(kind):
    assert {str(getattr(value, "value", value)) for value in LOOKED_UP[kind]} <= set(TABLES[kind])


@pytest.mark.parametrize("language", ["en", "fr"])
def test_each_refusal_of_a_repair_says_what_to_do_in_words_of_its_own(language):
    with translation.override(language):
        said = {refusal_of("repair_not_possible", {"sku": "A", "why": why}) for why in REPAIRS}
        rest = refusal_of("repair_not_possible", {})

    assert len(said | {rest}) == len(REPAIRS) + 1


def test_a_repair_beside_another_wish_is_told_to_become_two_requests():
    with translation.override("fr"):
        said = refusal_of("repair_not_possible", {"sku": "A", "why": "mixed"})

    assert "deux demandes" in said
