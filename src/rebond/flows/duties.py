"""Which events move the legal clock: it hears of every room, and they know nothing of it."""

from uuid import UUID

from rebond.domain.duties.actions import (
    review_appeal,
    review_data_request,
    review_non_deliveries,
    review_return,
    review_statement,
)
from rebond.domain.fair_use.events import AppealAnswered, AppealMade
from rebond.domain.orders.models import Order
from rebond.domain.privacy.events import DataRequestEnded, DataRequestMade
from rebond.domain.returns.models import Return
from rebond.kernel.events import Event
from rebond.kernel.jobs import one_action
from rebond.kernel.models import Event as EventRow
from rebond.outbound.notifications.actions import ACKNOWLEDGEMENT
from rebond.outbound.notifications.events import MessageSent
from rebond.outbound.notifications.models import Message


@one_action
def review_duties(event: Event) -> None:
    """Bring the duties of the return in step, or of what is missing from an order."""
    subject = UUID(str(getattr(event, event.about)))
    if Return.objects.filter(pk=subject).exists():
        review_return(subject)
    elif Order.objects.filter(pk=subject).exists():
        review_non_deliveries(subject)


@one_action
def review_withdrawal(event: Event) -> None:
    """Bring the duties of the statement in step."""
    review_statement(UUID(str(getattr(event, event.about))))


@one_action
def review_appeal_duty(event: AppealMade | AppealAnswered) -> None:
    """Bring the duty to answer an appeal in step."""
    review_appeal(UUID(event.appeal_id))


@one_action
def review_data_duty(event: DataRequestMade | DataRequestEnded) -> None:
    """Bring the duty to answer a request about personal data in step."""
    review_data_request(UUID(event.request_id))


@one_action
def note_acknowledged(event: MessageSent) -> None:
    """The acknowledgement of a withdrawal has left."""
    if event.kind != ACKNOWLEDGEMENT:
        return
    message = Message.objects.only("shop_id", "cause").get(pk=event.message_id)
    row = EventRow.objects.get(shop_id=message.shop_id, pk=message.cause)
    review_statement(row.subject, is_told=True)
