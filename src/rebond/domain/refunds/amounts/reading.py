"""From the interchange form of a quote to the order, its past refunds and the action."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, Literal, TypeVar

from rebond.domain.refunds.amounts.model import (
    Action,
    Basis,
    Order,
    PastLine,
    PastRefund,
    PastShipping,
    Payment,
    ProviderResult,
    Refused,
    Replacement,
    Retain,
    SoldFee,
    SoldLine,
    SoldShipping,
    SoldTax,
    Verb,
    WantedFee,
    WantedLine,
    WantedShipping,
)
from rebond.kernel.money import exponent_of

_MOST = 10**15
_MOST_UNITS = 10**9
_DECIMAL = re.compile(r"[0-9]{1,9}(\.[0-9]{1,18})?", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
_GIVEN_BACK = frozenset(
    {"failed", "cancelled", "canceled", "void", "voided", "rejected", "declined", "error"}
)
_NEVER_CAPTURED = _GIVEN_BACK | {"pending", "expired", "charged_back", "chargeback"}

Choice = TypeVar("Choice", bound=StrEnum)
Item = TypeVar("Item")


class _Object:
    """One JSON object, read key by key; whatever is not as agreed is refused by its path."""

    def __init__(self, value: object, path: str) -> None:
        if not isinstance(value, Mapping):
            raise _invalid(path, "must be an object")
        self.values: Mapping[Any, Any] = value
        self.path = path

    def has(self, key: str) -> bool:
        return self.values.get(key) is not None

    def at(self, key: str) -> str:
        return f"{self.path}.{key}"

    def text(self, key: str) -> str:
        value = self.values.get(key)
        if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
            raise _invalid(self.at(key), "must be a text")
        return str(value)

    def optional_text(self, key: str) -> str | None:
        return self.text(key) if self.has(key) else None

    def flag(self, key: str, default: bool) -> bool:
        value = self.values.get(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise _invalid(self.at(key), "must be true or false")
        return value

    def optional_flag(self, key: str) -> bool | None:
        return self.flag(key, False) if self.has(key) else None

    def amount(self, key: str, *, lowest: int = 0) -> int:
        value = self.values.get(key)
        if isinstance(value, bool) or not isinstance(value, int):
            raise _invalid(self.at(key), "must be a whole number of minor units")
        if not lowest <= value <= _MOST:
            raise _invalid(self.at(key), "is out of range")
        return value

    def optional_amount(self, key: str, *, lowest: int = 0) -> int | None:
        return self.amount(key, lowest=lowest) if self.has(key) else None

    def amount_or(self, key: str, default: int, *, lowest: int = 0) -> int:
        return self.amount(key, lowest=lowest) if self.has(key) else default

    def amount_or_full(self, key: str) -> int | Literal["full"]:
        if self.values.get(key) == "full":
            return "full"
        return self.amount(key, lowest=-_MOST)

    def fraction(self, key: str) -> Fraction | None:
        if not self.has(key):
            return None
        value = self.values[key]
        if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
            raise _invalid(self.at(key), "must be a decimal number as a text")
        written = str(value).strip()
        if not _DECIMAL.fullmatch(written):
            raise _invalid(self.at(key), "must be a decimal number of zero or more")
        return Fraction(written)

    def choice(self, key: str, choices: type[Choice], default: Choice | None) -> Choice | None:
        if not self.has(key):
            return default
        try:
            return choices(self.text(key))
        except ValueError:
            raise _invalid(self.at(key), "is not a known word") from None

    def objects(self, key: str) -> list[_Object]:
        value = self.values.get(key)
        if value is None:
            return []
        if not isinstance(value, list | tuple):
            raise _invalid(self.at(key), "must be a list")
        return [_Object(one, f"{self.at(key)}[{i}]") for i, one in enumerate(value)]

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.values.get(key)
        if value is None:
            return ()
        if not isinstance(value, list | tuple) or not all(isinstance(one, str) for one in value):
            raise _invalid(self.at(key), "must be a list of texts")
        return tuple(value)

    def status(self) -> str:
        return (self.optional_text("status") or "").lower()


def order_of(value: object) -> Order:
    """The order of a case. Raises ``Refused("INVALID_INPUT")`` with a ``detail``.

    Source: docs/reference/quote.md, "The order".
    """
    told = _Object(value, "order")
    currency = told.text("currency")
    if not _CURRENCY.fullmatch(currency):
        raise _invalid("order.currency", "must be three capital letters")
    exponent = told.amount_or("exponent", exponent_of(currency))
    if exponent > 6:
        raise _invalid("order.exponent", "is out of range")
    order = Order(
        currency=currency,
        exponent=exponent,
        prices_include_tax=told.flag("prices_include_tax", False),
        lines=_all_different(told, "lines", _sold_line),
        order_discounts=tuple(d.amount("amount_minor") for d in told.objects("order_discounts")),
        shipping=_all_different(told, "shipping", _sold_shipping),
        fees=_all_different(told, "fees", _sold_fee),
        payments=_all_different(told, "payments", _payment),
        total=told.optional_amount("total_minor"),
        tax_total=told.optional_amount("tax_total_minor"),
        document_tax=told.optional_text("tax_rounding") == "document",
        cash_rounding=told.optional_amount("cash_rounding_minor"),
        cap=told.optional_amount("cap_minor"),
        wallet_balance=told.optional_amount("wallet_balance_minor"),
        cancelled=told.status() in {"cancelled", "canceled"},
        returns_enabled=told.flag("returns_enabled", True),
    )
    _check_addons(order)
    return order


def past_refunds_of(value: object, order: Order) -> tuple[PastRefund, ...]:
    """The earlier refunds that count; failed ones have given their balance back.

    Raises ``Refused("INVALID_INPUT")`` with a ``detail``, also when a refund names
    what ``order`` does not have.
    """
    told = _Object({"previous_refunds": value}, "case").objects("previous_refunds")
    return tuple(_past_refund(one, order) for one in told if one.status() not in _GIVEN_BACK)


def action_of(value: object) -> Action:
    """The action of a case. Raises ``Refused`` with ``INVALID_INPUT`` or ``QUANTITY_NOT_INTEGER``.

    Source: docs/reference/quote.md, "The action".
    """
    told = _Object(value, "action")
    verb = told.choice("type", Verb, None)
    if verb is None:
        raise _invalid("action.type", "is missing")
    asks_for_rest = verb is Verb.QUERY_REMAINING
    result = told.choice("provider_result", ProviderResult, ProviderResult.SETTLED)
    return Action(
        verb=verb,
        lines=tuple(_wanted_line(one, whole=asks_for_rest) for one in told.objects("lines")),
        shipping=tuple(_wanted_shipping(one, asks_for_rest) for one in told.objects("shipping")),
        fees=tuple(_wanted_fee(one, asks_for_rest) for one in told.objects("fees")),
        amount=told.optional_amount("amount_minor", lowest=-_MOST),
        adjust_items=told.flag("adjust_items", True),
        scale_to_cap=told.flag("scale_to_cap", False),
        payment_id=told.optional_text("payment_id"),
        prefer_payment=told.optional_text("prefer_payment"),
        tender_order=told.texts("tender_order"),
        eligible_tenders_only=told.flag("eligible_tenders_only", False),
        to=told.optional_text("to"),
        refund=told.flag("refund", True),
        auto_refund=told.flag("auto_refund", True),
        manual_refund=told.optional_flag("manual_refund"),
        retain=_retain(_Object(told.values["retain"], "action.retain"))
        if told.has("retain")
        else None,
        replacements=tuple(_replacement(one) for one in told.objects("replacements")),
        outbound_shipping=told.amount_or("outbound_shipping_minor", 0),
        return_shipping=told.amount_or("return_shipping_minor", 0),
        provider_result=result or ProviderResult.SETTLED,
    )


def _invalid(path: str, what: str) -> Refused:
    return Refused("INVALID_INPUT", detail=f"{path} {what}")


def _all_different(told: _Object, key: str, read: Callable[[_Object], Item]) -> tuple[Item, ...]:
    rows = told.objects(key)
    names = [row.text("id") for row in rows]
    if len(set(names)) != len(names):
        raise _invalid(told.at(key), "names an id twice")
    return tuple(read(row) for row in rows)


def _sold_line(told: _Object) -> SoldLine:
    quantity = told.amount("quantity")
    if quantity > _MOST_UNITS:
        raise _invalid(told.at("quantity"), "is out of range")
    unit_price = told.optional_amount("unit_price_minor")
    line_total = told.optional_amount("line_total_minor")
    if unit_price is None and line_total is None:
        raise _invalid(told.at("unit_price_minor"), "is missing")
    return SoldLine(
        id=told.text("id"),
        quantity=quantity,
        unit_price=unit_price,
        line_total=line_total,
        taxes=_taxes(told),
        tax_total=told.optional_amount("tax_total_minor"),
        discount=told.amount_or("discount_minor", 0),
        discount_per_unit=told.amount_or("discount_per_unit_minor", 0),
        refundable=told.flag("refundable", True),
        product_type=told.optional_text("product_type"),
        addon_to=told.optional_text("addon_to"),
    )


def _taxes(told: _Object) -> tuple[SoldTax, ...]:
    rows = told.objects("taxes")
    if rows:
        return tuple(_tax(row) for row in rows)
    rate = told.fraction("tax_rate")
    if rate is None:
        return ()
    total = told.optional_amount("tax_total_minor")
    return (SoldTax(rate=rate, rate_text=str(told.values["tax_rate"]).strip(), total=total),)


def _tax(told: _Object) -> SoldTax:
    rate = told.fraction("rate")
    return SoldTax(
        id=told.optional_text("id"),
        rate=rate,
        rate_text=None if rate is None else str(told.values["rate"]).strip(),
        total=told.optional_amount("total_minor"),
        compound=told.flag("compound", False),
    )


def _sold_shipping(told: _Object) -> SoldShipping:
    return SoldShipping(
        id=told.text("id"),
        amount=told.amount("amount_minor"),
        taxes=_taxes(told),
        tax_total=told.optional_amount("tax_total_minor"),
        discount=told.amount_or("discount_minor", 0),
        tax_included=told.optional_flag("tax_included"),
    )


def _sold_fee(told: _Object) -> SoldFee:
    return SoldFee(told.text("id"), told.amount("amount_minor", lowest=-_MOST))


def _payment(told: _Object) -> Payment:
    captures = told.values.get("captures_minor")
    wrapped = (
        _Object({"captures": [{"n": n} for n in captures or ()]}, told.path)
        if isinstance(captures, list | tuple)
        else None
    )
    parts = sum(row.amount("n") for row in wrapped.objects("captures")) if wrapped else 0
    captured = told.amount_or("captured_minor", parts)
    if told.has("shares"):
        mine = [s for s in told.objects("shares") if s.text("order") == "this"]
        captured = min(captured, sum(share.amount("amount_minor") for share in mine))
    if told.status() in _NEVER_CAPTURED:
        captured = 0
    return Payment(
        id=told.text("id"),
        captured=captured,
        method=told.optional_text("method"),
        charge_currency=told.optional_text("charge_currency"),
        refundable=told.flag("refundable", True) and told.status() != "disputed",
        partial_refundable=told.flag("partial_refundable", True),
        auto_refundable=told.flag("auto_refundable", True),
    )


def _check_addons(order: Order) -> None:
    known = {line.id for line in order.lines}
    for line in order.lines:
        if line.addon_to is not None and line.addon_to not in known:
            raise _invalid(f"order.lines {line.id}.addon_to", "is not a line of the order")


def _past_refund(told: _Object, order: Order) -> PastRefund:
    lines = tuple(_past_line(row, order) for row in told.objects("lines"))
    shipping = tuple(_past_shipping(row, order) for row in told.objects("shipping"))
    fees = tuple(_past_fee(row, order) for row in told.objects("fees"))
    payments = tuple(_past_payment(row, order) for row in told.objects("payments"))
    return PastRefund(
        lines=lines,
        shipping=shipping,
        fees=fees,
        payments=payments or None,
        amount=told.optional_amount("amount_minor"),
        money=told.optional_text("type") != "credit_note",
    )


def _past_line(told: _Object, order: Order) -> PastLine:
    line_id = _known(told, "line_id", [line.id for line in order.lines])
    gross, tax = _gross_and_tax(told)
    return PastLine(
        line_id,
        quantity=told.amount_or("quantity", 0),
        unit=told.optional_amount("unit", lowest=1),
        gross=gross,
        tax=tax,
    )


def _past_shipping(told: _Object, order: Order) -> PastShipping:
    shipping_id = _known(told, "shipping_id", [charge.id for charge in order.shipping])
    if told.values.get("amount_minor") == "full":
        return PastShipping(shipping_id)
    gross, tax = _gross_and_tax(told)
    return PastShipping(shipping_id, gross=gross, tax=tax)


def _gross_and_tax(told: _Object) -> tuple[int | None, int | None]:
    """Gross with the tax inside, from whichever of gross, net and tax are given."""
    gross = told.optional_amount("amount_minor")
    tax = told.optional_amount("tax_minor")
    if gross is None and told.has("net_minor"):
        gross = told.amount("net_minor") + (tax or 0)
    if gross is not None and tax is not None and tax > gross:
        raise _invalid(told.at("tax_minor"), "is above the amount that contains it")
    return gross, tax


def _past_fee(told: _Object, order: Order) -> tuple[str, int]:
    fee_id = _known(told, "fee_id", [fee.id for fee in order.fees])
    amount = told.amount_or_full("amount_minor")
    if isinstance(amount, int):
        return fee_id, amount
    return fee_id, next(fee.amount for fee in order.fees if fee.id == fee_id)


def _past_payment(told: _Object, order: Order) -> tuple[str, int]:
    known = [payment.id for payment in order.payments]
    payment_id = _known(told, "payment_id", known) if known else told.text("payment_id")
    return payment_id, told.amount("amount_minor")


def _known(told: _Object, key: str, known: Sequence[str]) -> str:
    name = told.text(key)
    if name not in known:
        raise _invalid(told.at(key), "is not in the order")
    return name


def _wanted_line(told: _Object, *, whole: bool) -> WantedLine:
    amount = told.optional_amount("amount_minor", lowest=-_MOST)
    quantity = _quantity(told, "received") if told.has("received") else _quantity(told, "quantity")
    unit = told.optional_amount("unit", lowest=1)
    if quantity is None and amount is None and unit is None and not whole:
        raise _invalid(told.at("quantity"), "is missing")
    return WantedLine(
        told.text("line_id"),
        quantity=quantity,
        unit=unit,
        amount=amount,
        basis=told.choice("amount_basis", Basis, None),
    )


def _quantity(told: _Object, key: str) -> int | None:
    if not told.has(key):
        return None
    value = told.values[key]
    if isinstance(value, bool | Mapping | list | tuple):
        raise _invalid(told.at(key), "must be a whole number")
    if isinstance(value, str | float | Decimal):
        if not isinstance(value, str) and -_MOST <= value <= _MOST and value == int(value):
            return int(value)
        raise Refused("QUANTITY_NOT_INTEGER", detail=f"{told.at(key)} must be a whole number")
    return told.amount(key, lowest=-_MOST)


def _wanted_shipping(told: _Object, whole: bool) -> WantedShipping:
    if whole and not told.has("amount_minor"):
        return WantedShipping(told.text("shipping_id"))
    return WantedShipping(
        told.text("shipping_id"),
        told.amount_or_full("amount_minor"),
        told.choice("amount_basis", Basis, None),
    )


def _wanted_fee(told: _Object, whole: bool) -> WantedFee:
    if whole and not told.has("amount_minor"):
        return WantedFee(told.text("fee_id"))
    return WantedFee(told.text("fee_id"), told.amount_or_full("amount_minor"))


def _retain(told: _Object) -> Retain:
    return Retain(
        fixed=told.amount_or("fixed_minor", 0),
        percent=told.fraction("percent") or Fraction(0),
        per_unit=told.amount_or("per_unit_minor", 0),
        keep_fee_ids=told.texts("keep_fee_ids"),
        skip_free=told.flag("skip_free", False),
        skip_addons=told.flag("skip_addons", False),
    )


def _replacement(told: _Object) -> Replacement:
    quantity = told.amount_or("quantity", 1)
    if quantity > _MOST_UNITS:
        raise _invalid(told.at("quantity"), "is out of range")
    return Replacement(
        told.amount("unit_price_minor"), quantity, told.fraction("tax_rate") or Fraction(0)
    )
