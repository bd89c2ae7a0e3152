"""What a refund means for points: the rooms of both know nothing of each other."""

from uuid import UUID

from rebond.domain.loyalty.actions import return_points
from rebond.domain.refunds.events import SettlementDecided
from rebond.domain.refunds.models import Settlement
from rebond.kernel.jobs import one_action
from rebond.kernel.money import Money


@one_action
def settle_points(event: SettlementDecided) -> None:
    """Take back what the returned part earned, give back what was used on it."""
    settlement = Settlement.objects.only("id", "shop_id", "order_id").get(pk=event.settlement_id)
    returned = Money(event.gross_minor, event.currency)
    key = f"settlement:{UUID(event.settlement_id)}"
    return_points(settlement.order_id, returned, key=key, by="system")
