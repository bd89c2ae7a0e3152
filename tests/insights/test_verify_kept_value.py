"""`rebond verify` finds what was broken by hand in the books of credit, cards and points."""

import argparse
from uuid import uuid4

import pytest
from django.db import connection
from tests.world import order_of, small_shop

from rebond.cli.commands import verify
from rebond.domain.gift_cards.actions import issue_card, redeem_card
from rebond.domain.gift_cards.models import GiftCard
from rebond.domain.ledger.models import Account, Entry, Hold, Lot, Transaction
from rebond.domain.ledger.refunding import Owed
from rebond.domain.store_credit.actions import (
    refund_back_to_credit,
    refund_into_credit,
    reserve_credit,
    spend_credit,
)
from rebond.insights.verification.promises import PROMISES
from rebond.kernel.clock import now
from rebond.kernel.money import Money

pytestmark = pytest.mark.django_db


@pytest.fixture
def lived(db):
    """Credit with a bonus, spent and given back in part; a card in use; something held."""
    shop = small_shop()
    shopper = order_of(shop).shopper
    owed = Owed(shop.pk, uuid4(), Money(8000, "EUR"), "pay_1", "test")
    refund_into_credit(owed, shopper, bonus_percent=10)
    spend_credit(shopper, Money(2000, "EUR"), reference="o1", by="checkout")
    refund_back_to_credit(Owed(shop.pk, uuid4(), Money(500, "EUR"), "o1", "test"))
    reserve_credit(shopper, Money(700, "EUR"), reference="cart", expires_at=now(), by="checkout")
    card = issue_card(
        shop, Money(1000, "EUR"), is_cash=True, key="1", reason="sold", by="staff:Ana"
    )
    redeem_card(shop, card.code, Money(300, "EUR"), reference="o2", by="checkout")
    refund_into_credit(
        Owed(shop.pk, uuid4(), Money(300, "EUR"), "o2", "test"), shopper, bonus_percent=10
    )
    return shop


def broken() -> dict[str, list[str]]:
    found = {promise.number: list(promise.breaches()) for promise in PROMISES}
    return {number: breaches for number, breaches in found.items() if breaches}


def test_a_sound_ledger_keeps_every_promise(lived):
    assert broken() == {}
    assert {"I8", "I9", "I10", "I11"} <= {promise.number for promise in PROMISES}


def one_entry(shop, **which):
    return Entry.objects.filter(shop=shop, lot__isnull=False, **which).order_by("id").first()


def change_entry(shop, part="cash"):
    entry = one_entry(shop, part=part)
    Entry.objects.filter(pk=entry.pk).update(amount_minor=entry.amount_minor + 1)
    return entry.transaction_id


def drop_entries(shop):
    booked = Transaction.objects.filter(shop=shop, kind="restored").earliest("id")
    booked.entries.all().delete()
    return booked.pk


def change_balance(shop):
    account = Account.objects.get(shop=shop, kind="store_credit")
    Account.objects.filter(pk=account.pk).update(balance_minor=account.balance_minor + 1)
    return account.pk


def change_held(shop):
    Account.objects.filter(shop=shop, kind="store_credit").update(held_minor=1)
    return Account.objects.get(shop=shop, kind="store_credit").pk


def forget_hold(shop):
    Hold.objects.filter(shop=shop).update(released_minor=700)
    return Account.objects.get(shop=shop, kind="store_credit").pk


def change_lot(shop):
    lot = Lot.objects.filter(shop=shop).earliest("id")
    Lot.objects.filter(pk=lot.pk).update(cash_left_minor=1, cash_held_minor=0)
    return lot.pk


def pay_out_a_bonus(shop):
    entry = one_entry(shop, part="bonus")
    Transaction.objects.filter(pk=entry.transaction_id).update(kind="cashed_out")
    return entry.pk


def give_back_twice(shop):
    spend = Transaction.objects.get(shop=shop, cause="capture:o1")
    Transaction.objects.filter(shop=shop, reverses=spend).update(amount_minor=99999)
    return spend.pk


def bonus_on_bonus(shop):
    extra = Transaction.objects.get(shop=shop, cause__endswith=":bonus")
    Transaction.objects.filter(pk=extra.pk).update(amount_minor=301)
    return extra.pk


def keep_the_code(shop):
    card = GiftCard.objects.get(shop=shop)
    GiftCard.objects.filter(pk=card.pk).update(code_hash="ABCD-EFGH")
    return card.pk


def issue_from_nothing(shop):
    Transaction.objects.filter(shop=shop, cause="hand:1").update(cause="capture:1")
    return GiftCard.objects.get(shop=shop).pk


def lose_the_card(shop):
    card = GiftCard.objects.get(shop=shop)
    GiftCard.objects.filter(pk=card.pk).delete()
    return card.account_id


BREACHES = {
    "I8: an entry changed": ("I8", change_entry),
    "I8: a booking without entries": ("I8", drop_entries),
    "I9: a balance changed": ("I9", change_balance),
    "I9: what is held changed": ("I9", change_held),
    "I9: a hold forgotten": ("I9", forget_hold),
    "I10: a lot changed": ("I10", change_lot),
    "I10: a bonus paid out": ("I10", pay_out_a_bonus),
    "I10: a spend given back twice": ("I10", give_back_twice),
    "I10: a bonus on a bonus": ("I10", bonus_on_bonus),
    "I11: a code in the clear": ("I11", keep_the_code),
    "I11: a card without a booking": ("I11", issue_from_nothing),
    "I11: a booking without a card": ("I11", lose_the_card),
}


@pytest.mark.parametrize(("number", "breach"), BREACHES.values(), ids=list(BREACHES))
def test_a_row_broken_by_hand_is_named(number, breach, lived, without_guards, capsys, monkeypatch):
    monkeypatch.setattr(verify, "set_up", lambda: None)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("DROP TRIGGER ledger_entry_balances ON ledger_entry")

    broken_id = breach(lived)
    code = verify.run(argparse.Namespace(only=[number], most=20, full=True))

    assert code == 1
    assert str(broken_id) in capsys.readouterr().out
