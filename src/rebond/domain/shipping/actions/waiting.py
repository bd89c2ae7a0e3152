"""Accepted returns whose goods nobody sends: reminded, and after a while put away."""

from datetime import date
from uuid import UUID

from rebond.domain.returns.models import Return
from rebond.domain.shipping.events import SendingReminded
from rebond.domain.shipping.models import SendingReminder
from rebond.domain.shipping.queries import waits_for_goods
from rebond.kernel.actions import action
from rebond.kernel.clock import now
from rebond.kernel.events import record


@action
def remind_to_send(rma_id: UUID, *, turn: int, ends_on: date | None, by: str) -> bool:
    """Remind the shopper of the parcel; once for each ``turn`` (1 the first, 2 the last).

    ``ends_on`` is the day on which the return is put away, None where it never is. False where
    the parcel is on its way meanwhile, or this reminder left before.
    """
    rma = Return.objects.locked(pk=rma_id)
    if not waits_for_goods(rma):
        return False
    _row, is_new = SendingReminder.objects.get_or_create(
        shop_id=rma.shop_id, rma=rma, turn=turn, defaults={"at": now()}
    )
    if is_new:
        day = ends_on.isoformat() if ends_on else ""
        event = SendingReminded(str(rma.pk), rma.number, turn, day)
        record(event, shop_id=rma.shop_id, actor=by)
    return is_new
