"""Letters that were written to people."""

from django.db.models import Q

from rebond.domain.shoppers.holdings import DataKind, Holding, of_mailbox, of_shopper
from rebond.outbound.notifications.actions import DATA_ANSWERED
from rebond.outbound.notifications.models import MessageState

TOLD = Q(kind=DATA_ANSWERED, state=MessageState.SENT)
"""The answer to who asked about their data goes with the next night."""
NOBODY = "erased@invalid"
CONTENT = ("subject", "text", "html", "attachments", "problem")


def _over(moment: object) -> Q:
    ended = Q(rma__closed_at__lt=moment) | Q(rma=None, made_at__lt=moment)
    return ended & ~Q(state=MessageState.QUEUED)


HOLDINGS = [
    Holding(
        "notifications.Message",
        DataKind.MESSAGES,
        of_shopper("shopper"),
        (*CONTENT, "to_address"),
        aged=lambda moment: _over(moment) & Q(shopper__isnull=False),
        told=("kind", "made_at", "sent_at"),
    ),
    Holding(
        "notifications.Message",
        DataKind.MESSAGES,
        of_mailbox("to_address__iexact"),
        (*CONTENT, "to_address"),
        aged=lambda moment: (_over(moment) | TOLD) & Q(shopper__isnull=True),
        told=("kind", "made_at", "sent_at"),
        emptied={"to_address": NOBODY},
    ),
]
