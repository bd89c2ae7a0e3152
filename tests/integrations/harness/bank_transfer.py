"""Bank transfers on the bench: our own list and files, and a bank that says what came of them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from uuid import uuid4

import time_machine
from tests.integrations.fakes.own_ledger import EXCUSED
from tests.integrations.harness import Bench, Booked, Money, Outcome, RefundOrder
from tests.world import small_shop, staff_of

from rebond.domain.bank_transfers import actions
from rebond.domain.bank_transfers.models import Transfer, TransferState
from rebond.domain.shoppers.models import Shopper
from rebond.domain.shops.models import Shop

IBAN = "FR76 3000 6000 0112 3456 7890 189"
GUARDED = "a bank pays what it is told: the counter on the payment and its constraint guard that"
SHOWN_BY = {"pending_becomes_paid_in_the_list", "paid_becomes_failed_in_the_list"}


class Harness(Bench):
    """A shop with an account, a shopper with one, and two people who release files."""

    key = "bank_transfer"
    needs_database = True
    at_once = Outcome.PENDING
    excused = {promise: why for promise, why in EXCUSED.items() if promise not in SHOWN_BY} | {
        "more_than_was_paid_is_refused": GUARDED,
        "an_unknown_payment_is_refused": GUARDED,
    }

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.comes_back = False

    def start(self) -> None:
        self.slug = "maison-belle" if self.folder.name == "other" else "galerie"
        self.shop = small_shop(self.slug)
        self.shopper = Shopper.objects.create(shop=self.shop, key="camille")
        self.first = staff_of(self.shop, name="Ana Lopes")
        self.second = staff_of(self.shop, name="Bo Marin")
        actions.set_own_account(self.shop, holder="Galerie SARL", iban=IBAN, by="staff:Ana")
        self.account = actions.keep_account(
            self.shopper, holder="Camille Œuvrard", iban=IBAN, by="shopper"
        )

    def plug(self, shop: str = ""):
        return super().plug(shop or self.slug)

    def order(self, payment: str, amount: Money, *, key: str = "") -> RefundOrder:
        refund_id = uuid4()
        where = f"account:{self.account.pk}"
        return RefundOrder(refund_id, payment, amount, key or f"{refund_id}:0", where)

    def away(self) -> dict[str, str]:
        Shop.objects.filter(pk=self.shop.pk).update(slug="gone")
        return {}

    def opens(self, captured: Money) -> str:
        return f"order-{uuid4().hex[:8]}"

    def nobodys(self) -> str:
        return "order-never-paid"

    def plan(self, mode: str, *, count: int = 1, **detail: float | str) -> None:
        self.comes_back = mode == "succeeded_then_failed"

    def advance(self) -> None:
        made = actions.make_file(self.shop, staff=self.first, by="staff:Ana")
        actions.release_file(made.pk, staff=self.second, by="staff:Bo")
        for transfer in made.transfers.filter(state=TransferState.AT_BANK):
            actions.end_transfer(transfer.pk, is_paid=True, by="staff:Ana")
            if self.comes_back:
                actions.end_transfer(transfer.pk, is_paid=False, code="AC04", by="staff:Ana")

    def fill(self, payment: str, count: int, *, at: datetime) -> None:
        with time_machine.travel(at, tick=False):
            for _ in range(count):
                self.plug().refund(self.order(payment, Money(1, "EUR")))

    def booked(self) -> list[Booked]:
        return [
            Booked(
                row.end_to_end_id,
                str(row.refund_id),
                Money(row.amount_minor, row.currency),
                row.payment_reference,
            )
            for row in Transfer.objects.filter(shop=self.shop).order_by("id")
        ]
