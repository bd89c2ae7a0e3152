"""One-time codes: what they open, for how long, how often, and that nobody learns who is known."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests.web.portal.steps import page_of, status_page
from tests.world import EMAIL, NAME, order_of, requested_return, run_jobs, small_shop

from rebond.domain.conversations.actions import write_to_shopper
from rebond.domain.proofs.actions import MOST_AN_HOUR
from rebond.domain.proofs.mailboxes import MASK, code_of, spaced
from rebond.domain.proofs.models import MOST_TRIES, OneTimeCode
from rebond.outbound.notifications.jobs import _letter
from rebond.outbound.notifications.models import Message

pytestmark = pytest.mark.django_db
ASK = "/s/galerie/mailbox/"
CODE = "/s/galerie/mailbox/code/"


def english() -> Client:
    return Client(headers={"accept-language": "en"})


def newest() -> str:
    code = OneTimeCode.objects.order_by("-asked_at").first()
    return code_of(code.shop_id, code.pk)


def proven(email: str = EMAIL) -> Client:
    client = english()
    client.post(ASK, {"email": email})
    client.post(CODE, {"code": newest()})
    return client


def test_a_code_opens_all_orders_of_its_mailbox_and_no_other(order):
    second = order_of(order.shop, number="1002")
    strange = order_of(order.shop, number="1003", email="other@client.example")

    client = proven()

    page = client.get("/s/galerie/mailbox/orders/").content.decode()
    assert "1001" in page and "1002" in page and "1003" not in page
    assert client.get(page_of(second)).status_code == 200
    assert client.get(page_of(strange)).status_code == 404


def test_the_letter_bears_the_code_and_what_is_kept_does_not(order):
    english().post(ASK, {"email": EMAIL})
    run_jobs()

    message = Message.objects.get(kind="one_time_code")
    assert MASK in message.text and spaced(newest()) not in message.text
    assert spaced(newest()) in _letter(message).text and _letter(message).to == EMAIL


def test_a_known_and_an_unknown_address_get_the_same_answer(order):
    answers = []
    for email in (EMAIL, "nobody@client.example"):
        client = english()
        asked = client.post(ASK, {"email": email})
        page = client.get(asked.url).content.decode()
        answers.append((asked.status_code, asked.url, page[page.index("<main") :].count("<")))

    assert answers[0] == answers[1]
    run_jobs()
    assert Message.objects.filter(kind="one_time_code").count() == 1


def test_the_code_of_an_unknown_address_opens_nothing(order):
    client = proven("nobody@client.example")

    assert client.get("/s/galerie/mailbox/orders/").status_code == 404


def test_an_address_that_was_made_up_for_old_data_gets_no_code(order):
    order.shopper.derived = ["email"]
    order.shopper.save(update_fields=["derived"])

    assert proven().get(page_of(order)).status_code == 404


def test_a_code_works_once(order):
    proven()
    used = newest()
    other = english()
    other.post(ASK, {"email": EMAIL})
    OneTimeCode.objects.order_by("-asked_at").first()

    answer = other.post(CODE, {"code": used})

    assert answer.status_code == 422
    assert other.get(page_of(order)).status_code == 404


def test_a_code_belongs_to_the_browser_that_asked_for_it(order):
    english().post(ASK, {"email": EMAIL})

    stranger = english()

    assert stranger.post(CODE, {"code": newest()}).status_code == 302
    assert stranger.get(page_of(order)).status_code == 404


def test_after_five_wrong_tries_the_right_code_is_refused(order):
    client = english()
    client.post(ASK, {"email": EMAIL})
    for _ in range(MOST_TRIES):
        assert client.post(CODE, {"code": "0000 0000"}).status_code == 422

    assert client.post(CODE, {"code": newest()}).status_code == 422
    assert client.get(page_of(order)).status_code == 404


def test_a_code_ends_after_ten_minutes(order):
    client = english()
    client.post(ASK, {"email": EMAIL})
    code = OneTimeCode.objects.get()
    assert code.expires_at - code.asked_at == timedelta(minutes=10)
    OneTimeCode.objects.update(
        asked_at=code.asked_at - timedelta(hours=1), expires_at=code.asked_at
    )

    assert client.post(CODE, {"code": newest()}).status_code == 422


def test_one_mailbox_gets_five_codes_an_hour(order):
    for _ in range(MOST_AN_HOUR):
        assert english().post(ASK, {"email": EMAIL}).status_code == 302

    assert english().post(ASK, {"email": f" {EMAIL.upper()}"}).status_code == 429
    assert english().post(ASK, {"email": "other@client.example"}).status_code == 302


def test_a_proof_of_one_shop_opens_nothing_in_its_twin(order):
    twin = order_of(small_shop("jumelle"))

    assert proven().get(page_of(twin)).status_code == 404


def test_behind_the_masked_view_a_code_opens_messages_and_names(order, visitor):
    rma = requested_return(order)
    write_to_shopper(rma.pk, "Your lamp is here, dear Camille.", by="staff:Ana")
    page = status_page(order, rma.number)
    assert "dear Camille" not in visitor.get(page).content.decode()

    asked = visitor.post(reverse("portal:ask_code", args=["galerie", rma.number]))
    opened = visitor.post(asked.url, {"code": spaced(newest())}, follow=True)

    assert opened.redirect_chain[-1][0] == page
    assert "dear Camille" in opened.content.decode()
    assert NAME not in visitor.get(asked.url, follow=True).content.decode()


def test_leaving_forgets_what_was_proven(order):
    client = proven()

    client.post("/s/galerie/leave/")

    assert client.get(page_of(order)).status_code == 404
