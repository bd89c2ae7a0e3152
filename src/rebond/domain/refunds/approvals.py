"""Limits on what a person or a machine refunds alone, and the second person. Inside actions only.

The sums are read under locks taken in one order (order, shopper, person), so that two refunds at
the same moment cannot both stay below a limit that they pass together.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet, Sum

from rebond.domain.machines.models import ApiKey
from rebond.domain.orders.models import Order
from rebond.domain.refunds.errors import LimitTooLow
from rebond.domain.refunds.events import ApprovalAsked
from rebond.domain.refunds.limits import SHOPPER_DAYS, LimitKind, Spender
from rebond.domain.refunds.models import Approval, MoneyLimit, Settlement, TaskKind
from rebond.domain.refunds.tasks import open_task
from rebond.domain.shoppers.models import Shopper
from rebond.domain.shops.models import Staff
from rebond.kernel.clock import local_date, now
from rebond.kernel.events import record
from rebond.kernel.prepared import Prepared

Decider = Staff | ApiKey | None
"""Who decides on money: a person, a machine by its key, or the house itself."""


@dataclass(frozen=True)
class Passed:
    """A limit that a refund passes: what it allows, and what everything would come to."""

    kind: LimitKind
    limit_minor: int
    sum_minor: int


def _lock_people(order: Order, who: Staff | ApiKey) -> None:
    """Let nobody else add to the sums of the shopper or of who decides meanwhile."""
    list(_same_person(order).select_for_update(no_key=True).only("id").order_by("pk"))
    type(who).objects.select_for_update(no_key=True).only("id").get(pk=who.pk)


def passed_limit(order: Order, amount_minor: int, who: Decider) -> Passed | None:
    """The limit of ``who`` that ``amount_minor`` more passes farthest, or None.

    The house itself has no limit here: its rules have their own. Where the shop limits anybody,
    the shopper and who decides stay locked from here on.
    """
    if who is None:
        return None
    in_shop = _limits.all(order.shop_id, order.currency)
    if in_shop:
        _lock_people(order, who)
    role = who.role if isinstance(who, Staff) else Spender.MACHINE
    limits = [limit for limit in in_shop if limit.role == role]
    found = [
        Passed(LimitKind(limit.kind), limit.amount_minor, total)
        for limit in limits
        for total in [_sum(LimitKind(limit.kind), order, who) + amount_minor]
        if total > limit.amount_minor
    ]
    return max(found, key=lambda one: one.sum_minor - one.limit_minor, default=None)


_limits = Prepared(
    lambda shop, currency: MoneyLimit.objects.filter(shop_id=shop, currency=currency), UUID, str
)


def ask_second_person(
    settlement: Settlement, passed: Passed, who: Staff | ApiKey, *, by: str
) -> None:
    """Let the settlement wait until somebody else has said yes."""
    Approval.objects.create(
        shop_id=settlement.shop_id,
        settlement=settlement,
        kind=passed.kind,
        currency=settlement.currency,
        limit_minor=passed.limit_minor,
        sum_minor=passed.sum_minor,
        asked_by=who if isinstance(who, Staff) else None,
        asked_by_key=who if isinstance(who, ApiKey) else None,
        asked_at=now(),
    )
    open_task(
        TaskKind.APPROVAL,
        settlement.pk,
        order=settlement.order,
        rma=settlement.rma,
        settlement=settlement,
        amount_minor=settlement.gross_minor,
        currency=settlement.currency,
        limit=passed.kind.value,
        limit_minor=passed.limit_minor,
        by=by,
    )
    event = ApprovalAsked(
        str(settlement.rma_id or settlement.order_id),
        str(settlement.pk),
        passed.kind.value,
        passed.limit_minor,
        passed.sum_minor,
        settlement.currency,
    )
    record(event, shop_id=settlement.shop_id, actor=by)


def check_may_grant(settlement: Settlement, staff: Staff) -> None:
    """Raise ``LimitTooLow`` where this person could not have refunded so much either."""
    limit = MoneyLimit.objects.filter(
        shop_id=settlement.shop_id,
        role=staff.role,
        kind=LimitKind.REFUND,
        currency=settlement.currency,
    ).first()
    if limit is not None and settlement.gross_minor > limit.amount_minor:
        raise LimitTooLow(
            limit_minor=limit.amount_minor,
            sum_minor=settlement.gross_minor,
            currency=settlement.currency,
        )


def _sum(kind: LimitKind, order: Order, who: Staff | ApiKey) -> int:
    """What was refunded before that counts for a limit of this kind."""
    standing = Settlement.objects.filter(
        shop_id=order.shop_id, currency=order.currency, called_off_at=None
    ).exclude(origin="import")
    match kind:
        case LimitKind.REFUND:
            return 0
        case LimitKind.ORDER:
            return _total(standing.filter(order=order))
        case LimitKind.SHOPPER:
            since = now() - timedelta(days=SHOPPER_DAYS)
            return _total(
                standing.filter(
                    order__shopper__in=_same_person(order).values("pk"), decided_at__gte=since
                )
            )
        case LimitKind.DAY:
            column = "decided_by_staff" if isinstance(who, Staff) else "decided_by_key"
            return _total(standing.filter(**{column: who}, decided_at__gte=_midnight(order)))


def _same_person(order: Order) -> QuerySet[Shopper]:
    """The shopper of the order, and guests with the same e-mail address."""
    same = Q(pk=order.shopper_id)
    if order.shopper.email_key:
        same |= Q(email_key=order.shopper.email_key)
    return Shopper.objects.filter(same, shop_id=order.shop_id)


def _total(rows: QuerySet[Settlement]) -> int:
    return rows.aggregate(total=Sum("gross_minor"))["total"] or 0


def _midnight(order: Order) -> datetime:
    zone = order.shop.time_zone
    day = local_date(now(), zone)
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
