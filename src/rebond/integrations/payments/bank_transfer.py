"""Refunds by SEPA bank transfer: gathered into a file for the bank, released by two people.

``destination`` is ``account:<id>``, an account that the shopper gave. Nothing is sent from here:
the transfer waits for the next file, and its end is what the bank says of it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import models

from rebond.domain.bank_transfers.actions import ask_transfer
from rebond.domain.bank_transfers.errors import OnlyEuros
from rebond.domain.bank_transfers.models import BankAccount, Transfer, TransferState
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
from rebond.kernel.money import Money

OUTCOMES = {
    TransferState.WAITING: Outcome.PENDING,
    TransferState.IN_FILE: Outcome.PENDING,
    TransferState.AT_BANK: Outcome.PENDING,
    TransferState.PAID: Outcome.SUCCEEDED,
    TransferState.RETURNED: Outcome.REFUSED,
}


@payment_providers.add
class BankTransfer:
    """The shop's own bank, through a file."""

    key = "bank_transfer"
    title = "Bank transfer"
    is_idempotent = True
    is_manual = False
    can_be_asked = True
    lists_after = timedelta(0)
    tried_live = False
    key_lifetime = timedelta(days=3650)

    def __init__(self, account: Account = ANY_SHOP) -> None:
        self._account = account

    def refund(self, order: RefundOrder) -> Answer:
        """Let the amount wait for the next file; the same refund twice is one transfer."""
        kind, _, account_id = order.destination.partition(":")
        shop = Shop.objects.filter(slug=self._account.shop).first()
        if shop is None:
            return Answer(Outcome.NO_ANSWER, code="no_shop")
        if kind != "account":
            return Answer(Outcome.REFUSED, code="no_account")
        try:
            transfer = ask_transfer(
                shop.pk,
                refund_id=order.refund_id,
                payment_reference=order.payment_reference,
                account_id=UUID(account_id),
                amount=order.amount,
            )
        except OnlyEuros as refused:
            return Answer(Outcome.REFUSED, code=refused.code)
        except (ValueError, BankAccount.DoesNotExist):
            return Answer(Outcome.REFUSED, code="no_account")
        return _answer(transfer)

    def refunds_of(self, payment_reference: str) -> list[KnownRefund] | None:
        """All transfers for refunds of this payment."""
        rows = self._rows()
        if rows is None:
            return None
        return [_known(row) for row in rows.filter(payment_reference=payment_reference)]

    def refunds_between(self, since: datetime, until: datetime) -> list[KnownRefund] | None:
        """Every transfer asked for in the period."""
        rows = self._rows()
        if rows is None:
            return None
        return [_known(row) for row in rows.filter(asked_at__gte=since, asked_at__lt=until)]

    def page_of(self, payment_reference: str) -> str:
        """There is no page at a bank."""
        return ""

    def read_hook(self, request: HookRequest) -> list[Hook]:
        """No bank calls us."""
        raise HookRefused(why="no such caller")

    def _rows(self) -> models.QuerySet[Transfer] | None:
        shop = Shop.objects.filter(slug=self._account.shop).first()
        if shop is None:
            return None
        return Transfer.objects.filter(shop=shop).order_by("asked_at", "id")


def _answer(transfer: Transfer) -> Answer:
    return Answer(
        OUTCOMES[TransferState(transfer.state)],
        reference=transfer.end_to_end_id,
        bank_reference=transfer.bank_reference,
        code=transfer.code,
    )


def _known(transfer: Transfer) -> KnownRefund:
    return KnownRefund(
        reference=transfer.end_to_end_id,
        refund_id=transfer.refund_id,
        amount=Money(transfer.amount_minor, transfer.currency),
        answer=_answer(transfer),
        made_at=transfer.asked_at,
        payment_reference=transfer.payment_reference,
    )
