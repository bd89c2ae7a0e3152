"""The verbs of points: earn, burn, give as a gesture, undo with what goes back."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Sum

from rebond.domain.ledger.actions import written
from rebond.domain.ledger.books import Cause, account_of, locked
from rebond.domain.ledger.errors import ReferenceReused
from rebond.domain.ledger.holding import check_reference
from rebond.domain.ledger.kinds import POINTS_CURRENCY, AccountKind, Movement
from rebond.domain.ledger.models import Account, Transaction
from rebond.domain.ledger.movements import Value, come_in, go_out, left_of, put_back
from rebond.domain.ledger.queries import usable
from rebond.domain.ledger.terms import dated, terms_of
from rebond.domain.loyalty.amounts import due_back, due_to_shopper, earned_on
from rebond.domain.loyalty.events import PointsMissed
from rebond.domain.loyalty.models import OrderPoints, PointsReturn
from rebond.domain.orders.models import Order
from rebond.domain.shoppers.models import Shopper
from rebond.kernel.actions import action
from rebond.kernel.clock import now
from rebond.kernel.events import record
from rebond.kernel.money import Money

KIND = AccountKind.POINTS


@action
def earn_points(order_id: UUID, *, by: str) -> Transaction | None:
    """Give the shopper the points that an order earns by the shop's terms, once.

    None where the terms give none, or the order was cancelled.
    """
    order = Order.objects.get(pk=order_id)
    rate = terms_of(order.shop_id).points_per_unit
    points = earned_on(Money(order.total_minor, order.currency), rate)
    if not points or order.state == "cancelled":
        return None
    account = _locked_account(order.shop_id, order.shopper_id)
    row = _points_of(account, order.number)
    if row.earned:
        return Transaction.objects.get(shop_id=order.shop_id, cause=f"earned:{order.number}")
    OrderPoints.objects.filter(pk=row.pk).update(earned=points)
    value = Value(0, points, origin="order", source=order.number, is_bonus_given=True)
    cause = Cause(f"earned:{order.number}", by=by, reference=order.number)
    return come_in(account, dated(order.shop_id, KIND, value), cause)


@action
def burn_points(shopper: Shopper, points: int, *, order_number: str, by: str) -> Transaction:
    """Use ``points`` for an order, once; asked again, the same booking.

    Raises ``InsufficientBalance``, ``BalanceBlocked``, ``ReferenceReused`` for another number of
    points on the same order.
    """
    check_reference(order_number)
    account = _locked_account(shopper.shop_id, shopper.pk)
    row = _points_of(account, order_number)
    cause = Cause(f"burned:{order_number}", by=by, reference=order_number)
    booked = go_out(account, Money(points, POINTS_CURRENCY), cause)
    OrderPoints.objects.filter(pk=row.pk).update(burned=points, burn=booked)
    return booked


@action
def give_points(shopper: Shopper, points: int, *, key: str, reason: str, by: str) -> Transaction:
    """Give points as a gesture. ``key`` makes it happen once. Raises ``BalanceReasonNeeded``."""
    cause = Cause(f"hand:{key}", by=by, reason=written(reason))
    account = _locked_account(shopper.shop_id, shopper.pk)
    value = Value(0, points, origin="hand", is_bonus_given=True)
    return come_in(account, dated(shopper.shop_id, KIND, value), cause)


@action
def return_points(order_id: UUID, returned: Money, *, key: str, by: str) -> PointsReturn | None:
    """Undo an order's points in proportion to what of it is given back, once for each ``key``.

    Points that it earned are taken back as far as they are there, never below zero; what could
    not be taken is kept on record and told. Points that were used on it come back. None where
    the order has no points.
    """
    order = Order.objects.get(pk=order_id)
    row = OrderPoints.objects.filter(shop_id=order.shop_id, order_number=order.number).first()
    if row is None:
        return None
    account = locked(row.account_id)
    row.refresh_from_db()
    earlier = PointsReturn.objects.filter(shop_id=order.shop_id, key=key).first()
    if earlier is not None:
        return earlier
    before = row.returns.aggregate(
        minor=Sum("returned_minor"), due=Sum("due"), given=Sum("given_back")
    )
    went = (before["minor"] or 0) + returned.minor
    due = due_back(row.earned, went, order.total_minor) - (before["due"] or 0)
    give = due_to_shopper(row.burned, went, order.total_minor) - (before["given"] or 0)
    done = PointsReturn.objects.create(
        shop_id=order.shop_id,
        points=row,
        key=key,
        currency=returned.currency,
        returned_minor=returned.minor,
        given_back=_give_back(row, max(0, give), key, by),
        due=max(0, due),
        taken_back=_take_back(account, max(0, due), key, by),
        at=now(),
    )
    if done.missed:
        event = PointsMissed(str(account.pk), order.number, done.missed)
        record(event, shop_id=order.shop_id, actor=by)
    return done


def _give_back(row: OrderPoints, points: int, key: str, by: str) -> int:
    """Bring used points back first, so that they are there to be taken."""
    if row.burn is None:
        return 0
    points = min(points, left_of(row.burn))
    if points:
        cause = Cause(f"points-given:{key}", by=by, reverses=row.burn)
        put_back(row.burn, Money(points, POINTS_CURRENCY), cause)
    return points


def _take_back(account: Account, due: int, key: str, by: str) -> int:
    points = min(due, usable(account).total_minor)
    if points:
        cause = Cause(f"points-taken:{key}", by=by)
        go_out(account, Money(points, POINTS_CURRENCY), cause, kind=Movement.TAKEN_BACK)
    return points


def _points_of(account: Account, order_number: str) -> OrderPoints:
    row, _ = OrderPoints.objects.get_or_create(
        shop_id=account.shop_id, order_number=order_number, defaults={"account": account}
    )
    if row.account_id != account.pk:
        raise ReferenceReused(reference=order_number)
    return row


def _locked_account(shop_id: UUID, shopper_id: UUID) -> Account:
    return locked(account_of(shop_id, KIND, shopper_id, POINTS_CURRENCY).pk)
