"""The legal clock: what runs by the hour."""

from uuid import UUID

from rebond.domain.duties.actions import review_return, warn_shop
from rebond.domain.duties.queries import due_by_law, without_duties
from rebond.domain.shops.models import Shop
from rebond.kernel.clock import now
from rebond.kernel.jobs import later, one_action


def settle_by_law() -> None:
    """By the clock: pay what the law wants paid by tomorrow, whatever the policy waits for."""
    moment = now()
    for shop in Shop.objects.all():
        for rma_id in due_by_law(shop, moment):
            later("rebond.domain.refunds.jobs.settle_now", rma_id, shop_id=shop.pk)


def warn() -> None:
    """By the clock: warn each shop of duties that come close or are over."""
    for shop_id in Shop.objects.values_list("pk", flat=True):
        later("rebond.domain.duties.jobs.warn_one", shop_id, shop_id=shop_id)


@one_action
def warn_one(shop_id: str) -> None:
    """Warn one shop."""
    warn_shop(UUID(shop_id))


def take_stock() -> None:
    """By the clock: look at open returns on which nobody looked, such as those of before."""
    for shop in Shop.objects.all():
        for rma_id in without_duties(shop):
            later("rebond.domain.duties.jobs.review", rma_id, shop_id=shop.pk)


@one_action
def review(return_id: str) -> None:
    """Bring the duties of one return in step."""
    review_return(UUID(return_id))
