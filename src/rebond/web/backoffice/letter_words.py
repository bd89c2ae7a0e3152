"""What the kinds of letters are called at the desk, and when they go out."""

from __future__ import annotations

from django.utils.translation import gettext_noop as N_

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        N_("The request"),
        (
            "return_requested",
            "return_changed",
            "return_approved",
            "return_declined",
            "return_cancelled",
            "return_expired",
        ),
    ),
    (N_("The parcel"), ("label_ready", "sending_reminded", "parcel_received")),
    (
        N_("The inspection"),
        ("discussion_opened", "discussion_reminded", "grade_answered", "pieces_sent_back"),
    ),
    (N_("The money"), ("refunded", "store_credit", "gift_card", "refund_failed", "price_reduced")),
    (
        N_("Repairs"),
        ("repair_sent_back", "repair_turned", "repair_failed", "repair_refused"),
    ),
    (N_("Goods that never arrived"), ("missing_reported", "missing_answered", "missing_ended")),
    (N_("Conversation"), ("shop_wrote",)),
)

TITLES: dict[str, str] = {
    "return_requested": N_("Request received"),
    "return_changed": N_("Request changed"),
    "return_approved": N_("Return accepted"),
    "return_declined": N_("Return declined"),
    "return_cancelled": N_("Return cancelled"),
    "return_expired": N_("Return put away, nothing was sent"),
    "label_ready": N_("Label ready"),
    "sending_reminded": N_("Reminder to send the parcel"),
    "parcel_received": N_("Parcel received"),
    "discussion_opened": N_("Something to talk about before a decision"),
    "discussion_reminded": N_("Reminder of that question"),
    "grade_answered": N_("Answer to a contested inspection"),
    "pieces_sent_back": N_("Article on its way back to the customer"),
    "refunded": N_("Refund and document"),
    "store_credit": N_("Store credit without a receipt"),
    "gift_card": N_("Gift card with its code"),
    "refund_failed": N_("The money did not arrive"),
    "price_reduced": N_("Price reduced for a fault"),
    "repair_sent_back": N_("Repaired and on its way back"),
    "repair_turned": N_("Something else instead of the repair"),
    "repair_failed": N_("The repair did not succeed"),
    "repair_refused": N_("Repair refused"),
    "missing_reported": N_("Report received"),
    "missing_answered": N_("Your answer to the report"),
    "missing_ended": N_("Contract ended by the customer"),
    "shop_wrote": N_("A message from your team"),
}
