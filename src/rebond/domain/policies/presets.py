"""Policies to begin with.  (pure)"""

from typing import Any

GENEROUS: dict[str, Any] = {
    "rules": [
        {"kind": "excluded_goods", "categories": []},
        {"kind": "window", "days": 30, "starts_at": "delivery"},
        {"kind": "evidence"},
        {"kind": "review_above", "value_minor": 50_000, "reasons": []},
        {
            "kind": "refund_terms",
            "restocking_fee_percent": 0,
            "refunds_shipping": True,
            "shopper_pays_return": True,
            "pays_at": "inspection",
        },
    ]
}
