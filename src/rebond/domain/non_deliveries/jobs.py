"""Reactions of the room."""

from uuid import UUID

from rebond.domain.non_deliveries.actions import reopen_called_off
from rebond.domain.refunds.events import ApprovalAnswered
from rebond.kernel.jobs import one_action


@one_action
def reopen_missing(event: ApprovalAnswered) -> None:
    """A second person said no to a refund of missing goods: they are open again."""
    reopen_called_off(UUID(event.settlement_id))
