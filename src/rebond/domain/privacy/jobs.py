"""What is done by the clock: nothing is kept longer than was said."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from rebond.domain.privacy.actions import hand_out_copy, remove_some
from rebond.domain.privacy.events import DataRequestMade
from rebond.domain.shoppers.models import RequestKind
from rebond.domain.shops.models import Shop
from rebond.kernel.clock import monotonic
from rebond.kernel.jobs import RetryLater, behind, later, one_action

TURN_SECONDS = 10.0
END_KEEPING = "rebond.domain.privacy.jobs.end_keeping"


def end_keeping_everywhere() -> None:
    """By the clock, once a day: have each shop's old data removed."""
    for shop_id in Shop.objects.values_list("pk", flat=True):
        later(END_KEEPING, shop_id, shop_id=shop_id, priority=-1)


@behind
def end_keeping(shop_id: str) -> None:
    """Remove what was kept long enough for some seconds, then let others work."""
    ends = monotonic() + TURN_SECONDS
    while not remove_some(UUID(shop_id)):
        if monotonic() >= ends:
            raise RetryLater(timedelta(0))


@one_action
def copy_when_proven(event: DataRequestMade) -> None:
    """Hand out the copy at once to who proved to read the mailbox."""
    if event.is_proven and event.kind == RequestKind.COPY:
        hand_out_copy(UUID(event.request_id), by="system")
