"""Refunds that pay for other goods, in the books of this installation.

``destination`` is ``exchange:<id>``. Money that paid for goods does not come back this way: an
empty destination is refused, so that a person finds a way for it.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError
from django.urls import reverse

from rebond.domain.exchanges.actions import pay_for_exchange
from rebond.domain.exchanges.models import Exchange, ExchangePayment
from rebond.domain.exchanges.queries import payments_between, payments_of
from rebond.domain.refunds.errors import HookRefused
from rebond.domain.refunds.ports import (
    ANY_SHOP,
    Account,
    Answer,
    Hook,
    HookRequest,
    KnownRefund,
    Outcome,
    RefundOrder,
    payment_providers,
)
from rebond.domain.shops.models import Shop
from rebond.kernel.errors import RebondError
from rebond.kernel.money import Money

DESTINATION = re.compile(r"exchange:(?P<id>[0-9a-f-]{32,36})")


@payment_providers.add
class InExchange:
    """The goods that a shopper takes instead."""

    key = "exchange"
    title = "Exchange"
    is_idempotent = True
    is_manual = False
    can_be_asked = True
    lists_after = timedelta(0)
    tried_live = True
    key_lifetime = timedelta(days=36_500)

    def __init__(self, account: Account = ANY_SHOP) -> None:
        self.slug = account.shop

    def refund(self, order: RefundOrder) -> Answer:
        """Put the money into the goods, once for the refund's id."""
        try:
            shop = self._shop()
            if shop is None:
                return Answer(Outcome.WAITS_FOR_PERSON, code="unknown_shop")
            exchange = _exchange(shop, order.destination)
            if exchange is None:
                return Answer(Outcome.REFUSED, code="unknown_destination")
            paid = pay_for_exchange(
                shop.pk, exchange, order.refund_id, order.amount, order.payment_reference
            )
        except RebondError as refusal:
            return Answer(Outcome.REFUSED, code=refusal.code)
        except DatabaseError as fault:
            return Answer(Outcome.NO_ANSWER, detail=type(fault).__name__)
        return _said(paid)

    def refunds_of(self, payment_reference: str) -> list[KnownRefund] | None:
        """What went into goods of this payment's money."""
        try:
            shop = self._shop()
            return None if shop is None else _known(payments_of(shop, payment_reference))
        except DatabaseError:
            return None

    def refunds_between(self, since: datetime, until: datetime) -> list[KnownRefund] | None:
        """What went into goods in this time."""
        try:
            shop = self._shop()
            return None if shop is None else _known(payments_between(shop, since, until))
        except DatabaseError:
            return None

    def page_of(self, payment_reference: str) -> str:
        """The return whose exchange it is, at the desk: a new order's payment names it."""
        shop, key = self._shop(), _id(payment_reference)
        found = key and shop and Exchange.objects.filter(shop=shop, pk=key).select_related("rma")
        exchange = found.first() if found else None
        if exchange is None or shop is None:
            return ""
        place = {"slug": shop.slug, "number": exchange.rma.number}
        return settings.BASE_URL + reverse("backoffice:return", kwargs=place)

    def read_hook(self, request: HookRequest) -> list[Hook]:
        """The books are in this house and call nobody."""
        raise HookRefused(why="no such caller")

    def _shop(self) -> Shop | None:
        return Shop.objects.filter(slug=self.slug).first()


def _exchange(shop: Shop, destination: str) -> UUID | None:
    """The exchange that ``destination`` names, if it is one of ``shop``."""
    read = DESTINATION.fullmatch(destination)
    key = _id(read["id"]) if read else None
    if key is None or not Exchange.objects.filter(shop=shop, pk=key).exists():
        return None
    return key


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _known(payments: list[ExchangePayment]) -> list[KnownRefund]:
    return [
        KnownRefund(
            reference=str(paid.pk),
            refund_id=paid.refund_id,
            amount=Money(paid.amount_minor, paid.currency),
            answer=_said(paid),
            made_at=paid.at,
            payment_reference=paid.payment_reference,
        )
        for paid in payments
    ]


def _said(paid: ExchangePayment) -> Answer:
    return Answer(Outcome.SUCCEEDED, reference=str(paid.pk))
