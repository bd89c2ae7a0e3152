"""Gathers what a policy may look at."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils.module_loading import import_string

from rebond.domain.fair_use.queries import limits_on
from rebond.domain.orders.models import Order, OrderLine
from rebond.domain.orders.reading import deliveries_of, lines_of
from rebond.domain.policies.documents import fingerprint_of
from rebond.domain.policies.engine import Policy, asks_level
from rebond.domain.policies.facts import DONATE, Facts, LineFacts
from rebond.domain.returns.guarantee import guarantee_end, is_defect
from rebond.domain.returns.models import Reason, Return
from rebond.domain.returns.reading import asked_by, count_of_order
from rebond.domain.returns.wishes import Wish
from rebond.domain.shoppers.models import Shopper
from rebond.kernel.clock import local_date

LONGEST_MEMORY = timedelta(days=731)


def facts_of(
    order: Order,
    wanted: Sequence[tuple[Wish, OrderLine, Reason]],
    *,
    asked_at: datetime,
    policy: Policy | None = None,
    gift_to: Shopper | None = None,
    is_gift: bool = False,
    instead_of: Return | None = None,
) -> Facts:
    """The facts of a request for ``wanted`` pieces of ``order`` at ``asked_at``.

    With several deliveries the last one counts, as the law has it. How closely the request should
    be looked at is worked out only where ``policy`` asks for it. With ``is_gift`` nothing is looked
    up about the buyer; ``gift_to`` is who got the present, where they are known. The return
    ``instead_of``, whose wishes these are to replace, does not count.
    """
    zone = order.shop.time_zone
    deliveries = deliveries_of(order)
    delivered = [d.delivered_on for d in deliveries if d.delivered_on]
    dispatched = [d.dispatched_on for d in deliveries if d.dispatched_on]
    left = sum(line.delivered_quantity - line.returned_quantity for line in lines_of(order))
    if instead_of is not None:
        left += sum(line.quantity for line in instead_of.lines.all())
    shopper = gift_to if is_gift else order.shopper
    marks = _marks(shopper) if shopper is not None else ()
    asked_on = local_date(asked_at, zone)
    is_business = shopper is not None and shopper.is_business
    has_guarantee = not is_gift and not is_business
    return Facts(
        asked_on=asked_on,
        ordered_on=local_date(order.ordered_at, zone),
        dispatched_on=max(dispatched, default=None),
        delivered_on=max(delivered) if len(delivered) == len(deliveries) and delivered else None,
        country=order.country or order.shop.country,
        lines=tuple(
            _line(wish, bought, reason, _guarantee(order, bought, wish, reason, asked_on))
            if has_guarantee
            else _line(wish, bought, reason)
            for wish, bought, reason in wanted
        ),
        is_whole_order=left == sum(wish.quantity for wish, _, _ in wanted),
        order_number=order.number,
        channel=order.channel,
        is_business=is_business,
        shopper_tags=shopper.groups if shopper is not None else (),
        shopper_marks=marks,
        earlier_returns_on=_days(order, shopper, asked_at, but=instead_of)
        if shopper is not None
        else (),
        order_returns=count_of_order(order.shop_id, order.pk, but=instead_of),
        level=_level(order, asked_at)
        if policy is not None and asks_level(policy) and not is_gift
        else "none",
        limits=limits_on(shopper, marks[1] if len(marks) > 1 else "", asked_at)
        if shopper is not None
        else (),
        is_gift=is_gift,
        is_foreign_currency=order.currency != order.shop.currency,
    )


def draft_facts_of(order: Order, line: OrderLine, *, asked_at: datetime) -> tuple[Facts, LineFacts]:
    """What is known of ``line`` before a reason is chosen, for the questions to ask about it."""
    known = LineFacts(
        key=str(line.pk),
        sku=line.sku,
        category=line.product.category if line.product else "",
        quantity=1,
        value_minor=line.total_minor // max(1, line.quantity),
        is_returnable=line.is_returnable,
        is_final_sale=line.is_final_sale,
        reason="",
        is_our_fault=False,
        photos=0,
        reason_needs_photo=False,
        tags=tuple(line.product.tags) if line.product else (),
    )
    return facts_of(order, (), asked_at=asked_at), known


def _level(order: Order, asked_at: datetime) -> str:
    """How closely to look, by what a room above this one knows; the settings name its function."""
    return str(import_string(settings.LEVEL_BEFORE_REQUEST)(order, asked_at))


def _marks(shopper: Shopper) -> tuple[str, ...]:
    mail = (fingerprint_of(shopper.email_key),) if shopper.email_key else ()
    return (shopper.key, *mail)


def _days(
    order: Order, shopper: Shopper, asked_at: datetime, *, but: Return | None
) -> tuple[date, ...]:
    """The days of the shopper's other returns, oldest first, as far back as a limit may look."""
    since, zone = asked_at - LONGEST_MEMORY, order.shop.time_zone
    moments = asked_by(order.shop_id, shopper.pk, since, asked_at, but=but)
    return tuple(local_date(moment, zone) for moment in reversed(moments))


def _guarantee(order: Order, bought: OrderLine, wish: Wish, reason: Reason, asked_on: date) -> str:
    """The last day of the legal guarantee of faulty articles, as ISO text; else empty."""
    if not is_defect(reason):
        return ""
    end = guarantee_end(bought, order, asked_on=asked_on, pieces=wish.quantity)
    return end.isoformat() if end is not None else ""


def _line(wish: Wish, bought: OrderLine, reason: Reason, guaranteed_until: str = "") -> LineFacts:
    return LineFacts(
        key=str(bought.pk),
        sku=bought.sku,
        category=bought.product.category if bought.product else "",
        quantity=wish.quantity,
        value_minor=bought.total_minor * wish.quantity // max(1, bought.quantity),
        is_returnable=bought.is_returnable,
        is_final_sale=bought.is_final_sale,
        reason=reason.code,
        is_our_fault=reason.is_our_fault,
        photos=len(wish.photos),
        reason_needs_photo=reason.needs_photo,
        tags=tuple(bought.product.tags) if bought.product else (),
        outcome="refund" if wish.outcome == DONATE else wish.outcome,
        answers=dict(wish.answers),
        is_defect=is_defect(reason),
        guaranteed_until=guaranteed_until,
        is_in_transit=reason.is_in_transit,
    )
