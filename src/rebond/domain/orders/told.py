"""An order as JSON that we wrote ourselves, and back.  (pure)"""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from rebond.domain.orders.new import NewCharge, NewLine, NewOrder, NewPayment, NewShopper


def as_told(order: NewOrder) -> dict[str, Any]:
    """``order`` as plain JSON."""
    told = asdict(order)
    told["ordered_at"] = order.ordered_at.isoformat()
    for name in ("delivered_on", "invoice_date"):
        told[name] = told[name].isoformat() if told[name] else None
    return told


def order_told(told: dict[str, Any]) -> NewOrder:
    """The order that ``as_told`` wrote."""
    shopper = told["shopper"] | {
        "address": tuple(told["shopper"]["address"]),
        "tags": tuple(told["shopper"]["tags"]),
    }
    return NewOrder(
        **told
        | {
            "ordered_at": datetime.fromisoformat(told["ordered_at"]),
            "shopper": NewShopper(**shopper),
            "lines": tuple(_line(one) for one in told["lines"]),
            "charges": tuple(NewCharge(**one) for one in told["charges"]),
            "payments": tuple(NewPayment(**one) for one in told["payments"]),
            "delivered_on": _date(told["delivered_on"]),
            "invoice_date": _date(told["invoice_date"]),
            "derived": tuple(told["derived"]),
        }
    )


def _line(told: dict[str, Any]) -> NewLine:
    lists = {name: tuple(told.get(name, ())) for name in ("tags", "serials")}
    return NewLine(**told | lists)


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
