"""What happens to kept value by the clock."""

from rebond.domain.ledger.actions import expire_hold, expire_lot
from rebond.domain.ledger.due import due_holds, due_lots
from rebond.kernel.clock import now


def expire_due() -> None:
    """Free every hold and book off every lot whose time is over, each in its own transaction."""
    moment = now()
    for hold_id in due_holds(moment):
        expire_hold(hold_id, moment=moment)
    for lot_id in due_lots(moment):
        expire_lot(lot_id, moment=moment)
