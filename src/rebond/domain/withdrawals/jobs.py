"""Reactions to a statement of withdrawal."""

from uuid import UUID

from rebond.domain.withdrawals.actions import take_up_statement
from rebond.domain.withdrawals.events import WithdrawalSubmitted
from rebond.kernel.jobs import one_action


@one_action
def take_up(event: WithdrawalSubmitted) -> None:
    """Find the order, and open the return where the law leaves no doubt."""
    take_up_statement(UUID(event.statement_id))
