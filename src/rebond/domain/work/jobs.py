"""Carries bulk runs on in the background, and follows what ends a return."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from rebond.domain.returns.events import (
    ReturnCancelled,
    ReturnClosed,
    ReturnDeclined,
    ReturnExpired,
    ReturnReopened,
)
from rebond.domain.work.actions import do_row, end_run, refuse_row, review_assignment
from rebond.domain.work.models import BulkRow, BulkRun, RowState
from rebond.kernel.clock import monotonic
from rebond.kernel.errors import RebondError
from rebond.kernel.jobs import RetryLater, one_action

TURN_SECONDS = 20.0


def go_on(run_id: str) -> None:
    """Do rows for one turn, then let others work; far shorter than a lease lasts.

    Each row is an action of its own: a worker that dies leaves no row half done.
    """
    ends = monotonic() + TURN_SECONDS
    while monotonic() < ends:
        run = BulkRun.objects.get(pk=run_id)
        if not run.is_running:
            return
        row = (
            BulkRow.objects.filter(shop_id=run.shop_id, run=run, state=RowState.WAITING)
            .order_by("position")
            .first()
        )
        if row is None:
            end_run(run.pk)
            return
        try:
            do_row(run.pk, row.pk)
        except RebondError as refusal:
            refuse_row(run.pk, row.pk, refusal)
    raise RetryLater(timedelta(0))


@one_action
def follow_return(
    event: ReturnCancelled | ReturnClosed | ReturnDeclined | ReturnExpired | ReturnReopened,
    cause: UUID,
) -> None:
    """Keep the lists of who works on what true."""
    review_assignment(UUID(event.return_id))
