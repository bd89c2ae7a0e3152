"""Returns of several orders, asked for at once: all of them, or none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from rebond.domain.orders.models import Order
from rebond.domain.orders.reading import lock_order
from rebond.domain.policies.queries import policy_for
from rebond.domain.returns.actions import request_return
from rebond.domain.returns.models import Return
from rebond.domain.returns.wishes import Wish
from rebond.domain.shipping.actions.methods import choose_method
from rebond.domain.shipping.errors import BasketRefused
from rebond.domain.shipping.methods import bearers, only_counter, ways_of
from rebond.domain.shipping.sharing import MOST_IN_A_BOX
from rebond.kernel.actions import together
from rebond.kernel.errors import RebondError
from rebond.kernel.ids import uuid7


@dataclass(frozen=True)
class OfOrder:
    """What is asked for of one order."""

    order: Order
    wishes: Sequence[Wish]
    comment: str = ""


def request_basket(
    asked: Sequence[OfOrder], *, method: str, asked_at: datetime, language: str, by: str
) -> list[Return]:
    """Open a return for each order, in one transaction; they go into one box where they can.

    Each is decided by the policy of its own order and keeps its own refund and document.
    ``method`` is how all of them travel back, empty where that is chosen later; a return that has
    no such way is left without one. Its fee is charged once, the lowest. There are at most
    ``MOST_IN_A_BOX`` orders, all of one mailbox. Raises ``BasketRefused`` with the order that
    stands in the way; its cause is what ``request_return`` or ``choose_method`` raised, its fact
    ``why`` the code of it.
    """
    with transaction.atomic(durable=True), together():
        return file_basket(asked, method=method, asked_at=asked_at, language=language, by=by)


def file_basket(
    asked: Sequence[OfOrder],
    *,
    method: str,
    asked_at: datetime,
    language: str,
    by: str,
    origin: str = "shopper",
) -> list[Return]:
    """``request_basket`` for a caller who holds its actions together."""
    if not 1 <= len(asked) <= MOST_IN_A_BOX or len({one.order.pk for one in asked}) < len(asked):
        raise BasketRefused(order="", limit=MOST_IN_A_BOX, why="orders")
    mailboxes = {one.order.shopper.email_key for one in asked}
    if len(asked) > 1 and (len(mailboxes) > 1 or "" in mailboxes):
        raise BasketRefused(order="", limit=MOST_IN_A_BOX, why="person")  # one letter tells of all
    basket = uuid7()
    made = []
    for order_id in sorted(one.order.pk for one in asked):
        lock_order(order_id)
    for one in asked:
        with _naming(one.order):
            rma = request_return(
                one.order,
                one.wishes,
                policy=policy_for(one.order, asked_at),
                asked_at=asked_at,
                language=language,
                by=by,
                origin=origin,
                comment=one.comment,
                basket=basket,
            )
        made.append(rma)
    _choose(made, method, by=by)
    return made


def _choose(made: Sequence[Return], method: str, *, by: str) -> None:
    """Take ``method`` where a return has it; the fee is charged once."""
    fees = []
    for rma in made:
        offered = {way.method: way.fee_minor for way in ways_of(rma)}
        fees.append((rma.order.currency if rma.order else "", offered.get(method)))
    bearing = bearers(fees)
    for place, (rma, (_currency, fee)) in enumerate(zip(made, fees, strict=True)):
        if fee is not None:
            point = only_counter(rma.shop_id) if method == "counter" else None
            is_free = place not in bearing
            with _naming(rma.order):
                choose_method(rma.pk, method=method, point_id=point, is_free=is_free, by=by)


@contextmanager
def _naming(order: Order | None) -> Iterator[None]:
    """Say of which order a refusal is."""
    try:
        yield
    except RebondError as problem:
        number = order.number if order is not None else ""
        raise BasketRefused(order=number, limit=MOST_IN_A_BOX, why=problem.code) from problem
