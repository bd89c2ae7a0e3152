"""What is there before a row begins: each scene writes it and returns what the row must know."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from tests.world import (
    PASSWORD,
    findings,
    order_of,
    received_return,
    requested_return,
    small_shop,
    staff_of,
)

from rebond.domain.gift_cards.actions import issue_card
from rebond.domain.machines.actions import make_key
from rebond.domain.machines.scopes import Scope
from rebond.domain.orders.models import Order
from rebond.domain.orders.new import NewLine
from rebond.domain.policies.presets import GENEROUS
from rebond.domain.privacy.actions import ask_about_data
from rebond.domain.returns.models import Return
from rebond.domain.shipping.actions import announce_parcel
from rebond.domain.shoppers.models import RequestKind
from rebond.domain.shops.models import Shop
from rebond.domain.store_credit.actions import give_credit
from rebond.domain.warehouse.actions import inspect_return
from rebond.kernel.money import Money
from rebond.kernel.worker import Worker

REVIEWED = {
    "rules": [
        {**rule, "value_minor": 1} if rule["kind"] == "review_above" else rule
        for rule in GENEROUS["rules"]
    ]
}


def blank() -> dict[str, Any]:
    """The tables, and nothing in them."""
    call_command("migrate", verbosity=0, interactive=False)
    return {}


def inspected() -> dict[str, Any]:
    """A return of one lamp that was received and looked at, so that 33.33 and shipping are due."""
    order = order_of(small_shop(), provider="simulator")
    rma = received_return(order, {"LAMP-01": 1})
    inspect_return(rma.pk, findings(rma), by="staff:Karim")
    return _payments(order)


def received(many: int) -> dict[str, Any]:
    """``many`` returns of one lamp that were received, so that 33.33 of each will be due."""
    shop = small_shop()
    orders = [order_of(shop, number=f"{1001 + n}", provider="simulator") for n in range(many)]
    payments = [_payments(order)["payments"] for order in orders]
    returns = [str(received_return(order, {"LAMP-01": 1}).pk) for order in orders]
    return {"payments": {k: v for told in payments for k, v in told.items()}, "returns": returns}


def inspected_many(many: int) -> dict[str, Any]:
    """``many`` such returns that were looked at, so that 33.33 of each is due."""
    facts = received(many)
    for rma in Return.objects.order_by("number"):
        inspect_return(rma.pk, findings(rma), by="staff:Karim")
    return facts


def neighbours(many: int) -> dict[str, Any]:
    """Two shops with ``many`` such returns each, at one provider; both are told by slug."""
    told: dict[str, Any] = {"payments": {}, "returns": {}, "of": {}}
    for slug in ("slow", "quick"):
        shop = small_shop(slug)
        orders = [order_of(shop, number=f"{1001 + n}", provider="simulator") for n in range(many)]
        payments = [_payments(order)["payments"] for order in orders]
        told["of"][slug] = [reference for one in payments for reference in one]
        told["payments"] |= {k: v for one in payments for k, v in one.items()}
        made = [received_return(order, {"LAMP-01": 1}) for order in orders]
        told["returns"][slug] = [str(rma.pk) for rma in made]
    Worker(threads=1, schedule={}).run_until_idle()
    return told


def inspected_with_credit() -> dict[str, Any]:
    """The same, of a shopper who has store credit besides."""
    facts = inspected()
    shopper = Order.objects.select_related("shopper").get(number="1001").shopper
    for key, is_cash in (("cash", True), ("gesture", False)):
        amount = Money(1500, "EUR")
        give_credit(shopper, amount, is_cash=is_cash, key=key, reason="storm", by="staff:Ana")
    return facts


def one_hundred() -> dict[str, Any]:
    """An order of 60.00 and 40.00, paid with 100.00, and a key for a machine."""
    shop = small_shop()
    text = _key_of(shop)
    order = order_of(shop, lines=_sixty_and_forty(), shipping_minor=0, provider="simulator")
    staff = staff_of(shop)
    return _payments(order) | {
        "key": text,
        "order": order.number,
        "lines": {line.sku: str(line.pk) for line in order.lines.all()},
        "email": staff.user.email,
        "password": PASSWORD,
    }


def hundreds(many: int) -> dict[str, Any]:
    """``many`` orders of 100.00 each, and a key for a machine."""
    shop = small_shop()
    orders = [
        order_of(
            shop,
            number=f"{1001 + n}",
            lines=_sixty_and_forty(),
            shipping_minor=0,
            provider="simulator",
        )
        for n in range(many)
    ]
    payments = [_payments(order)["payments"] for order in orders]
    Worker(threads=1, schedule={}).run_until_idle()
    return {
        "payments": {k: v for told in payments for k, v in told.items()},
        "of": [order.number for order in orders],
        "key": _key_of(shop),
    }


def on_its_way() -> dict[str, Any]:
    """An accepted return of two lamps that can be received and looked at, and a key."""
    shop = small_shop()
    order = order_of(shop, provider="simulator")
    rma = requested_return(order, {"LAMP-01": 2})
    told = {"rma": rma.number, "line": str(rma.lines.get().pk), "key": _key_of(shop)}
    return _payments(order) | told


def waiting_for_a_yes() -> dict[str, Any]:
    """A return of the piece of 60.00 that somebody has to approve before it is refunded."""
    shop = small_shop(policy=REVIEWED)
    order = order_of(shop, lines=_sixty_and_forty(), shipping_minor=0, provider="simulator")
    rma = requested_return(order, {"SIXTY": 1})
    assert rma.request_state == "requested", rma.request_state
    return _payments(order) | {"rma": str(rma.pk)}


def two_pieces() -> dict[str, Any]:
    """An order of two pieces of one thing."""
    order = order_of(small_shop(), lines=[NewLine("PAIR", "Glove", 2, 5000)], shipping_minor=0)
    return {"order": str(order.pk), "line": str(order.lines.get().pk)}


def boxes(many: int) -> dict[str, Any]:
    """``many`` returns of one shopper, some with a box, which may all be packed together."""
    shop = small_shop()
    orders = [order_of(shop, number=f"B-{n}", shipping_minor=0) for n in range(many)]
    returns = [requested_return(order, {"LAMP-01": 1}) for order in orders]
    for place, rma in enumerate(returns):
        if place % 2 == 0:
            number = f"6A{place:04d}"
            announce_parcel(
                rma.pk,
                carrier="own_carrier",
                carrier_name="La Poste",
                tracking_number=number,
                by="shopper",
            )
    return {"returns": [str(rma.pk) for rma in returns]}


def person_who_leaves() -> dict[str, Any]:
    """A refund is due to somebody who asked for a copy of their data and for its erasure."""
    facts = inspected()
    shop = Shop.objects.get()
    mailbox = Order.objects.select_related("shopper").get().shopper.email
    asked = {
        kind.value: str(
            ask_about_data(shop, kind, mailbox, by="shopper", language="fr", is_proven=True).pk
        )
        for kind in (RequestKind.COPY, RequestKind.ERASE)
    }
    return facts | {"asked": asked, "mailbox": mailbox}


def hot_payments(many: int) -> dict[str, Any]:
    """Some payments of 1.00, about which everybody will ask at once."""
    shop = small_shop()
    lines = [NewLine("PENCIL", "Pencil", 1, 100)]
    for number in range(many):
        order_of(shop, number=f"H-{number}", lines=lines, shipping_minor=0)
    return {}


def a_card() -> dict[str, Any]:
    """A gift card of 10.00 that was paid for."""
    shop = small_shop()
    issued = issue_card(
        shop, Money(1000, "EUR"), is_cash=True, key="1", reason="sold", by="staff:Ana"
    )
    return {"shop": shop.slug, "code": issued.code, "account": str(issued.card.account_id)}


def writers(many: int) -> dict[str, Any]:
    """An order with much to credit for each of ``many`` writers."""
    shop = small_shop()
    for who in range(many):
        line = NewLine(f"SKU-{who}", "Thing", 1000, 1_000_000)
        order_of(shop, number=f"S-{who}", lines=[line], shipping_minor=0)
    return {}


def _key_of(shop: Shop) -> str:
    """The text of a key that may do everything."""
    scopes = [scope.value for scope in Scope]
    _key, text = make_key(shop, title="till", scopes=scopes, by="staff:Ana")
    return text


def _sixty_and_forty() -> list[NewLine]:
    return [NewLine("SIXTY", "Large vase", 1, 6000), NewLine("FORTY", "Small vase", 1, 4000)]


def _payments(order: Order) -> dict[str, Any]:
    payments = order.payments.all()
    return {"payments": {payment.reference: payment.captured_minor for payment in payments}}
