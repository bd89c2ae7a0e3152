"""Gives a return to somebody, inside an action."""

from __future__ import annotations

from uuid import UUID

from rebond.domain.returns.models import Return
from rebond.domain.returns.steps import PUT_AWAY
from rebond.domain.shops.models import Staff
from rebond.domain.work.errors import UnknownColleague
from rebond.domain.work.events import ReturnAssigned
from rebond.domain.work.models import Assignment
from rebond.kernel.clock import now
from rebond.kernel.events import record


def assign(rma: Return, staff_id: UUID | str | None, *, by: str) -> Assignment | None:
    """Give a locked return to ``staff_id``, or to nobody. Raises ``UnknownColleague``."""
    if not staff_id:
        Assignment.objects.filter(shop_id=rma.shop_id, rma=rma).delete()
        record(ReturnAssigned(str(rma.pk), rma.number, ""), shop_id=rma.shop_id, actor=by)
        return None
    colleague = (
        Staff.objects.select_related("user")
        .filter(shop_id=rma.shop_id, pk=staff_id, is_active=True)
        .first()
    )
    if colleague is None:
        raise UnknownColleague
    given, _ = Assignment.objects.update_or_create(
        shop_id=rma.shop_id,
        rma=rma,
        defaults={
            "staff": colleague,
            "by": by,
            "at": now(),
            "is_open": rma.request_state not in PUT_AWAY,
        },
    )
    event = ReturnAssigned(str(rma.pk), rma.number, colleague.user.name)
    record(event, shop_id=rma.shop_id, actor=by)
    return given
