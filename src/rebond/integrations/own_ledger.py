"""What the plugs share that pay refunds into the ledger of this installation."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError
from django.urls import reverse

from rebond.domain.ledger.kinds import AccountKind
from rebond.domain.ledger.models import Transaction
from rebond.domain.ledger.queries import refunded_amount, refunds_booked, spend_behind
from rebond.domain.ledger.refunding import Owed
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
)
from rebond.domain.shoppers.models import Shopper
from rebond.domain.shops.models import Shop
from rebond.kernel.errors import RebondError

DESTINATION = re.compile(
    r"(?P<word>[a-z]+):(?P<shopper>[0-9a-f-]{32,36})"
    r"(\?bonus=(?P<bonus>[0-9]{1,3}))?([?&]plus=(?P<plus>[0-9]{1,15}))?"
)
MOST_PERCENT = 100


@dataclass(frozen=True)
class Wish:
    """What a destination asks for: value for this shopper, with a bonus of so many percent and
    ``bonus_minor`` beside it."""

    shopper: Shopper
    bonus_percent: int
    bonus_minor: int = 0


class OwnLedger(ABC):
    """Books that answer at once, know every refund, and call nobody.

    A plug says what kind of account it fills (``kind``), under which ``word`` a destination
    names a shopper, and how a refund is booked.
    """

    key: str
    title: str
    is_idempotent = True
    is_manual = False
    can_be_asked = True
    lists_after = timedelta(0)
    tried_live = True
    key_lifetime = timedelta(days=36_500)
    kind: ClassVar[AccountKind]
    word: ClassVar[str]

    def __init__(self, account: Account = ANY_SHOP) -> None:
        self.slug = account.shop

    @abstractmethod
    def book(self, owed: Owed, wish: Wish | None) -> Transaction:
        """Book a refund once; ``wish`` None: back to where it was taken from."""

    def refund(self, order: RefundOrder) -> Answer:
        """Book the refund, once for its id; a refusal of the ledger is the answer's code."""
        try:
            shop = self._shop()
            if shop is None:
                return Answer(Outcome.WAITS_FOR_PERSON, code="unknown_shop")
            wish = self._wish(shop, order.destination)
            if order.destination and wish is None:
                return Answer(Outcome.REFUSED, code="unknown_destination")
            return _paid(self.book(self._owed(shop, order), wish))
        except RebondError as refusal:
            return Answer(Outcome.REFUSED, code=refusal.code)
        except DatabaseError as fault:
            return Answer(Outcome.NO_ANSWER, detail=type(fault).__name__)

    def refunds_of(self, payment_reference: str) -> list[KnownRefund] | None:
        """What the ledger holds under this payment's reference."""
        return self._listed(reference=payment_reference)

    def refunds_between(self, since: datetime, until: datetime) -> list[KnownRefund] | None:
        """What the ledger booked in this time."""
        return self._listed(at__gte=since, at__lt=until)

    def page_of(self, payment_reference: str) -> str:
        """The statement of the account that paid, at the desk."""
        shop = self._shop()
        spend = shop and spend_behind(shop.pk, payment_reference, self.kind)
        if not shop or not spend:
            return ""
        place = {"slug": shop.slug, "account_id": spend.account_id}
        return settings.BASE_URL + reverse("backoffice:balance", kwargs=place)

    def read_hook(self, request: HookRequest) -> list[Hook]:
        """The ledger is in this house and calls nobody."""
        raise HookRefused(why="no such caller")

    def _listed(self, **which: object) -> list[KnownRefund] | None:
        try:
            shop = self._shop()
            if shop is None:
                return None
            return [_known(booked) for booked in refunds_booked(shop, self.kind).filter(**which)]
        except DatabaseError:
            return None

    def _owed(self, shop: Shop, order: RefundOrder) -> Owed:
        return Owed(
            shop_id=shop.pk,
            refund_id=order.refund_id,
            amount=order.amount,
            payment_reference=order.payment_reference,
            by="system",
        )

    def _wish(self, shop: Shop, destination: str) -> Wish | None:
        """What ``destination`` asks for; None when it is empty or cannot be read."""
        read = DESTINATION.fullmatch(destination)
        if read is None or read["word"] != self.word:
            return None
        percent, more = int(read["bonus"] or 0), int(read["plus"] or 0)
        try:
            shopper = Shopper.objects.filter(shop=shop, pk=UUID(read["shopper"])).first()
        except ValueError:
            return None
        return Wish(shopper, percent, more) if shopper and percent <= MOST_PERCENT else None

    def _shop(self) -> Shop | None:
        return Shop.objects.filter(slug=self.slug).first()


def _paid(booked: Transaction) -> Answer:
    return Answer(Outcome.SUCCEEDED, reference=str(booked.pk))


def _known(booked: Transaction) -> KnownRefund:
    return KnownRefund(
        reference=str(booked.pk),
        refund_id=UUID(booked.cause.partition(":")[2]),
        amount=refunded_amount(booked),
        answer=_paid(booked),
        made_at=booked.at,
        payment_reference=booked.reference,
    )
