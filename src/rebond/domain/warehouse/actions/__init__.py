"""The verbs of the warehouse."""

from rebond.domain.warehouse.actions.checklists import (
    GradeWords,
    Question,
    forget_checklist,
    keep_checklist,
)
from rebond.domain.warehouse.actions.counter import take_at_counter
from rebond.domain.warehouse.actions.parcels import (
    Arrival,
    Finding,
    inspect_return,
    receive_return,
    receive_together,
)
from rebond.domain.warehouse.actions.scanning import (
    NewScan,
    bind_parcel,
    match_parcel,
    take_scan,
)
from rebond.domain.warehouse.actions.stock import add_location, adjust_stock
from rebond.domain.warehouse.actions.units import (
    finish_work,
    place_unit,
    redirect_unit,
    send_off,
)

__all__ = [
    "Arrival",
    "Finding",
    "GradeWords",
    "NewScan",
    "Question",
    "add_location",
    "adjust_stock",
    "bind_parcel",
    "finish_work",
    "forget_checklist",
    "inspect_return",
    "keep_checklist",
    "match_parcel",
    "place_unit",
    "receive_return",
    "receive_together",
    "redirect_unit",
    "send_off",
    "take_at_counter",
    "take_scan",
]
