"""Store credit, gift cards and points at the desk."""

import csv
import io
import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.world import EMAIL, order_of, small_shop

from rebond.domain.gift_cards.actions import issue_card
from rebond.domain.gift_cards.models import GiftCard
from rebond.domain.ledger.actions import Terms, set_terms
from rebond.domain.ledger.models import Account, Transaction
from rebond.domain.ledger.refunding import Owed
from rebond.domain.ledger.terms import terms_of
from rebond.domain.loyalty.actions import burn_points, earn_points, return_points
from rebond.domain.shops.access import Role
from rebond.domain.store_credit.actions import refund_into_credit, reserve_credit, spend_credit
from rebond.kernel.clock import now
from rebond.kernel.money import Money
from rebond.web.backoffice.queries import balances as asked

LIST = "/desk/galerie/balances/"


def eur(minor):
    return Money(minor, "EUR")


@pytest.fixture
def camille(order):
    return order.shopper


def keep(shopper, minor=8000, percent=10):
    owed = Owed(shopper.shop_id, uuid4(), eur(minor), "pay_1", "provider:store_credit")
    return refund_into_credit(owed, shopper, bonus_percent=percent).account


def card_of(shop, minor=5000):
    return issue_card(
        shop, eur(minor), is_cash=True, key=uuid4().hex, reason="sold", by="staff:Ana"
    )


def typed(prefix="", **fields):
    name = f"{prefix}-" if prefix else ""
    return {f"{name}key": uuid4().hex} | {f"{name}{key}": value for key, value in fields.items()}


def balance(account):
    return Account.objects.get(pk=account.pk).balance_minor


# --- reading ------------------------------------------------------------------------------


def test_a_statement_says_what_who_when_and_why(shop, camille, at_desk):
    account = keep(camille)
    spend_credit(camille, eur(1000), reference="order-77", by="checkout")
    reserve_credit(camille, eur(500), reference="cart-9", expires_at=now(), by="checkout")

    page = at_desk(shop).get(f"{LIST}{account.pk}/").content.decode()

    assert "Camille" in page and "order-77" in page and "cart-9" in page
    assert "€73.00" in page  # 88.00 - 10.00 - 5.00
    assert "−€10.00" in page and "+€88.00" in page
    assert "bonus −€8.00" in page


def test_balances_are_found_by_person_and_by_the_end_of_a_card(shop, camille, at_desk):
    account, card = keep(camille), card_of(shop).card
    ana = at_desk(shop)

    def found(text):
        page = ana.get(LIST, {"q": text}).content.decode()
        return set(re.findall(r'row-link" href="/desk/galerie/balances/([^/]+)/', page))

    assert found("camille") == found(EMAIL) == {str(account.pk)}
    assert found(card.last_four.lower()) == {str(card.account_id)}
    assert found("nobody") == set()


def test_who_sees_no_people_sees_no_names(shop, camille, at_desk, monkeypatch):
    account = keep(camille)
    karim = at_desk(shop, Role.WAREHOUSE)

    assert karim.get(LIST).status_code == 403
    assert karim.get(f"{LIST}{account.pk}/").status_code == 403


def test_balances_of_another_shop_are_not_there(shop, camille, at_desk):
    account = keep(camille)
    stranger = at_desk(small_shop("atelier"))

    assert stranger.get(f"/desk/atelier/balances/{account.pk}/").status_code == 404
    assert str(account.pk) not in stranger.get("/desk/atelier/balances/").content.decode()


@pytest.mark.parametrize("kind", ["store_credit", "gift_card", "points"])
def test_lists_ask_as_often_for_many_as_for_one(shop, at_desk, kind, monkeypatch):
    set_terms(shop, Terms(points_per_unit=1), by="test")
    ana = at_desk(shop)

    def asked_for(count):
        for _ in range(count):
            order = order_of(shop, number=uuid4().hex[:8], email=f"{uuid4().hex}@x.example")
            keep(order.shopper)
            earn_points(order.pk, by="system")
            card_of(shop)
        ana.get(LIST)
        with CaptureQueriesContext(connection) as captured:
            page = ana.get(f"{LIST}?kind={kind}").content.decode()
        return page.count("row-link"), len(captured)

    (one, few), (more, many) = asked_for(1), asked_for(6)
    assert (one, more) == (1, 7)
    assert few == many


def test_a_statement_asks_as_often_for_many_movements_as_for_one(shop, camille, at_desk):
    account, ana = keep(camille), at_desk(shop)
    counts = []
    for _ in range(2):
        ana.get(LIST)
        with CaptureQueriesContext(connection) as captured:
            ana.get(f"{LIST}{account.pk}/")
        counts.append(len(captured))
        for number in range(6):
            keep(camille, 100 + number)
            spend_credit(camille, eur(10), reference=uuid4().hex, by="checkout")

    assert counts[0] == counts[1]


def test_a_long_statement_has_pages(shop, camille, at_desk, monkeypatch):
    monkeypatch.setattr(asked, "ROWS", 2)
    account = keep(camille)
    for _ in range(4):
        keep(camille, 100)

    page = at_desk(shop).get(f"{LIST}{account.pk}/").content.decode()

    assert page.count("Given<") == 2
    assert 'rel="next"' in page


def test_missed_points_are_shown(shop, order, at_desk):
    set_terms(shop, Terms(points_per_unit=1), by="test")
    account = earn_points(order.pk, by="system").account
    burn_points(order.shopper, balance(account), order_number="2002", by="checkout")
    done = return_points(order.pk, eur(order.total_minor), key="s", by="system")

    page = at_desk(shop).get(f"{LIST}{account.pk}/").content.decode()

    assert "Could not be taken back" in page
    assert f"{done.missed} points" in page


# --- by hand ------------------------------------------------------------------------------


def test_a_gesture_is_given_once(shop, camille, at_desk):
    wish = typed(email=EMAIL.upper(), kind="gesture", amount="12,50", reason="late parcel")
    ana = at_desk(shop)

    answers = [ana.post(f"{LIST}new/", wish) for _ in range(2)]

    assert {answer.status_code for answer in answers} == {302}
    account = Account.objects.get(shop=shop, owner=camille.pk)
    assert account.balance_minor == 1250
    booked = Transaction.objects.get(shop=shop, account=account)
    assert (booked.actor, booked.reason) == ("staff:Ana Lopes", "late parcel")


def test_points_are_given_as_a_gesture(shop, camille, at_desk):
    wish = typed(email=EMAIL, kind="points", amount="40", reason="birthday")

    at_desk(shop).post(f"{LIST}new/", wish)

    assert Account.objects.get(shop=shop, kind="points").balance_minor == 40


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"amount": "0"}, "above zero"),
        ({"amount": "-5"}, "above zero"),
        ({"amount": "1,234"}, "above zero"),
        ({"amount": "1e3"}, "above zero"),
        ({"amount": "9" * 15}, "above zero"),
        ({"kind": "points", "amount": "1.5"}, "above zero"),
        ({"kind": "points", "amount": "²"}, "above zero"),
        ({"reason": ""}, "required"),
        ({"email": "nobody@client.example"}, "No customer"),
        ({"kind": "gold"}, "valid choice"),
    ],
)
def test_what_cannot_be_given_is_said_and_nothing_is_booked(shop, camille, at_desk, change, says):
    wish = typed(email=EMAIL, kind="cash", amount="10", reason="owed") | change

    answer = at_desk(shop).post(f"{LIST}new/", wish)

    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Transaction.objects.filter(shop=shop).exists()


def test_a_new_card_shows_its_code_once(shop, order, at_desk):
    wish = typed(kind="cash", amount="50", email="", reason="sold at the counter")
    ana = at_desk(shop)

    first, second = (ana.post(f"{LIST}new-card/", wish) for _ in range(2))

    (code,) = re.findall(r"(?:[2-9A-Z]{4}-){5}[2-9A-Z]{4}", first.content.decode())
    assert code not in second.content.decode()
    assert "no-store" in first.headers["Cache-Control"]
    card = GiftCard.objects.get(shop=shop)
    assert card.last_four == code[-4:]
    found = ana.post(f"{LIST}code/", {"code": code.lower()})
    assert found.headers["Location"] == f"{LIST}{card.account_id}/"


def test_wrong_codes_get_one_answer_and_then_a_pause(shop, at_desk):
    ana = at_desk(shop)

    answers = [ana.post(f"{LIST}code/", {"code": f"ABCD{number}"}) for number in range(11)]

    assert [answer.status_code for answer in answers] == [404] * 10 + [429]
    assert "No usable gift card" in answers[0].content.decode()
    code = card_of(shop).code
    assert ana.post(f"{LIST}code/", {"code": code}).status_code == 429


def test_cash_is_paid_out_as_far_as_it_goes(shop, camille, at_desk):
    account, ana = keep(camille), at_desk(shop)
    wish = typed("payout", amount="80.01", reason="asked", reference="VIR-1")

    refused = ana.post(f"{LIST}{account.pk}/payout/", wish)
    paid = ana.post(f"{LIST}{account.pk}/payout/", wish | {"payout-amount": "80"})

    assert refused.status_code == 409
    assert "€80.00 at most" in refused.content.decode()
    assert paid.status_code == 302
    assert balance(account) == 800


def test_a_card_is_topped_up_corrected_and_blocked(shop, order, at_desk):
    card, ana = card_of(shop).card, at_desk(shop)
    page = f"{LIST}{card.account_id}/"

    ana.post(f"{page}more/", typed("more", amount="10", reason="paid"))
    ana.post(f"{page}correction/", typed("correction", amount="60", reason="wrong card"))
    ana.post(f"{page}block/", {"block-reason": "lost"})
    assert "Blocked" in ana.get(page).content.decode()
    ana.post(f"{page}unblock/", {"unblock-reason": "found"})

    kinds = Transaction.objects.filter(shop=shop).order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["issued", "topped_up", "taken_back"]
    assert "Blocked" not in ana.get(page).content.decode()
    empty = ana.post(f"{page}correction/", typed("correction", amount="1", reason="x"))
    assert empty.status_code == 409


def test_a_form_that_is_not_good_stays_open(shop, camille, at_desk):
    account = keep(camille)

    answer = at_desk(shop).post(f"{LIST}{account.pk}/block/", {"block-reason": " "})

    assert answer.status_code == 422
    assert "required" in answer.content.decode()
    assert Account.objects.get(pk=account.pk).blocked_at is None


# --- report and terms ---------------------------------------------------------------------


def test_the_report_adds_up_to_the_cent(shop, camille, at_desk):
    keep(camille)
    spend_credit(camille, eur(1000), reference="o1", by="checkout")
    card_of(shop)

    page = at_desk(shop).get(f"{LIST}report/").content.decode()
    sheet = at_desk(shop).get(f"{LIST}report.csv").content.decode("utf-8-sig")

    rows = {row["Line"]: row["Amount"] for row in csv.DictReader(io.StringIO(sheet))}
    assert rows == {
        "Owed at the beginning": "0.00",
        "Given: money kept": "130.00",
        "Given: bonus and gestures": "8.00",
        "Topped up": "0.00",
        "Given back after returns": "0.00",
        "Used for purchases": "-10.00",
        "Expired": "0.00",
        "Paid out": "0.00",
        "Taken back": "0.00",
        "Owed at the end": "128.00",
    }
    assert "€128.00" in page and "<svg" in page and "style=" not in page


@pytest.mark.parametrize("query", ["?from=x&to=y", "?from=2026-12-01&to=2026-01-01", "?from=0000"])
def test_a_period_that_cannot_be_read_shows_this_month(shop, camille, at_desk, query):
    keep(camille)

    assert at_desk(shop).get(f"{LIST}report/{query}").status_code == 200


def test_terms_are_set_by_who_may(shop, at_desk):
    wish = {
        "bonus_percent": "10",
        "bonus_days": "90",
        "cash_days": "",
        "card_days": "",
        "points_per_unit": "1",
        "points_days": "",
    }

    assert at_desk(shop, Role.AGENT).post(f"{LIST}terms/", wish).status_code == 403
    olivia = at_desk(shop, name="Olivia Martin")
    assert olivia.post(f"{LIST}terms/", wish | {"bonus_percent": "101"}).status_code == 422
    assert olivia.post(f"{LIST}terms/", wish | {"bonus_days": "0"}).status_code == 422
    assert olivia.post(f"{LIST}terms/", wish).status_code == 302

    terms = terms_of(shop.pk)
    assert (terms.bonus_percent, terms.bonus_days, terms.cash_days) == (10, 90, None)
