"""Every word that a screen looks up is there: none is shown as the code knows it."""

import pytest

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
from rebond.web.ui.words import TABLES

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


@pytest.mark.parametrize("kind", LOOKED_UP)
def test_each_value_has_its_words(kind):
    assert {str(getattr(value, "value", value)) for value in LOOKED_UP[kind]} <= set(TABLES[kind])
