"""Gift cards: codes that nobody can guess, told once, kept as a hash."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.apps import apps
from hypothesis import given
from hypothesis import strategies as st
from tests.world import order_of, small_shop

from rebond.domain.gift_cards.actions import (
    find_card,
    issue_card,
    redeem_card,
    refund_to_new_card,
    reserve_card,
    top_up,
)
from rebond.domain.gift_cards.codes import (
    ALPHABET,
    BASE,
    SIGNS,
    code_of_refund,
    grouped,
    hash_of,
    new_code,
    tidy,
)
from rebond.domain.gift_cards.errors import GiftCardNotUsable
from rebond.domain.gift_cards.models import GiftCard
from rebond.domain.ledger.actions import Terms, block, capture, set_terms
from rebond.domain.ledger.errors import AmountNotPositive, InsufficientBalance, OtherCurrency
from rebond.domain.ledger.jobs import expire_due
from rebond.domain.ledger.models import Account, Transaction
from rebond.domain.ledger.refunding import Owed
from rebond.kernel.clock import now
from rebond.kernel.models import Event
from rebond.kernel.money import Money

TEN = Money(1000, "EUR")


@pytest.fixture
def shop(db):
    return small_shop()


def issued(shop, amount=TEN, **more):
    details = {"is_cash": True, "key": uuid4().hex, "reason": "sold", "by": "staff:Ana"} | more
    return issue_card(shop, amount, **details)


def balance(card):
    return Account.objects.get(pk=card.account_id).balance_minor


# --- codes --------------------------------------------------------------------------------


def test_a_code_has_112_bits_and_no_sign_that_looks_like_another():
    assert BASE**SIGNS > 2**112
    assert not set("01OILU") & set(ALPHABET) - {"U"}
    assert len(set(ALPHABET)) == BASE == 31


def test_codes_are_all_different_and_read_as_they_are_written():
    codes = {new_code() for _ in range(500)}

    assert len(codes) == 500
    for code in codes:
        assert tidy(code) == tidy(grouped(code).lower()) == tidy(f"  {grouped(code)} ") == code


@given(place=st.integers(0, SIGNS), sign=st.sampled_from(ALPHABET))
def test_one_wrong_sign_is_found(place, sign):
    code = new_code()
    wrong = code[:place] + sign + code[place + 1 :]

    assert tidy(wrong) == (code if wrong == code else "")


@given(first=st.integers(0, SIGNS), second=st.integers(0, SIGNS))
def test_two_signs_that_changed_places_are_found(first, second):
    code = new_code()
    signs = list(code)
    signs[first], signs[second] = signs[second], signs[first]
    wrong = "".join(signs)

    assert tidy(wrong) == (code if wrong == code else "")


@pytest.mark.parametrize("typed", ["", "ABCD", "É" * 24, "0" * 24, "A" * 25, "\x00"])
def test_what_cannot_be_a_code_is_none(typed):
    assert tidy(typed) == ""


def test_each_shop_and_each_key_has_hashes_of_its_own(settings):
    code, one, other = new_code(), uuid4(), uuid4()

    before = hash_of(one, code)
    assert before != hash_of(other, code)
    settings.SECRET_KEY = "another key"
    assert hash_of(one, code) != before


# --- cards --------------------------------------------------------------------------------


def test_the_code_is_nowhere_in_the_database(shop):
    made = issued(shop)

    for model in apps.get_models():
        if model.__module__.startswith("rebond."):
            for row in model.objects.values():
                written = json.dumps(row, default=str)
                assert made.code not in written and grouped(made.code) not in written
    card = GiftCard.objects.get(shop=shop)
    assert (card.last_four, len(card.code_hash)) == (made.code[-4:], 64)
    assert made.code not in repr(made)


def test_a_card_is_redeemed_in_parts(shop):
    made = issued(shop)

    redeem_card(shop, grouped(made.code), Money(300, "EUR"), reference="a", by="checkout")
    redeem_card(shop, made.code, Money(700, "EUR"), reference="b", by="checkout")

    with pytest.raises(InsufficientBalance):
        redeem_card(shop, made.code, Money(1, "EUR"), reference="c", by="checkout")
    assert balance(made.card) == 0


def test_a_card_is_held_and_captured(shop):
    made = issued(shop)
    until = now() + timedelta(minutes=5)

    reserve_card(shop, made.code, TEN, reference="cart", expires_at=until, by="checkout")
    with pytest.raises(InsufficientBalance):
        redeem_card(shop, made.code, Money(1, "EUR"), reference="x", by="checkout")
    capture(shop.pk, "cart", reference="paid", by="checkout")

    assert balance(made.card) == 0


def test_a_redemption_that_is_sent_twice_takes_once(shop):
    made = issued(shop)

    for _ in range(2):
        redeem_card(shop, made.code, Money(600, "EUR"), reference="a", by="checkout")

    assert balance(made.card) == 400


def test_wrong_blocked_and_foreign_codes_get_the_same_answer(shop):
    blocked, foreign = issued(shop), issued(small_shop("atelier"))
    block(blocked.card.account_id, reason="stolen", by="staff:Ana")
    pounds = issued(shop, Money(1000, "GBP"))

    answers = []
    for code in (new_code(), "ABCD", blocked.code, foreign.code, pounds.code):
        with pytest.raises(GiftCardNotUsable) as refused:
            redeem_card(shop, code, Money(1, "EUR"), reference=uuid4().hex, by="checkout")
        answers.append((refused.value.code, refused.value.facts))

    assert answers == [("gift_card_not_usable", {})] * 5


def test_a_code_that_cannot_be_one_asks_the_database_too(shop, django_assert_num_queries):
    for code in (new_code(), "ABCD"):
        with django_assert_num_queries(1), pytest.raises(GiftCardNotUsable):
            find_card(shop, code)


def test_a_card_is_found_after_the_secret_key_was_changed(shop, settings):
    made = issued(shop)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "the next key"

    assert find_card(shop, made.code) == made.card


def test_a_form_that_is_sent_twice_issues_one_card_and_tells_its_code_once(shop):
    first, second = issued(shop, key="form"), issued(shop, key="form")

    assert first.card == second.card
    assert first.code and not second.code
    assert GiftCard.objects.filter(shop=shop).count() == 1


def test_a_card_of_nothing_is_not_issued(shop):
    with pytest.raises(AmountNotPositive):
        issued(shop, Money(0, "EUR"))

    assert not GiftCard.objects.filter(shop=shop).exists()


def test_a_card_is_topped_up_in_its_own_currency(shop):
    made = issued(shop)

    top_up(made.card, Money(500, "EUR"), key="1", reason="paid", by="staff:Ana")

    assert balance(made.card) == 1500
    assert Transaction.objects.filter(shop=shop, kind="topped_up").count() == 1
    with pytest.raises(OtherCurrency):
        top_up(made.card, Money(500, "GBP"), key="2", reason="paid", by="staff:Ana")


def test_a_card_ends_only_where_the_merchant_chose_so(shop):
    lasting = issued(shop)
    set_terms(shop, Terms(card_days=365), by="staff:Ana")
    ending = issued(shop)

    with time_machine.travel(now() + timedelta(days=366)):
        expire_due()

    assert (balance(lasting.card), balance(ending.card)) == (1000, 0)


def test_a_refund_on_a_new_card_has_a_code_that_can_be_made_again(shop):
    shopper = order_of(shop).shopper
    owed = Owed(shop.pk, uuid4(), TEN, "pay_1", "provider:gift_card")

    for _ in range(2):
        refund_to_new_card(owed, shopper, bonus_percent=10)

    card = GiftCard.objects.get(shop=shop)
    code = code_of_refund(shop.pk, owed.refund_id)
    assert find_card(shop, code) == card
    assert code_of_refund(shop.pk, uuid4()) != code
    assert (card.shopper, card.refund_id, balance(card)) == (shopper, owed.refund_id, 1100)
    told = Event.objects.get(shop_id=shop.pk, name="gift_card.issued")
    assert code not in json.dumps(told.payload)
