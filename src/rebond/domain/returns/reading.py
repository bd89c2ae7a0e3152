"""What hangs from one return, read with questions that are asked all the time."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from rebond.domain.returns.models import Reason, Return, ReturnLine
from rebond.kernel.prepared import Prepared, lay_beside

MOST_COUNTED = 1000
NO_RETURN = UUID(int=0)

_reasons = Prepared(lambda shop: Reason.objects.filter(shop_id=shop), UUID)
_lines = Prepared(
    lambda shop, rma: (
        ReturnLine.objects.filter(shop_id=shop, rma_id=rma)
        .select_related("reason")
        .order_by("position")
    ),
    UUID,
    UUID,
)
_of_shopper = Prepared(
    lambda shop, shopper, since, until, but: (
        Return.objects.standing()
        .filter(shop_id=shop, shopper_id=shopper, split_from=None)
        .filter(requested_at__gte=since, requested_at__lt=until)
        .exclude(origin="import")
        .exclude(pk=but)
        .only("requested_at")
        .order_by("-requested_at")[:MOST_COUNTED]
    ),
    UUID,
    UUID,
    datetime,
    datetime,
    UUID,
)
_of_order = Prepared(
    lambda shop, order, but: (
        Return.objects.standing()
        .filter(shop_id=shop, order_id=order, split_from=None)
        .exclude(origin="import")
        .exclude(pk=but)
        .only("id")
    ),
    UUID,
    UUID,
    UUID,
)


def reasons_of(shop_id: UUID) -> list[Reason]:
    """All reasons of a shop."""
    return _reasons.all(shop_id)


def read_lines_of(rma: Return) -> list[ReturnLine]:
    """Read the lines of ``rma`` beside it."""
    lines = _lines.all(rma.shop_id, rma.pk)
    lay_beside(rma, "lines", lines)
    return lines


def asked_by(
    shop_id: UUID, shopper_id: UUID, since: datetime, until: datetime, *, but: Return | None
) -> list[datetime]:
    """When the shopper asked for the returns that stand, newest first, at most ``MOST_COUNTED``."""
    found = _of_shopper.all(shop_id, shopper_id, since, until, but.pk if but else NO_RETURN)
    return [one.requested_at for one in found]


def count_of_order(shop_id: UUID, order_id: UUID, *, but: Return | None) -> int:
    """How many returns of the order stand, as they were asked for."""
    return len(_of_order.all(shop_id, order_id, but.pk if but else NO_RETURN))
