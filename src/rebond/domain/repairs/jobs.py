"""What follows by itself: the repair goes along with its return, its piece and its end."""

from uuid import UUID

from rebond.domain.refunds.jobs import settle_now
from rebond.domain.repairs.actions import note_inspected, note_over, note_worked, open_repair
from rebond.domain.repairs.events import RepairTurned
from rebond.domain.repairs.states import Instead
from rebond.domain.returns.events import ReturnApproved, ReturnCancelled, ReturnExpired
from rebond.domain.returns.models import Return
from rebond.domain.returns.steps import LOOKED_AT
from rebond.domain.warehouse.events import ReturnInspected, WorkFinished
from rebond.kernel.jobs import one_action


@one_action
def open_on_approval(event: ReturnApproved) -> None:
    """Wait for the piece of an accepted claim."""
    open_repair(UUID(event.return_id))


@one_action
def start_on_inspection(event: ReturnInspected) -> None:
    """Put the piece on the bench."""
    note_inspected(UUID(event.return_id))


@one_action
def follow_work(event: WorkFinished) -> None:
    """The work order of a shopper's piece has ended."""
    note_worked(UUID(event.unit_id))


@one_action
def end_with_return(event: ReturnCancelled | ReturnExpired) -> None:
    """The return is off: nobody waits for the piece any more."""
    note_over(UUID(event.return_id))


@one_action
def refund_turned(event: RepairTurned) -> None:
    """Give the money back where that came instead and the piece was looked at already."""
    rma = Return.objects.only("id", "inspection_state").get(pk=event.return_id)
    if event.into == Instead.REFUND and rma.inspection_state in LOOKED_AT:
        settle_now(event.return_id)
