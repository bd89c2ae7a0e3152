"""The verbs of parcels, their labels, what carriers report, lost ones, and changes before."""

from rebond.domain.shipping.actions.baskets import request_basket
from rebond.domain.shipping.actions.changing import change_return
from rebond.domain.shipping.actions.claims import end_claim, open_claim
from rebond.domain.shipping.actions.labels import (
    ask_label,
    call_off_label,
    claim_label_looks,
    say_what_became,
    send_label,
    settle_label,
    settle_void,
    start_void,
)
from rebond.domain.shipping.actions.methods import choose_method, keep_points, replace_points
from rebond.domain.shipping.actions.parcels import announce_parcel, note_delivery, note_hand_in
from rebond.domain.shipping.actions.sharing import join_parcel, leave_parcel
from rebond.domain.shipping.actions.slips import make_slips
from rebond.domain.shipping.actions.terms import lay_in_label, set_shipping_terms
from rebond.domain.shipping.actions.tracking import take_scans
from rebond.domain.shipping.actions.waiting import remind_to_send

__all__ = [
    "announce_parcel",
    "ask_label",
    "call_off_label",
    "change_return",
    "choose_method",
    "claim_label_looks",
    "end_claim",
    "join_parcel",
    "keep_points",
    "lay_in_label",
    "leave_parcel",
    "make_slips",
    "note_delivery",
    "note_hand_in",
    "open_claim",
    "remind_to_send",
    "replace_points",
    "request_basket",
    "say_what_became",
    "send_label",
    "set_shipping_terms",
    "settle_label",
    "settle_void",
    "start_void",
    "take_scans",
]
