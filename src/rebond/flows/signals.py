"""Which mail counts as the notice of a restriction: nothing holds before it has left."""

from rebond.domain.fair_use.actions import note_told
from rebond.domain.fair_use.events import RestrictionMade
from rebond.kernel.jobs import one_action
from rebond.kernel.models import Event as EventRow
from rebond.outbound.notifications.actions import RESTRICTED
from rebond.outbound.notifications.events import MessageSent
from rebond.outbound.notifications.models import Message


@one_action
def note_notice(event: MessageSent) -> None:
    """The notice of a restriction has left."""
    if event.kind != RESTRICTED:
        return
    message = Message.objects.only("shop_id", "cause").get(pk=event.message_id)
    row = EventRow.objects.get(shop_id=message.shop_id, pk=message.cause)
    if row.name == RestrictionMade.name:
        note_told(row.subject)
