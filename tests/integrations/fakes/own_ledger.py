"""The ledger of this installation on the bench: no fake, the books themselves."""

from datetime import datetime
from uuid import uuid4

import time_machine
from tests.integrations.harness import Bench, Booked, Money

from rebond.domain.ledger.models import Transaction
from rebond.domain.shoppers.models import Shopper
from rebond.domain.shops.actions import open_shop
from rebond.domain.shops.models import Shop

IN_ONE_STEP = "books and answer are one transaction: nothing is between them to be lost"
NO_CALLER = "the ledger is in this house and calls nobody: its door refuses everything"
AT_ONCE = "what is booked is paid; nothing is pending and nothing fails later"
NO_WIRE = "no call goes out, so there is no reply to be faulty"
EXCUSED = {
    "a_lost_answer_is_found_by_our_reference": IN_ONE_STEP,
    "an_error_after_paying_is_repeated_and_found": IN_ONE_STEP,
    "an_error_before_paying_is_repeated_until_a_new_key": IN_ONE_STEP,
    "too_many_requests_is_no_answer": NO_WIRE,
    "a_reply_that_never_ends_is_cut_off": NO_WIRE,
    "a_redirect_is_not_followed": NO_WIRE,
    "amounts_keep_their_currency": "asks for messages; test_own_ledger.py shows it by the list",
    "an_amount_that_cannot_be_paid_exactly_is_not_sent": "it takes any whole minor amount",
    "without_a_key_nothing_is_sent": "the ledger asks for no key",
    "a_refusal_of_the_key_waits_for_a_person": "the ledger asks for no key",
    "pending_becomes_paid_in_the_list": AT_ONCE,
    "pending_becomes_paid_by_message": AT_ONCE,
    "paid_becomes_failed_in_the_list": AT_ONCE,
    "paid_becomes_failed_by_message": AT_ONCE,
    "a_list_that_fails_is_not_an_empty_list": NO_WIRE,
    "a_genuine_message_is_read": NO_CALLER,
    "an_altered_message_is_refused": NO_CALLER,
    "a_message_signed_with_another_secret_is_refused": NO_CALLER,
    "a_stale_message_is_refused": NO_CALLER,
    "a_message_written_anew_is_refused": NO_CALLER,
    "a_forged_second_signature_opens_nothing": NO_CALLER,
    "a_message_told_again_keeps_its_name": NO_CALLER,
    "a_message_about_somebody_elses_refund_is_read": NO_CALLER,
    "a_dispute_is_read": NO_CALLER,
    "messages_about_nothing_of_ours_are_harmless": NO_CALLER,
}


class LedgerBench(Bench):
    """A shop with a shopper; a payment is value that was there and was used."""

    needs_database = True

    def start(self) -> None:
        self.slug = "maison-belle" if self.folder.name == "other" else "galerie"
        self.shop: Shop = open_shop(self.slug, "Galerie", email="a@galerie.example", by="test")
        self.shopper = Shopper.objects.create(shop=self.shop, key="camille")

    def plug(self, shop: str = ""):
        return super().plug(shop or self.slug)

    def away(self) -> dict[str, str]:
        """Take the shop away: there is no key and no address to point elsewhere."""
        Shop.objects.filter(pk=self.shop.pk).update(slug="gone")
        return {}

    def nobodys(self) -> str:
        return "order-never-paid"

    def fill(self, payment: str, count: int, *, at: datetime) -> None:
        with time_machine.travel(at, tick=False):
            for _ in range(count):
                self.plug().refund(self.order(payment, Money(1, "EUR")))

    def booked(self) -> list[Booked]:
        rows = Transaction.objects.filter(shop=self.shop, cause__startswith="refund:")
        return [
            Booked(
                reference=str(row.pk),
                refund_id=row.cause.partition(":")[2],
                amount=Money(row.amount_minor, row.currency),
                payment=row.reference,
            )
            for row in rows.order_by("id")
        ]

    def new_reference(self) -> str:
        """A reference for a payment, as a checkout would give."""
        return f"order-{uuid4().hex[:8]}"
