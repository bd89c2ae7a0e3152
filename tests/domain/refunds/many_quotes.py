"""Many cases of a quote, the same on every machine: thrown with dice, and one spoilt everywhere.

They say nothing about what is right; the samples, the rules and the properties do. They notice when
an answer changes that nobody meant to change. ``python -m tests.domain.refunds.many_quotes`` writes
the answers anew: look at the difference of a few cases before you keep that.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

from rebond.domain.refunds.amounts import answer

KEPT = Path(__file__).with_name("many_quotes.txt")
THROWN = 1500

Case = dict[str, Any]


class Dice:
    """Numbers that follow from a seed, whatever the version of Python."""

    def __init__(self, seed: int) -> None:
        self._state = seed * 2654435761 % 2**64 + 1

    def upto(self, most: int) -> int:
        """A whole number from 0 to ``most``."""
        self._state = (self._state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self._state >> 33) % (most + 1)

    def one(self, things: Any) -> Any:
        return things[self.upto(len(things) - 1)]

    def lucky(self, percent: int) -> bool:
        return self.upto(99) < percent


RATES = ["0", "0.055", "0.07", "0.10", "0.19", "0.20", "0.055", "0.20"]
VERBS = ["refund"] * 8 + [
    *("preview", "credit_note", "return", "cancel_items", "cancel_order"),
    *("exchange", "allocate_tenders", "query_remaining"),
]


def cases() -> Iterator[tuple[str, Case]]:
    """Every case with its name."""
    for seed in range(THROWN):
        yield f"thrown-{seed}", thrown(Dice(seed))
    yield from spoilt()


def thrown(dice: Dice) -> Case:
    """An order, what went back before, and one action or several."""
    order = _order(dice)
    case: Case = {"id": 1, "order": order}
    if dice.lucky(45):
        case["previous_refunds"] = [_before(dice, order) for _ in range(1 + dice.upto(1))]
    if dice.lucky(25):
        case["steps"] = [{"action": _action(dice, order)} for _ in range(2 + dice.upto(2))]
    else:
        case["action"] = _action(dice, order)
    return case


def _taxes(dice: Dice) -> Case:
    kind = dice.upto(6)
    if kind == 0:
        return {"tax_total_minor": dice.upto(300)}
    if kind == 1:
        return {"tax_rate": dice.one(RATES), "tax_total_minor": dice.upto(200)}
    if kind == 2:
        return {
            "taxes": [
                {"id": "a", "rate": dice.one(RATES), "total_minor": dice.upto(150)},
                {"id": "b", "rate": dice.one(RATES)},
            ]
        }
    if kind == 3:
        return {
            "taxes": [{"id": "a", "rate": "0.05"}, {"id": "b", "rate": "0.1", "compound": True}]
        }
    return {"tax_rate": dice.one(RATES)} if kind < 6 else {}


def _order(dice: Dice) -> Case:
    currency, exponent = dice.one([("EUR", 2), ("EUR", 2), ("JPY", 0), ("KWD", 3)])
    order: Case = {
        "currency": currency,
        "exponent": exponent,
        "prices_include_tax": dice.lucky(60),
        "lines": [_line(dice, place) for place in range(1 + dice.upto(3))],
    }
    if dice.lucky(60):
        order["shipping"] = [_shipping(dice, place) for place in range(1 + dice.upto(1))]
    if dice.lucky(25):
        order["fees"] = [{"id": "F0", "amount_minor": dice.upto(600) - 150}]
    if dice.lucky(30):
        order["order_discounts"] = [{"id": "D", "amount_minor": dice.upto(700)}]
    for name, percent in (("cap_minor", 8), ("tax_total_minor", 6), ("wallet_balance_minor", 8)):
        if dice.lucky(percent):
            order[name] = dice.upto(5000)
    rare: list[tuple[str, Any, int]] = [
        ("tax_rounding", "document", 12),
        ("cash_rounding_minor", 5, 8),
        ("status", "cancelled", 4),
        ("returns_enabled", False, 4),
    ]
    order |= {name: value for name, value, percent in rare if dice.lucky(percent)}
    if dice.lucky(55):
        _pay(dice, order)
    return order


def _line(dice: Dice, place: int) -> Case:
    quantity, price = 1 + dice.upto(5), dice.upto(4000)
    line = {"id": f"L{place}", "quantity": quantity} | _taxes(dice)
    if dice.lucky(30):
        line["line_total_minor"] = price * quantity
    else:
        line["unit_price_minor"] = price
    if dice.lucky(25):
        line["discount_minor"] = dice.upto(price * quantity // 2)
    if dice.lucky(10):
        line["discount_per_unit_minor"] = dice.upto(max(price // 3, 1))
    if dice.lucky(6):
        line["refundable"] = False
    if dice.lucky(8):
        line["product_type"] = dice.one(["gift_card", "prepaid_credit", "book"])
    if place and dice.lucky(10):
        line["addon_to"] = "L0"
    return line


def _shipping(dice: Dice, place: int) -> Case:
    charge = {"id": f"S{place}", "amount_minor": dice.upto(1500)} | _taxes(dice)
    if dice.lucky(20):
        charge["discount_minor"] = dice.upto(300)
    if dice.lucky(20):
        charge["tax_included"] = dice.lucky(50)
    return charge


def _pay(dice: Dice, order: Case) -> None:
    """Split what the order costs over some payments of every kind."""
    whole = answer({"id": 1, "order": order, "action": {"type": "query_remaining"}})
    total = whole.get("paid_total_minor") or dice.upto(9000)
    payments = []
    count = 1 + dice.upto(2)
    for place in range(count):
        part = total if place == count - 1 else dice.upto(total)
        total -= part
        payment: Case = {
            "id": f"P{place}",
            "method": dice.one(["card", "gift_card", "cash", "wallet"]),
            "captured_minor": part,
        }
        for name, percent in (
            ("refundable", 12),
            ("partial_refundable", 15),
            ("auto_refundable", 12),
        ):
            if dice.lucky(percent):
                payment[name] = False
        if dice.lucky(6):
            payment["status"] = dice.one(["failed", "pending", "disputed", "settled"])
        if dice.lucky(6):
            payment["charge_currency"] = "USD"
        if dice.lucky(6):
            payment["shares"] = [
                {"order": "this", "amount_minor": part // 2},
                {"order": "other", "amount_minor": part - part // 2},
            ]
        if dice.lucky(6):
            payment["captures_minor"] = [part // 2, part - part // 2]
            del payment["captured_minor"]
        payments.append(payment)
    order["payments"] = payments
    if dice.lucky(10):
        order["total_minor"] = sum(p.get("captured_minor", 0) for p in payments) + dice.upto(3)


def _before(dice: Dice, order: Case) -> Case:
    line = dice.one(order["lines"])
    refund: Case = {}
    kind = dice.upto(5)
    if kind <= 2:
        row = {"line_id": line["id"], "quantity": dice.upto(min(2, line["quantity"]))}
        if dice.lucky(35):
            row |= {"amount_minor": 100 + dice.upto(300), "tax_minor": dice.upto(40)}
        if dice.lucky(12):
            row = {"line_id": line["id"], "unit": 1, "amount_minor": dice.upto(200)}
        refund["lines"] = [row]
    if kind in (2, 3) and order.get("shipping"):
        refund["shipping"] = [{"shipping_id": "S0", "amount_minor": dice.one(["full", 1, 50, 120])}]
    if kind == 4:
        refund["amount_minor"] = dice.upto(1500)
    if kind == 5 and order.get("fees"):
        refund["fees"] = [{"fee_id": "F0", "amount_minor": dice.one(["full", 10])}]
    if order.get("payments") and dice.lucky(30):
        refund["payments"] = [{"payment_id": "P0", "amount_minor": dice.upto(600)}]
    if dice.lucky(20):
        refund["status"] = dice.one(["failed", "pending", "succeeded", "VOIDED"])
    if dice.lucky(8):
        refund["type"] = "credit_note"
    return refund


def _action(dice: Dice, order: Case) -> Case:
    action: Case = {"type": dice.one(VERBS)} | _chosen(dice, order) | _wishes(dice, order)
    if dice.lucky(18):
        action["retain"] = _retain(dice)
    if action["type"] == "exchange" or dice.lucky(4):
        new: Case = {"unit_price_minor": dice.upto(3000), "quantity": 1 + dice.upto(1)}
        if dice.lucky(60):
            new["tax_rate"] = dice.one(RATES)
        action |= {"replacements": [new], "outbound_shipping_minor": dice.one([0, 0, 490])}
    return action


def _chosen(dice: Dice, order: Case) -> Case:
    chosen: Case = {}
    if dice.lucky(80):
        chosen["lines"] = [_wanted(dice, line) for line in order["lines"] if dice.lucky(65)]
    if order.get("shipping") and dice.lucky(40):
        charge: Case = {"shipping_id": "S0", "amount_minor": dice.one(["full", "full", 1, 77, 400])}
        if dice.lucky(15):
            charge["amount_basis"] = dice.one(["gross", "net", "list"])
        chosen["shipping"] = [charge]
    if order.get("fees") and dice.lucky(40):
        chosen["fees"] = [{"fee_id": "F0", "amount_minor": dice.one(["full", 20, -20])}]
    return chosen


def _wishes(dice: Dice, order: Case) -> Case:
    rare: list[tuple[str, list[Any], int]] = [
        ("amount_minor", [1, 99, 1234, 5000, 0, -5], 15),
        ("adjust_items", [False], 5),
        ("refund", [False], 5),
        ("auto_refund", [False], 6),
        ("scale_to_cap", [True], 6),
        ("eligible_tenders_only", [True], 6),
        ("manual_refund", [True, False], 12),
        ("to", ["cash", "original_payment", "original", "store_credit", "card"], 8),
        ("return_shipping_minor", [100, 490, 90000], 8),
        ("provider_result", ["settled", "pending", "failed"], 8),
    ]
    if order.get("payments"):
        rare += [
            ("payment_id", ["P0", "P1"], 10),
            ("prefer_payment", ["P0", "P1"], 10),
            (
                "tender_order",
                [["gift_card", "card"], ["P1", "P0"], ["cash"], ["wallet", "P0"]],
                20,
            ),
        ]
    return {name: dice.one(values) for name, values, percent in rare if dice.lucky(percent)}


def _wanted(dice: Dice, line: Case) -> Case:
    wanted: Case = {"line_id": line["id"], "quantity": 1 + dice.upto(line["quantity"] - 1)}
    if dice.lucky(12):
        wanted["amount_minor"] = dice.one([0, 1, 250, 999])
        if dice.lucky(50):
            wanted["amount_basis"] = dice.one(["gross", "net", "list"])
    if dice.lucky(6):
        wanted = {"line_id": line["id"], "unit": 1 + dice.upto(1)}
    if dice.lucky(4):
        wanted["received"] = dice.upto(2)
    return wanted


def _retain(dice: Dice) -> Case:
    kinds: list[Case] = [
        {"fixed_minor": dice.upto(900)},
        {"percent": dice.one(["10", "12.5", "50", "100"])},
        {"per_unit_minor": dice.upto(300)},
        {"fixed_minor": 100, "percent": "5", "per_unit_minor": 20},
        {"keep_fee_ids": ["F0"]},
    ]
    kept = dice.one(kinds)
    for name in ("skip_free", "skip_addons"):
        if dice.lucky(25):
            kept[name] = True
    return kept


FULL: Case = {
    "id": "full",
    "order": {
        "currency": "EUR",
        "exponent": 2,
        "prices_include_tax": True,
        "status": "open",
        "returns_enabled": True,
        "lines": [
            {
                "id": "A",
                "quantity": 3,
                "unit_price_minor": 1999,
                "tax_rate": "0.20",
                "tax_total_minor": 900,
                "discount_minor": 99,
                "discount_per_unit_minor": 10,
                "refundable": True,
                "product_type": "book",
            },
            {
                "id": "B",
                "quantity": 2,
                "line_total_minor": 2500,
                "taxes": [
                    {"id": "x", "rate": "0.055", "total_minor": 130, "compound": False},
                    {"id": "y", "rate": "0.02"},
                ],
                "addon_to": "A",
            },
        ],
        "order_discounts": [{"id": "D", "amount_minor": 300}],
        "shipping": [
            {
                "id": "S",
                "amount_minor": 490,
                "tax_rate": "0.20",
                "discount_minor": 90,
                "tax_included": True,
            }
        ],
        "fees": [{"id": "F", "amount_minor": 150}],
        "payments": [
            {
                "id": "P",
                "method": "card",
                "captured_minor": 6000,
                "charge_currency": "EUR",
                "status": "settled",
                "refundable": True,
                "partial_refundable": True,
                "auto_refundable": True,
            },
            {"id": "Q", "method": "gift_card", "captures_minor": [1000, 1400]},
            {
                "id": "R",
                "method": "cash",
                "captured_minor": 900,
                "shares": [{"order": "this", "amount_minor": 500}],
            },
        ],
        "total_minor": 8900,
        "tax_total_minor": 1100,
        "tax_rounding": "line",
        "cash_rounding_minor": 5,
        "cap_minor": 8000,
        "wallet_balance_minor": 4000,
    },
    "previous_refunds": [
        {
            "lines": [{"line_id": "A", "quantity": 1, "amount_minor": 1900, "tax_minor": 300}],
            "shipping": [{"shipping_id": "S", "amount_minor": 100, "tax_minor": 17}],
            "fees": [{"fee_id": "F", "amount_minor": 50}],
            "payments": [{"payment_id": "P", "amount_minor": 2050}],
            "amount_minor": 2050,
            "status": "succeeded",
            "type": "refund",
        },
        {"lines": [{"line_id": "B", "unit": 1, "net_minor": 100, "tax_minor": 5}]},
    ],
    "action": {
        "type": "refund",
        "lines": [
            {"line_id": "A", "quantity": 1, "amount_minor": 1500, "amount_basis": "gross"},
            {"line_id": "B", "unit": 2},
        ],
        "shipping": [{"shipping_id": "S", "amount_minor": 100, "amount_basis": "net"}],
        "fees": [{"fee_id": "F", "amount_minor": "full"}],
        "adjust_items": True,
        "scale_to_cap": False,
        "prefer_payment": "Q",
        "tender_order": ["gift_card", "card"],
        "eligible_tenders_only": False,
        "refund": True,
        "auto_refund": True,
        "manual_refund": True,
        "retain": {
            "fixed_minor": 10,
            "percent": "5",
            "per_unit_minor": 5,
            "keep_fee_ids": ["F"],
            "skip_free": True,
            "skip_addons": True,
        },
        "replacements": [{"unit_price_minor": 100, "quantity": 1, "tax_rate": "0.2"}],
        "outbound_shipping_minor": 0,
        "return_shipping_minor": 20,
        "provider_result": "settled",
    },
}
GONE = object()
SPOILS: list[Any] = [
    GONE,
    None,
    "",
    "nobody",
    True,
    False,
    0,
    1,
    -1,
    2,
    7,
    1.5,
    "1",
    "0.5",
    10**15,
    10**15 + 1,
    10**9 + 1,
    [],
    ["x"],
    [1],
    {},
    [{}],
    "full",
    "cancelled",
    "disputed",
    "failed",
    "document",
    "credit_note",
]


def spoilt() -> Iterator[tuple[str, Case]]:
    """The full case with one value at a time replaced by something else, or gone."""
    yield "full", FULL
    for path in _paths(FULL, ()):
        for place, value in enumerate(SPOILS):
            case = deepcopy(FULL)
            spot: Any = case
            for key in path[:-1]:
                spot = spot[key]
            if value is GONE:
                del spot[path[-1]]
            else:
                spot[path[-1]] = value
            yield f"{'.'.join(map(str, path))}-{place}", case


def _paths(value: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    if isinstance(value, dict | list):
        for key, one in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _paths(one, (*path, key))


def digest(case: Case) -> str:
    """A short sign of the whole answer to ``case``."""
    text = json.dumps(answer(case), sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def main() -> None:
    KEPT.write_text("".join(f"{name} {digest(case)}\n" for name, case in cases()))


if __name__ == "__main__":
    main()
