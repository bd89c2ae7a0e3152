"""The second person: refunds above a limit, and the limits themselves."""

from __future__ import annotations

from uuid import UUID

from rebond.domain.orders.reading import lock_order
from rebond.domain.refunds.approvals import check_may_grant
from rebond.domain.refunds.errors import AlreadyAnswered, LimitUnreadable, TwoPeopleNeeded
from rebond.domain.refunds.events import (
    ApprovalAnswered,
    LimitChangeAsked,
    LimitChanged,
    LimitChangeDeclined,
    RefundCalledOff,
    RefundStarted,
    TenderOrderChanged,
)
from rebond.domain.refunds.limits import LimitKind, Spender
from rebond.domain.refunds.models import Approval, LimitChange, MoneyLimit, Settlement
from rebond.domain.refunds.payouts import CHECK_AGAIN, say, subject_of, sum_up_money
from rebond.domain.refunds.reserving import release
from rebond.domain.refunds.states import RefundState
from rebond.domain.refunds.tasks import close_tasks
from rebond.domain.shops.models import Shop, Staff
from rebond.kernel.actions import action
from rebond.kernel.clock import now
from rebond.kernel.events import record


@action
def answer_approval(approval_id: UUID, *, grants: bool, staff: Staff, by: str) -> Settlement:
    """Say yes or no to a refund above somebody's limit.

    Yes starts its refunds. No frees the money and takes the decision back, so that the return
    can be decided anew. Raises ``AlreadyAnswered``, ``TwoPeopleNeeded`` for one's own wish, and
    ``LimitTooLow`` for a yes above one's own limit.
    """
    waiting = Approval.objects.select_related("settlement__order").get(
        pk=approval_id, shop_id=staff.shop_id
    )
    lock_order(waiting.settlement.order_id)
    approval = Approval.objects.select_related("settlement__rma", "settlement__order__shop").get(
        pk=approval_id, shop_id=staff.shop_id
    )
    if approval.is_granted is not None:
        raise AlreadyAnswered
    if approval.asked_by_id == staff.pk and grants:
        raise TwoPeopleNeeded
    settlement = approval.settlement
    if grants:
        check_may_grant(settlement, staff)
    approval.is_granted, approval.answered_by, approval.answered_at = grants, staff, now()
    approval.save(update_fields=["is_granted", "answered_by", "answered_at"])
    close_tasks(settlement.shop_id, settlement.pk, by=by)
    event = ApprovalAnswered(subject_of(settlement), str(settlement.pk), grants)
    record(event, shop_id=settlement.shop_id, actor=by)
    if grants:
        _start(settlement, by=by)
    else:
        _take_back(settlement, by=by)
    sum_up_money(settlement.rma, by=by)
    return settlement


@action
def change_limit(
    shop: Shop,
    *,
    role: Spender,
    kind: LimitKind,
    currency: str,
    amount_minor: int | None,
    staff: Staff,
    by: str,
) -> bool:
    """Set a limit; None lifts it. True when it holds at once.

    A lower limit holds at once. A higher one, or none, waits for a second person. Raises
    ``LimitUnreadable`` for a negative amount.
    """
    if amount_minor is not None and amount_minor < 0:
        raise LimitUnreadable(asked=amount_minor)
    Shop.objects.select_for_update(no_key=True).only("id").get(pk=shop.pk)
    now_holds = _limit(shop.pk, role, kind, currency)
    is_stricter = amount_minor is not None and (
        now_holds is None or amount_minor <= now_holds.amount_minor
    )
    LimitChange.objects.filter(
        shop=shop, role=role, kind=kind, currency=currency, is_granted=None
    ).update(is_granted=False, answered_by=staff, answered_at=now())
    if is_stricter:
        _set(shop.pk, role, kind, currency, amount_minor, by=by)
        return True
    if now_holds is None:
        return True
    LimitChange.objects.create(
        shop=shop,
        role=role,
        kind=kind,
        currency=currency,
        amount_minor=amount_minor,
        asked_by=staff,
        asked_at=now(),
    )
    event = LimitChangeAsked(str(shop.pk), role.value, kind.value, currency, amount_minor)
    record(event, shop_id=shop.pk, actor=by)
    return False


@action
def answer_limit_change(change_id: UUID, *, grants: bool, staff: Staff, by: str) -> None:
    """Say yes or no to a higher limit. Raises ``AlreadyAnswered`` and ``TwoPeopleNeeded``."""
    change = LimitChange.objects.select_for_update(no_key=True).get(
        pk=change_id, shop_id=staff.shop_id
    )
    if change.is_granted is not None:
        raise AlreadyAnswered
    if grants and change.asked_by_id == staff.pk:
        raise TwoPeopleNeeded
    change.is_granted, change.answered_by, change.answered_at = grants, staff, now()
    change.save(update_fields=["is_granted", "answered_by", "answered_at"])
    role, kind = Spender(change.role), LimitKind(change.kind)
    if grants:
        _set(change.shop_id, role, kind, change.currency, change.amount_minor, by=by)
        return
    event = LimitChangeDeclined(str(change.shop_id), role.value, kind.value, change.currency)
    record(event, shop_id=change.shop_id, actor=by)


@action
def set_tender_order(shop: Shop, methods: list[str], *, by: str) -> None:
    """Say in which order money goes back where an order was paid in several ways."""
    shop.tender_order = list(dict.fromkeys(methods))
    shop.save(update_fields=["tender_order"])
    event = TenderOrderChanged(str(shop.pk), ",".join(shop.tender_order))
    record(event, shop_id=shop.pk, actor=by)


def _start(settlement: Settlement, *, by: str) -> None:
    for refund in settlement.refunds.filter(state=RefundState.RESERVED).select_related("payment"):
        refund.next_check_at = now() + CHECK_AGAIN
        refund.save(update_fields=["next_check_at"])
        say(refund, RefundStarted, by=by)


def _take_back(settlement: Settlement, *, by: str) -> None:
    settlement.called_off_at = now()
    settlement.save(update_fields=["called_off_at"])
    for refund in settlement.refunds.filter(
        state__in=[RefundState.RESERVED, RefundState.REQUIRES_ACTION]
    ).select_related("payment", "settlement"):
        refund.settled_at, refund.next_check_at, refund.needs_person = now(), None, False
        refund.move_to(RefundState.CANCELLED, "settled_at", "next_check_at", "needs_person")
        release(refund.payment, refund.amount_minor)
        close_tasks(refund.shop_id, refund.pk, by=by)
        say(refund, RefundCalledOff, by=by)


def _limit(shop_id: UUID, role: Spender, kind: LimitKind, currency: str) -> MoneyLimit | None:
    return MoneyLimit.objects.filter(
        shop_id=shop_id, role=role, kind=kind, currency=currency
    ).first()


def _set(
    shop_id: UUID,
    role: Spender,
    kind: LimitKind,
    currency: str,
    amount_minor: int | None,
    *,
    by: str,
) -> None:
    if amount_minor is None:
        MoneyLimit.objects.filter(shop_id=shop_id, role=role, kind=kind, currency=currency).delete()
    else:
        MoneyLimit.objects.update_or_create(
            shop_id=shop_id,
            role=role,
            kind=kind,
            currency=currency,
            defaults={"amount_minor": amount_minor, "changed_at": now(), "changed_by": by},
        )
    event = LimitChanged(str(shop_id), role.value, kind.value, currency, amount_minor)
    record(event, shop_id=shop_id, actor=by)
