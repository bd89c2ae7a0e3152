"""Reactions: look at a return again, and make the marks by which accounts are compared."""

from datetime import timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from rebond.domain.bank_transfers.models import BankAccount
from rebond.domain.orders.models import Order
from rebond.domain.returns.models import Return
from rebond.domain.returns.states import RequestState
from rebond.domain.shipping.models import Parcel
from rebond.domain.shoppers.models import Shopper
from rebond.domain.shops.models import Shop
from rebond.domain.signals.actions import assess_return, note_marks
from rebond.domain.signals.kinds import MarkKind
from rebond.domain.signals.models import Mark
from rebond.kernel.clock import now
from rebond.kernel.events import Event
from rebond.kernel.jobs import behind, later, one_action

AT_ONCE = 500
WAITS = timedelta(days=5)


@behind
@one_action
def look_at_return(event: Event) -> None:
    """Look at the return with what the event added."""
    assess_return(UUID(str(getattr(event, event.about))), occasion=event.name)


def look_at_order(event: Event) -> None:
    """Look again at the returns of an order whose payment is disputed."""
    order = Order.objects.only("id", "shop_id").get(pk=getattr(event, event.about))
    returns = Return.objects.filter(shop_id=order.shop_id, order=order)
    for rma_id in returns.values_list("pk", flat=True):
        later("rebond.domain.signals.jobs.look", rma_id, event.name, shop_id=order.shop_id)


@behind
@one_action
def look(rma_id: str, occasion: str) -> None:
    """Look at one return again."""
    assess_return(UUID(rma_id), occasion=occasion)


def look_at_waiting() -> None:
    """By the clock: returns delivered days ago of which the warehouse has booked nothing."""
    moment = now()
    for shop_id in Shop.objects.values_list("pk", flat=True):
        waiting = Parcel.objects.filter(
            shop_id=shop_id,
            received_at=None,
            delivered_at__lte=moment - WAITS,
            rma__request_state=RequestState.APPROVED,
        ).values_list("rma_id", flat=True)
        for rma_id in set(waiting[:AT_ONCE]):
            later("rebond.domain.signals.jobs.look", rma_id, "clock", shop_id=shop_id)


def mark_accounts() -> None:
    """By the clock: make the marks of accounts, and of bank accounts, that have none yet."""
    for shop_id in Shop.objects.values_list("pk", flat=True):
        later("rebond.domain.signals.jobs.mark_some", shop_id, shop_id=shop_id)


@behind
@one_action
def mark_some(shop_id: str) -> None:
    """Make the marks of some hundred accounts of one shop."""
    shop = UUID(shop_id)
    read = Mark.objects.filter(shop_id=shop, shopper=OuterRef("pk"), kind=MarkKind.READ)
    noted = Mark.objects.filter(shop_id=shop, source=OuterRef("pk"))
    fresh = BankAccount.objects.filter(~Exists(noted), shop_id=shop).values("shopper_id")
    rows = Shopper.objects.filter(~Q(Exists(read)) | Q(pk__in=fresh), shop_id=shop)
    note_marks(list(rows.order_by("-pk").values_list("pk", flat=True)[:AT_ONCE]))
