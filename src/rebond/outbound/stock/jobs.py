"""Tells what is queued, with no transaction open, and looks for what is due by the clock."""

from __future__ import annotations

from uuid import UUID

from rebond.domain.shops.models import Shop
from rebond.kernel.actions import outside_transaction
from rebond.kernel.companies import Account
from rebond.kernel.lanes import in_lane
from rebond.outbound.stock.actions import begin_try, end_try
from rebond.outbound.stock.lines import heads_due, send_soon
from rebond.outbound.stock.ports import stock_systems

MOST_DUE = 200


@in_lane("stock")
def send(report_id: str) -> None:
    """Tell a movement once, when it is its turn."""
    wanted = begin_try(UUID(report_id))
    if wanted is None:
        return
    outside_transaction()
    hearing = stock_systems[wanted.system](Account(wanted.shop)).tell(wanted.change)
    end_try(wanted.report_id, wanted.number, wanted.system, hearing)


def send_due() -> None:
    """By the clock: take up what is due, also where a try was lost with its process."""
    for shop in Shop.objects.only("id"):
        for report in heads_due(shop.pk, MOST_DUE):
            send_soon(report)
