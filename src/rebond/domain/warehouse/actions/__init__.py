"""The verbs of the warehouse."""

from rebond.domain.warehouse.actions.parcels import Finding, inspect_return, receive_return
from rebond.domain.warehouse.actions.scanning import NewScan, match_parcel, take_scan
from rebond.domain.warehouse.actions.stock import add_location, adjust_stock
from rebond.domain.warehouse.actions.units import (
    finish_work,
    place_unit,
    redirect_unit,
    send_off,
)

__all__ = [
    "Finding",
    "NewScan",
    "add_location",
    "adjust_stock",
    "finish_work",
    "inspect_return",
    "match_parcel",
    "place_unit",
    "receive_return",
    "redirect_unit",
    "send_off",
    "take_scan",
]
