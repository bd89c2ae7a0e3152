"""Goods without a receipt: worth the lowest price, within a cap, decided by a colleague."""

from datetime import timedelta

import pytest
from tests.world import LAMP, order_of, run_jobs, small_shop, staff_of

from rebond.domain.ledger.models import Account, Lot
from rebond.domain.no_receipt.actions import (
    Brought,
    decline_without_receipt,
    file_without_receipt,
    pay_without_receipt,
)
from rebond.domain.no_receipt.errors import (
    ArticleUnknown,
    ColleagueNeeded,
    CustomerNeeded,
    NoPriceKnown,
    NoReceiptCapReached,
    NoReceiptDecided,
    NoReceiptNotOffered,
    ReasonToDeclineNeeded,
    TooManyWithoutReceipt,
)
from rebond.domain.no_receipt.models import NoReceiptReturn
from rebond.domain.orders.new import NewLine
from rebond.domain.policies.actions import publish_policy
from rebond.domain.policies.presets import GENEROUS
from rebond.domain.policies.queries import policy_in_force
from rebond.domain.privacy.actions import ask_about_data, erase_person
from rebond.domain.products.actions import NewProduct, keep_products
from rebond.domain.shoppers.models import RequestKind, Shopper
from rebond.domain.warehouse.actions import add_location
from rebond.domain.warehouse.grades import Grade
from rebond.domain.warehouse.kinds import Place
from rebond.domain.warehouse.models import Balance
from rebond.insights.verification.promises import PROMISES
from rebond.kernel.clock import now
from rebond.outbound.notifications.models import Message

pytestmark = pytest.mark.django_db
EMAIL = "zoe@client.example"


def open_shop_with(slug="galerie", **settings):
    shop = small_shop(slug)
    rule = {"kind": "no_receipt", "cap_minor": 7000, **settings}
    publish_policy(shop, {"rules": [*GENEROUS["rules"], rule]}, note="", by="test")
    return shop


@pytest.fixture
def shop():
    shop = open_shop_with()
    order_of(shop)  # three lamps for 100.00
    return shop


@pytest.fixture
def ana(shop):
    return staff_of(shop)


@pytest.fixture
def tom(shop):
    return staff_of(shop, name="Tom Weber")


def bring(shop, staff=None, *, sku="LAMP-01", quantity=1, email=EMAIL, at=None):
    brought = Brought(sku, quantity, Grade.A, email, name="Zoé Petit")
    moment = at or now()
    policy = policy_in_force(shop, now())
    return file_without_receipt(shop, brought, policy=policy, at=moment, by="staff:A", staff=staff)


def credit_of(shop):
    return Account.objects.filter(shop=shop, kind="store_credit").first()


def test_a_piece_is_worth_the_lowest_that_it_was_sold_for(shop, ana):
    cheaper = NewLine("LAMP-01", "Paper lamp", 2, 5001)  # 25.00 each, the cent is dropped
    given = NewLine("LAMP-01", "Paper lamp", 1, 0)
    order_of(shop, number="1002", lines=(cheaper, given), shipping_minor=0)

    row = bring(shop, ana, quantity=2)

    assert (row.price_minor, row.amount_minor, row.state) == (2500, 5000, "waiting")


def test_a_price_cut_in_the_catalogue_counts_though_nobody_bought_yet(shop, ana):
    keep_products(shop, [NewProduct("LAMP-01", price_minor=1999)], by="test")

    assert bring(shop, ana).price_minor == 1999


def test_what_was_sold_long_ago_or_cancelled_says_nothing_of_the_price(shop, ana):
    with pytest.raises(NoPriceKnown):
        bring(shop, ana, at=now() + timedelta(days=400))


def test_a_colleague_gives_the_credit_once_and_it_is_never_money(shop, ana, tom):
    row = bring(shop, ana)

    with pytest.raises(ColleagueNeeded):
        pay_without_receipt(shop, row.pk, staff=ana, by="staff:Ana")
    pay_without_receipt(shop, row.pk, staff=tom, by="staff:Tom")
    with pytest.raises(NoReceiptDecided):
        pay_without_receipt(shop, row.pk, staff=tom, by="staff:Tom")
    run_jobs()

    account = credit_of(shop)
    lot = Lot.objects.get(account=account)
    assert account.balance_minor == 3333
    assert account.owner == Shopper.objects.get(email=EMAIL).pk
    assert (lot.origin, lot.source, lot.is_bonus_given) == ("no_receipt", row.number, True)
    letter = Message.objects.get(kind="store_credit")
    assert row.number in letter.subject
    assert [list(one.breaches()) for one in PROMISES if one.number in {"I10", "I36"}] == [[], []]


def test_the_goods_go_to_a_shelf_where_one_is_named(shop, ana, tom):
    shelf = add_location(shop, "Aisle 3", Place.SELLABLE, by="test")
    row = bring(shop, ana, quantity=2)

    pay_without_receipt(shop, row.pk, staff=tom, by="staff:Tom", location_id=shelf.pk)

    assert Balance.objects.get().pieces == 2


def test_the_cap_counts_what_waits_and_what_was_paid_but_not_what_was_declined(shop, ana, tom):
    first = bring(shop, ana, quantity=2)  # 66.66 of 70.00
    with pytest.raises(NoReceiptCapReached) as refusal:
        bring(shop, ana, email=" ZOE@client.example".strip())
    decline_without_receipt(shop, first.pk, note="Not ours", staff=tom, by="staff:Tom")

    again = bring(shop, ana)

    assert refusal.value.facts["left_minor"] == 334
    assert again.amount_minor == 3333


def test_the_cap_opens_again_when_its_days_are_over(shop, ana):
    bring(shop, ana, quantity=2)
    NoReceiptReturn.objects.update(at=now() - timedelta(days=366))

    assert bring(shop, ana, quantity=2).amount_minor == 6666


def test_a_customer_who_is_known_keeps_one_balance(shop, ana, tom):
    known = Shopper.objects.get()

    row = bring(shop, ana, email=known.email.upper())

    assert row.shopper == known


def test_where_the_policy_wants_no_colleague_one_person_does_both(tom):
    shop = open_shop_with("atelier", needs_second_person=False)
    order_of(shop)
    ana = staff_of(shop, name="Ana Costa")
    row = bring(shop, ana)

    pay_without_receipt(shop, row.pk, staff=ana, by="staff:Ana")

    assert credit_of(shop).balance_minor == 3333


@pytest.mark.parametrize(
    ("told", "refusal"),
    [
        ({"sku": "VASE-99"}, ArticleUnknown),
        ({"quantity": 3}, TooManyWithoutReceipt),
        ({"email": "zoe at home"}, CustomerNeeded),
    ],
)
def test_what_cannot_be_is_refused(shop, ana, told, refusal):
    with pytest.raises(refusal):
        bring(shop, ana, **told)


def test_without_such_a_rule_nothing_is_taken():
    shop = small_shop("atelier")
    order_of(shop, lines=(LAMP,))

    with pytest.raises(NoReceiptNotOffered):
        bring(shop)


def test_declining_needs_a_reason(shop, ana, tom):
    row = bring(shop, ana)

    with pytest.raises(ReasonToDeclineNeeded):
        decline_without_receipt(shop, row.pk, note=" ", staff=tom, by="staff:Tom")


def test_what_the_customer_said_goes_when_they_are_erased(shop, ana, tom):
    row = bring(shop, ana)
    NoReceiptReturn.objects.update(said="From my aunt in Lille")
    decline_without_receipt(shop, row.pk, note="She asked twice", staff=tom, by="staff:Tom")
    asked = ask_about_data(
        shop, RequestKind.ERASE, EMAIL, language="fr", note="At the counter", by="staff:Ana"
    )

    erase_person(asked.pk, by="staff:Ana")

    row.refresh_from_db()
    assert (row.said, row.note, row.amount_minor) == ("", "", 3333)
