"""What stands around an order: parcels back, letters, who did what, its customer before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from rebond.domain.orders.models import Order
from rebond.domain.returns.models import Return
from rebond.domain.shipping.models import Parcel
from rebond.domain.shoppers.models import Shopper
from rebond.domain.shops.access import Right
from rebond.kernel.models import Event
from rebond.kernel.paging import capped_count
from rebond.outbound.notifications.models import Message
from rebond.web.backoffice.queries.one_return import EVENTS_OF_MONEY, LETTERS_OF_MONEY
from rebond.web.backoffice.queries.sales import Sale

MOST_EVENTS = 100
MOST_LETTERS = 50
MOST_PARCELS = 50
MOST_OTHERS = 5
MOST_COUNTED = 100


@dataclass(frozen=True)
class Happened:
    """One entry of the story; ``rma`` is the return that it belongs to, None for the order."""

    event: Event
    rma: str | None


@dataclass(frozen=True)
class AroundSale:
    """Everything around one order. People's things are empty without the right to see them."""

    parcels: list[Parcel]
    letters: list[Message]
    story: list[Happened]
    others: list[Order]
    orders: int
    returns: int

    @property
    def more(self) -> bool:
        """Whether a count stopped at its limit."""
        return max(self.orders, self.returns) > MOST_COUNTED


def around(sale: Sale, rights: frozenset[Right]) -> AroundSale:
    """What somebody with ``rights`` sees around the order; a fixed number of queries."""
    order, people = sale.order, Right.SEE_PEOPLE in rights
    money = Right.SEE_MONEY in rights
    same = _same_person(order).values("id")
    theirs = Order.objects.filter(shop_id=order.shop_id, shopper_id__in=same)
    came = Return.objects.requests().filter(shop_id=order.shop_id, shopper_id__in=same)
    others = theirs.exclude(pk=order.pk).order_by("-ordered_at", "-id")
    return AroundSale(
        parcels=_parcels(order, sale.returns),
        letters=_letters(order, sale.returns, money=money) if people else [],
        story=_story(order, sale.returns, money=money),
        others=list(others[:MOST_OTHERS]) if people else [],
        orders=capped_count(theirs, MOST_COUNTED) if people else 0,
        returns=capped_count(came, MOST_COUNTED) if people else 0,
    )


def given_back(sale: Sale) -> dict[UUID, int]:
    """What was given back for each line, in minor units; what was called off does not count."""
    sums: Counter[UUID] = Counter()
    for settlement in sale.settlements:
        if settlement.called_off_at is None:
            for line in settlement.lines.all():
                sums[line.order_line_id] += line.gross_minor
    return dict(sums)


def _same_person(order: Order) -> QuerySet[Shopper]:
    """The rows of the customer's mailbox: a guest has one for each order.

    Who got a present is left out: nobody proved that address.
    """
    rows = Shopper.objects.filter(shop_id=order.shop_id)
    mailbox = order.shopper.email_key
    if not mailbox:
        return rows.filter(pk=order.shopper_id)
    return rows.filter(email_key=mailbox).exclude(key__startswith="gift:")


def _parcels(order: Order, returns: Sequence[Return]) -> list[Parcel]:
    rows = Parcel.objects.filter(shop_id=order.shop_id, rma_id__in=[one.pk for one in returns])
    return list(rows.select_related("rma").order_by("-announced_at", "-id")[:MOST_PARCELS])


def _letters(order: Order, returns: Sequence[Return], *, money: bool) -> list[Message]:
    rows = Message.objects.filter(shop_id=order.shop_id, rma_id__in=[one.pk for one in returns])
    hidden = () if money else LETTERS_OF_MONEY
    return list(rows.exclude(kind__in=hidden).order_by("-made_at", "-id")[:MOST_LETTERS])


def _story(order: Order, returns: Sequence[Return], *, money: bool) -> list[Happened]:
    numbers = {one.pk: one.number for one in returns}
    rows = Event.objects.filter(shop_id=order.shop_id, subject__in=[order.pk, *numbers])
    newest = list(rows.order_by("-at", "-id")[:MOST_EVENTS])[::-1]
    hidden = ("\0",) if money else EVENTS_OF_MONEY
    return [
        Happened(row, numbers.get(row.subject)) for row in newest if not row.name.startswith(hidden)
    ]
