"""Policies to begin with, each within the law.  (pure)"""

from typing import Any

GENEROUS: dict[str, Any] = {
    "rules": [
        {"kind": "excluded_goods", "categories": []},
        {"kind": "window", "days": 30, "starts_at": "delivery"},
        {"kind": "evidence"},
        {"kind": "review_above", "value_minor": 50_000, "reasons": []},
        {"kind": "return_cost", "paid_by": "shopper"},
        {"kind": "release", "pays_at": "inspection"},
        {"kind": "delivery_costs"},
    ]
}

CHRISTMAS = {"bought_from": "11-01", "bought_to": "12-24", "until": "01-31"}

FASHION: dict[str, Any] = {
    "rules": [
        {"id": "marked goods", "kind": "excluded_goods"},
        {
            "id": "worn underwear and swimwear",
            "kind": "excluded_goods",
            "covers": "all",
            "ground": "hygiene",
            "when": {"categories": ["underwear", "swimwear"]},
        },
        {"id": "60 days", "kind": "window", "days": 60, "seasons": [CHRISTMAS]},
        {"id": "labels", "kind": "question", "asks": "tags_on", "no": "review"},
        {"id": "photos", "kind": "evidence"},
        {"id": "valuable", "kind": "review_above", "value_minor": 50_000},
        {
            "id": "another size, money or credit",
            "kind": "outcomes",
            "offered": ["exchange", "refund", "store_credit"],
            "credit_bonus_percent": 10,
        },
        {"id": "small things", "kind": "keep_it", "below_minor": 800, "when": {"fault": "ours"}},
        {"id": "free way back", "kind": "return_cost", "paid_by": "shop"},
        {"id": "payout", "kind": "release", "pays_at": "receipt", "pays_early_up_to_minor": 20_000},
        {"id": "delivery", "kind": "delivery_costs"},
    ]
}

ELECTRONICS: dict[str, Any] = {
    "rules": [
        {"id": "marked goods", "kind": "excluded_goods"},
        {
            "id": "unsealed software and media",
            "kind": "excluded_goods",
            "covers": "all",
            "ground": "sealed_media",
            "when": {"categories": ["software", "media"]},
        },
        {"id": "30 days", "kind": "window", "days": 30, "to_business_day": True},
        {"id": "all parts", "kind": "question", "asks": "complete", "no": "review"},
        {"id": "photos", "kind": "evidence"},
        {"id": "valuable", "kind": "review_above", "value_minor": 30_000},
        {
            "id": "fee after the legal days",
            "kind": "fee",
            "percent": 10,
            "cap_minor": 5_000,
            "when": {"grounds": ["commercial_return"]},
        },
        {"id": "way back", "kind": "return_cost", "paid_by": "shopper"},
        {"id": "payout", "kind": "release", "pays_at": "inspection"},
        {"id": "delivery", "kind": "delivery_costs"},
    ]
}

HYGIENE: dict[str, Any] = {
    "rules": [
        {
            "id": "opened articles",
            "kind": "excluded_goods",
            "covers": "all",
            "ground": "hygiene",
        },
        {"id": "30 days", "kind": "window", "days": 30},
        {"id": "photos", "kind": "evidence"},
        {"id": "valuable", "kind": "review_above", "value_minor": 20_000},
        {"id": "small things", "kind": "keep_it", "below_minor": 1_000, "when": {"fault": "ours"}},
        {"id": "way back", "kind": "return_cost", "paid_by": "shopper"},
        {"id": "payout", "kind": "release", "pays_at": "inspection"},
        {"id": "delivery", "kind": "delivery_costs"},
    ]
}

FURNITURE: dict[str, Any] = {
    "rules": [
        {"id": "marked goods", "kind": "excluded_goods"},
        {"id": "30 days", "kind": "window", "days": 30, "to_business_day": True},
        {
            "id": "photos of damage",
            "kind": "evidence",
            "needed_for": "all",
            "photos": 2,
            "when": {"fault": "ours"},
        },
        {"id": "photos", "kind": "evidence"},
        {"id": "packaging", "kind": "question", "asks": "original_packaging", "no": "review"},
        {"id": "every return is arranged", "kind": "verdict", "say": "review"},
        {
            "id": "fee after the legal days",
            "kind": "fee",
            "amount_minor": 4_900,
            "when": {"grounds": ["commercial_return"]},
        },
        {"id": "way back", "kind": "return_cost", "paid_by": "shopper"},
        {"id": "payout", "kind": "release", "pays_at": "inspection"},
        {"id": "delivery", "kind": "delivery_costs"},
    ]
}

FOOD: dict[str, Any] = {
    "rules": [
        {
            "id": "fresh food",
            "kind": "excluded_goods",
            "covers": "all",
            "ground": "perishable",
            "when": {"categories": ["fresh"]},
        },
        {
            "id": "opened food",
            "kind": "excluded_goods",
            "covers": "all",
            "ground": "hygiene",
            "unless": {"categories": ["fresh"]},
        },
        {"id": "14 days", "kind": "window", "days": 14, "to_business_day": True},
        {
            "id": "a photo",
            "kind": "evidence",
            "needed_for": "all",
            "when": {"fault": "ours"},
        },
        {"id": "nothing spoilt is sent", "kind": "keep_it", "below_minor": 6_000,
         "when": {"fault": "ours"}},
        {"id": "way back", "kind": "return_cost", "paid_by": "shopper"},
        {"id": "payout", "kind": "release", "pays_at": "inspection"},
        {"id": "delivery", "kind": "delivery_costs"},
    ]
}  # fmt: skip

MADE_TO_MEASURE: dict[str, Any] = {
    "rules": [
        {
            "id": "made for you",
            "kind": "excluded_goods",
            "covers": "all",
            "ground": "personalised",
            "unless": {"tags": ["stock"]},
        },
        {"id": "30 days", "kind": "window", "days": 30},
        {"id": "photos", "kind": "evidence"},
        {"id": "valuable", "kind": "review_above", "value_minor": 20_000},
        {"id": "way back", "kind": "return_cost", "paid_by": "shopper"},
        {"id": "payout", "kind": "release", "pays_at": "inspection"},
        {"id": "delivery", "kind": "delivery_costs"},
    ]
}

B2B: dict[str, Any] = {
    "rules": [
        {"id": "marked goods", "kind": "excluded_goods"},
        {"id": "consumers", "kind": "window", "days": 14, "to_business_day": True,
         "when": {"customers": "consumer"}},
        {"id": "firms", "kind": "window", "days": 30, "late": "review"},
        {"id": "photos", "kind": "evidence"},
        {"id": "arranged", "kind": "verdict", "say": "review", "when": {"customers": "business"}},
        {"id": "restocking", "kind": "fee", "percent": 15, "when": {"customers": "business"},
         "unless": {"fault": "ours"}},
        {"id": "way back", "kind": "return_cost", "paid_by": "shopper"},
        {"id": "payout", "kind": "release", "pays_at": "inspection"},
        {"id": "delivery", "kind": "delivery_costs"},
    ]
}  # fmt: skip

PRESETS: dict[str, dict[str, Any]] = {
    "generous": GENEROUS,
    "fashion": FASHION,
    "electronics": ELECTRONICS,
    "hygiene": HYGIENE,
    "furniture": FURNITURE,
    "food": FOOD,
    "made_to_measure": MADE_TO_MEASURE,
    "b2b": B2B,
}
"""By name. Amounts are minor units of the shop's currency and meant to be changed."""
