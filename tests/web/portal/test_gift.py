"""Presents that come back: who opens them, what they see, who gets what, who is never told."""

import pytest
from django.test import Client
from django.urls import reverse
from tests.web.portal.steps import page_of, status_page
from tests.world import (
    BOWL,
    EMAIL,
    LAMP,
    MUG,
    NAME,
    POSTCODE,
    STREET,
    findings,
    order_of,
    run_jobs,
    small_shop,
)

from rebond.domain.duties.models import Duty
from rebond.domain.exchanges.actions import agree_exchange
from rebond.domain.exchanges.errors import NothingToExchange
from rebond.domain.gift_cards.models import GiftCard
from rebond.domain.ledger.models import Account
from rebond.domain.orders.gift_codes import gift_code
from rebond.domain.policies.presets import GENEROUS
from rebond.domain.proofs.mailboxes import code_of
from rebond.domain.proofs.models import OneTimeCode
from rebond.domain.refunds.actions import settle_return
from rebond.domain.refunds.models import Refund
from rebond.domain.refunds.ways import Channel, Yes
from rebond.domain.returns.links import token_for
from rebond.domain.returns.models import Return
from rebond.domain.warehouse.actions import inspect_return, receive_return
from rebond.outbound.notifications.models import Message

pytestmark = pytest.mark.django_db
OPEN = "/s/galerie/gift/"
MINE = "mila@client.example"
FILLED = {
    "l1": "1",
    "reason": "changed_mind",
    "name": "Mila Roy",
    "email": MINE,
    "comment": "",
    "sure": "1",
}


def policy(**settings) -> dict:
    return {"rules": [*GENEROUS["rules"], {"kind": "gifts", **settings}]}


@pytest.fixture
def order(db):
    return order_of(small_shop(policy=policy()), lines=(LAMP, MUG, BOWL))


def opened(order, proof: str | None = None) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.post(OPEN, {"number": order.number, "proof": proof or gift_code(order)})
    return client


def present(order) -> str:
    return reverse("portal:gift_order", args=[order.shop.slug, order.number])


def asked(order, **changes) -> tuple[Client, Return]:
    client = opened(order)
    client.post(present(order), {**FILLED, **changes})
    return client, Return.objects.get(gift_paid_as__gt="")


def paid(order) -> Return:
    rma = asked(order)[1]
    receive_return(rma.pk, {rma.lines.get().pk: 1}, note="", by="staff:Ana")
    inspect_return(rma.pk, findings(rma), by="staff:Ana")
    run_jobs()
    rma.refresh_from_db()
    return rma


def test_the_code_or_the_postcode_opens_the_present(order):
    for proof in (gift_code(order), gift_code(order).lower().replace("-", " "), POSTCODE):
        assert opened(order, proof).get(present(order)).status_code == 200


def test_a_wrong_code_and_an_unknown_number_get_the_same_answer(order):
    wrong = Client().post(OPEN, {"number": order.number, "proof": "ABCD-EFGH"})
    unknown = Client().post(OPEN, {"number": "9999", "proof": "ABCD-EFGH"})

    assert wrong.status_code == unknown.status_code == 422
    assert len(wrong.content) == len(unknown.content)


def test_without_the_rule_nobody_returns_a_present(db):
    order = order_of(small_shop())

    start = Client().get("/s/galerie/").content.decode()

    assert "/gift/" not in start
    assert Client().get(OPEN).status_code == 404
    assert opened(order).get(present(order)).status_code == 404


def test_where_only_the_code_counts_the_postcode_opens_nothing(db):
    order = order_of(small_shop(policy=policy(proof="code")))

    assert opened(order, POSTCODE).get(present(order)).status_code == 404


def test_a_present_shows_no_price_and_names_nobody(order):
    client = opened(order)
    look = client.post(present(order), {**FILLED, "sure": "", "look": "1"})
    client, rma = asked(order)

    pages = [client.get(present(order)), look, client.get(status_page(order, rma.number))]
    for page in pages:
        text = page.content.decode()
        assert page.status_code == 200
        for private in (NAME, STREET, EMAIL, "33.33", "€", "100.00"):
            assert private not in text


def test_where_the_policy_says_so_the_value_is_shown(db):
    order = order_of(small_shop(policy=policy(shows_value=True)))

    look = opened(order).post(present(order), {**FILLED, "sure": "", "look": "1"})

    assert "Its value: €33.33" in look.content.decode()


def test_the_present_opens_neither_the_order_nor_other_returns(order, visitor):
    client, rma = asked(order)

    assert client.get(page_of(order)).status_code == 404
    assert visitor.get(status_page(order, rma.number)).status_code == 404
    assert rma.number not in visitor.get(page_of(order)).content.decode()


def test_the_value_goes_to_a_card_of_who_got_it_and_the_buyer_hears_nothing(order):
    rma = paid(order)

    card = GiftCard.objects.get()
    assert card.shopper == rma.shopper and rma.shopper.email == MINE
    assert Account.objects.get(pk=card.account_id).balance_minor == 3333  # 100.00 for three lamps
    assert {m.shopper.email for m in Message.objects.all() if m.shopper} == {MINE}
    assert Refund.objects.get().payment.order == order


def test_no_document_of_the_buyer_opens_by_the_link(order):
    rma = paid(order)
    note = order.shop and rma.settlements.get().credit_notes.first()

    page = Client().get(status_page(order, token_for(rma))).content.decode()

    assert NAME not in page and STREET not in page
    if note is not None:
        url = reverse("portal:document", args=["galerie", token_for(rma), note.pk])
        assert Client().get(url).status_code == 404


def test_whatever_way_is_chosen_at_the_desk_the_buyer_is_not_paid(order):
    rma = asked(order)[1]

    settlement = settle_return(rma.pk, by="staff:Ana")

    assert {refund.provider for refund in settlement.refunds.all()} == {"gift_card"}
    assert not settlement.tells_shopper


def test_who_got_a_present_has_no_legal_day_and_no_exchange(order):
    rma = asked(order)[1]
    run_jobs()

    assert not Duty.objects.filter(rma=rma, kind="refund").exists()
    with pytest.raises(NothingToExchange):
        agree_exchange(rma.pk, [], Yes(Channel.LINK, MINE), by="staff:Ana")


def test_a_form_that_lacks_something_is_shown_again_with_what_was_typed(order):
    answer = opened(order).post(present(order), {**FILLED, "l1": "9", "email": "no address"})

    text = answer.content.decode()
    assert answer.status_code == 422 and "Mila Roy" in text and "no address" in text
    assert not Return.objects.exists()


def test_a_code_from_their_own_mailbox_opens_messages_and_no_document(order):
    rma = paid(order)
    client = opened(order)
    client.post("/s/galerie/mailbox/", {"email": MINE})
    code = OneTimeCode.objects.get()
    client.post("/s/galerie/mailbox/code/", {"code": code_of(code.shop_id, code.pk)})

    page = client.get(status_page(order, rma.number))

    assert page.status_code == 200 and NAME not in page.content.decode()
    assert client.get(page_of(order)).status_code == 404
