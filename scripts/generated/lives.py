"""The lives that are multiplied: each is played once, through the same actions as the screens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import UUID

from tests import world

from rebond.domain.orders.models import Order
from rebond.domain.refunds.actions import pay_by_hand, settle_return
from rebond.domain.refunds.models import Refund
from rebond.domain.refunds.ways import Channel, ChosenWay, Way, Yes
from rebond.domain.returns.actions import approve_return, cancel_return, decline_return
from rebond.domain.returns.models import Return
from rebond.domain.returns.states import DeclineReason, RequestState
from rebond.domain.shops.models import Shop
from rebond.domain.warehouse.actions import inspect_return
from rebond.domain.warehouse.grades import Grade
from rebond.kernel.clock import today

STAFF = "staff:Ana Lopes"


def a_shop(slug: str) -> Shop:
    """The shop in which they are played."""
    return world.small_shop(slug)


def open_books(shop: Shop) -> None:
    """One life that opens the house's own accounts, which all lives share."""
    _into_credit(world.order_of(shop, number="FIRST", email="first@client.example"))


def played(shop: Shop) -> Iterator[str]:
    """Play one life after the other; yields the number of its order when it is over."""
    for place, (life, _) in enumerate(LIVES):
        number = f"LIFE{place:03d}X"
        days = 20 if life is _kept_a_part else 5  # a share is kept of who may not withdraw any more
        email = f"{number.lower()}@client.example"
        life(world.order_of(shop, number=number, email=email, days_since_delivery=days))
        world.run_jobs()
        yield number


def weights() -> list[int]:
    """Of every hundred returns, how many are of each life."""
    return [times for _, times in LIVES]


def _refunded(order: Order) -> None:
    _paid(_decided(order, {"LAMP-01": 1, "MUG-07": 1}))


def _refunded_one(order: Order) -> None:
    _paid(_decided(order, {"MUG-07": 2}))


def _kept_a_part(order: Order) -> None:
    _paid(_decided(order, {"LAMP-01": 2}, grade=Grade.C, kept_percent=15))


def _into_credit(order: Order) -> None:
    rma = world.received_return(order, {"LAMP-01": 1})
    place = f"shopper:{order.shopper_id}?bonus=10"
    yes = Yes(Channel.LINK, order.shopper.name)
    way = ChosenWay(Way.STORE_CREDIT, place, bonus_percent=10, yes=yes)
    inspect_return(rma.pk, world.findings(rma), by=STAFF)
    settle_return(rma.pk, by=STAFF, way=way)
    world.run_jobs()


def _waits_for_money(order: Order) -> None:
    _decided(order, {"LAMP-01": 1})


def _received(order: Order) -> None:
    world.received_return(order, {"MUG-07": 1})


def _approved(order: Order) -> None:
    _approve(world.requested_return(order, {"LAMP-01": 1}))


def _asked(order: Order) -> None:
    world.requested_return(order, {"LAMP-01": 1}, reason="damaged")


def _declined(order: Order) -> None:
    rma = world.requested_return(order, {"LAMP-01": 1}, reason="damaged")
    decline_return(rma.pk, reason=DeclineReason.OTHER, note="Pas cet article.", by=STAFF)


def _cancelled(order: Order) -> None:
    cancel_return(world.requested_return(order, {"MUG-07": 1}).pk, by="shopper")


LIVES: list[tuple[Callable[[Order], None], int]] = [
    (_refunded, 30),
    (_refunded_one, 25),
    (_kept_a_part, 10),
    (_into_credit, 10),
    (_declined, 8),
    (_cancelled, 7),
    (_waits_for_money, 3),
    (_received, 3),
    (_approved, 2),
    (_asked, 2),
]


def _decided(
    order: Order, wanted: dict[str, int], *, grade: Grade = Grade.A, kept_percent: int = 0
) -> UUID:
    rma = world.received_return(order, wanted)
    inspect_return(rma.pk, world.findings(rma, grade, kept_percent=kept_percent), by=STAFF)
    world.run_jobs()
    return rma.pk


def _paid(rma_id: UUID) -> None:
    for refund in Refund.objects.filter(settlement__rma_id=rma_id):
        pay_by_hand(
            refund.pk, reference=f"VIR-{refund.pk}", paid_on=today("Europe/Paris"), by=STAFF
        )
    world.run_jobs()


def _approve(rma: Return) -> None:
    if rma.request_state == RequestState.REQUESTED:
        approve_return(rma.pk, by=STAFF)
