"""Credit, cards and points for the demo shop, given through the same actions as at the desk."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid5

from rebond.domain.gift_cards.actions import issue_card, redeem_card
from rebond.domain.ledger.actions import Terms, reserve, set_terms
from rebond.domain.ledger.models import Transaction
from rebond.domain.ledger.refunding import Owed
from rebond.domain.loyalty.actions import burn_points, earn_points
from rebond.domain.orders.models import Order
from rebond.domain.shops.models import Shop
from rebond.domain.store_credit.actions import (
    give_credit,
    refund_back_to_credit,
    refund_into_credit,
    spend_credit,
)
from rebond.kernel.clock import now
from rebond.kernel.money import Money

ANA = "staff:Ana Lopes"
CHECKOUT = "system"
DEMO = UUID("6f1d6c0e-27c5-4c3e-9d0b-6a3d7c1b2e44")


def play_kept_value(shop: Shop) -> None:
    """Make some balances with a history; nothing where there are any."""
    if Transaction.objects.filter(shop=shop).exists():
        return
    terms = Terms(bonus_percent=10, bonus_days=180, points_per_unit=1)
    set_terms(shop, terms, by="staff:Olivia Martin")
    orders = _orders_of_different_people(shop)
    for place, order in enumerate(orders[:6]):
        earn_points(order.pk, by="system")
        _kept_refund(order, 1250 + 640 * place)
    _use_and_return(orders)
    _gestures(orders)
    _cards(shop)


def _orders_of_different_people(shop: Shop) -> list[Order]:
    newest = Order.objects.filter(shop=shop, total_minor__gt=2000).select_related("shopper")
    by_person = {order.shopper_id: order for order in newest.order_by("ordered_at")}
    return sorted(by_person.values(), key=lambda order: order.ordered_at, reverse=True)[:8]


def _kept_refund(order: Order, minor: int) -> None:
    refund = uuid5(DEMO, f"kept {order.number}")
    amount = Money(minor, order.currency)
    reference = f"pay-{order.number}"
    owed = Owed(order.shop_id, refund, amount, reference, "system")
    refund_into_credit(owed, order.shopper, bonus_percent=10)


def _use_and_return(orders: list[Order]) -> None:
    """Some of them buy with it; one gives a part of that back; one is at the checkout now."""
    for place, order in enumerate(orders[:3]):
        amount = Money(900 + 300 * place, order.currency)
        spend_credit(order.shopper, amount, reference=f"shop-{order.number}", by=CHECKOUT)
        burn_points(order.shopper, 5, order_number=f"shop-{order.number}", by=CHECKOUT)
    for order in orders[:1]:
        refund = uuid5(DEMO, f"back {order.number}")
        amount = Money(400, order.currency)
        reference = f"shop-{order.number}"
        refund_back_to_credit(Owed(order.shop_id, refund, amount, reference, "system"))
    for order in orders[3:4]:
        spent = Money(500, order.currency)
        account = Transaction.objects.filter(
            shop=order.shop_id, account__owner=order.shopper_id, account__kind="store_credit"
        ).first()
        if account is not None:
            reserve(
                account.account_id,
                spent,
                reference=f"cart-{order.number}",
                expires_at=now() + timedelta(hours=2),
                by=CHECKOUT,
            )


def _gestures(orders: list[Order]) -> None:
    for order, reason in zip(orders[4:6], ("Colis en retard", "Emballage abîmé"), strict=False):
        give_credit(
            order.shopper,
            Money(500, order.currency),
            is_cash=False,
            key=f"demo-{order.number}",
            reason=reason,
            by=ANA,
        )


def _cards(shop: Shop) -> None:
    """Three cards; one was used in part."""
    for number, minor in enumerate((5000, 2500, 10000)):
        made = issue_card(
            shop,
            Money(minor, shop.currency),
            is_cash=number != 1,
            key=f"demo-card-{number}",
            reason="Vendue au comptoir" if number != 1 else "Geste après une longue attente",
            by=ANA,
        )
        if number == 0 and made.code:
            amount = Money(1875, shop.currency)
            redeem_card(shop, made.code, amount, reference="till-1", by=CHECKOUT)
