"""The sentence codes that explain the figures of a quote, each with its numbers."""

from __future__ import annotations

from typing import Any

# Code -> the fields that stand beside it. docs/reference/why-codes.md says them in words.
FIELDS: dict[str, tuple[str, ...]] = {
    "line_value": ("line_id", "quantity", "gross_minor", "net_minor"),
    "line_discount_share": ("line_id", "discount_minor", "of_minor"),
    "line_tax_share": ("line_id", "tax_minor", "of_minor"),
    "last_part_takes_the_rest": ("id", "gross_minor"),
    "shipping_refunded": ("shipping_id", "gross_minor", "tax_minor"),
    "fee_refunded": ("fee_id", "amount_minor"),
    "fee_kept": ("fee_id", "amount_minor"),
    "items_total": ("amount_minor",),
    "amount_asked": ("amount_minor", "computed_minor"),
    "scaled_to_cap": ("amount_minor", "cap_minor", "computed_minor"),
    "paid_minus_refunded": ("paid_minor", "refunded_minor", "amount_minor"),
    "rounding_difference": ("amount_minor",),
    "price_reduced": ("line_id", "percent", "of_minor", "amount_minor"),
    "retained_fixed": ("amount_minor",),
    "retained_percent": ("percent", "of_minor", "amount_minor"),
    "retained_per_unit": ("per_unit_minor", "units", "amount_minor"),
    "retained_limited_to_paid": ("asked_minor", "amount_minor"),
    "return_shipping_kept": ("amount_minor",),
    "amount_lowered": ("amount_minor",),
    "replacement_charged": ("quantity", "gross_minor", "tax_minor"),
    "outbound_shipping_charged": ("amount_minor",),
    "no_money_back": ("amount_minor",),
    "tender_chosen": ("payment_id", "amount_minor", "left_minor"),
    "tender_preferred": ("payment_id", "amount_minor", "left_minor"),
    "tender_outside": ("to", "amount_minor"),
    "manual_part": ("amount_minor",),
    "not_placed": ("amount_minor",),
    "capped_by_payment": ("paid_minor", "max_refundable_minor"),
    "order_total_after": ("before_minor", "change_minor", "amount_minor"),
    "balance": ("order_total_minor", "paid_minor", "amount_minor"),
    "nothing_moved": ("amount_minor",),
    "refused": ("error",),
}

Why = dict[str, Any]


def because(code: str, *numbers: object) -> Why:
    """One sentence code with its numbers, given in the order of the table.

    Raises ``ValueError`` when the count of numbers is not that of the table.
    """
    return {"code": code, **dict(zip(FIELDS[code], numbers, strict=True))}
