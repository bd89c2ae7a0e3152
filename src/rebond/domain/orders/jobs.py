"""What orders have done in the background."""

from uuid import UUID

from rebond.domain.orders.actions import enter_rows
from rebond.kernel.jobs import behind, one_action


@behind
@one_action
def enter_batch(batch_id: str) -> None:
    """Enter the next rows of a batch."""
    enter_rows(UUID(batch_id))
