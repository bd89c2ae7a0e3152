"""The page of a return says what to do next, and lets another amount be paid with its why."""

import pytest
from django.test import Client
from tests.world import (
    LAMP,
    PASSWORD,
    findings,
    order_of,
    received_return,
    requested_return,
    small_shop,
    staff_of,
)

from rebond.domain.conversations.actions import keep_template, write_to_shop
from rebond.domain.refunds.models import Settlement
from rebond.domain.shops.access import Role
from rebond.domain.warehouse.actions import inspect_return
from rebond.domain.warehouse.grades import Grade

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return small_shop()


def at_desk(shop, role=Role.OWNER, name="Ana Lopes"):
    client = Client(headers={"accept-language": "en"})
    staff = staff_of(shop, role, name=name)
    client.post("/desk/login/", {"email": staff.user.email, "password": PASSWORD})
    return client


@pytest.fixture
def seen(shop):
    rma = received_return(order_of(shop, lines=(LAMP,), days_since_delivery=20), {"LAMP-01": 1})
    inspect_return(rma.pk, findings(rma, Grade.B), by="staff:Karim")
    rma.refresh_from_db()
    return rma


def page_of(client, rma):
    return client.get(f"/desk/galerie/returns/{rma.number}/").content.decode()


def test_the_page_says_what_to_do_next(shop, seen):
    client = at_desk(shop)

    assert "Everything is there: refund the customer." in page_of(client, seen)
    write_to_shop(seen.pk, "When will I have it?", by="shopper")
    page = page_of(client, seen)

    assert "The customer wrote and waits for your answer." in page
    assert 'href="#talk-text"' in page


def test_who_only_receives_is_sent_to_no_place_that_is_not_theirs(shop):
    rma = requested_return(order_of(shop, lines=(LAMP,)), {"LAMP-01": 1})
    write_to_shop(rma.pk, "Where to?", by="shopper")

    page = page_of(at_desk(shop, Role.WAREHOUSE, "Karim Benali"), rma)

    assert "waits for your answer" in page
    assert 'href="#talk-text"' not in page


def test_the_queue_says_it_in_short(shop, seen):
    page = at_desk(shop).get("/desk/galerie/returns/?view=refund").content.decode()

    assert "next-ours" in page


def otherwise(client, rma, **fields):
    sent = {f"edit-{key}": value for key, value in fields.items() if key != "look"}
    if "look" in fields:
        sent["look"] = "1"
    return client.post(f"/desk/galerie/returns/{rma.number}/settlement/otherwise/", sent)


def test_another_amount_is_looked_at_before_it_is_decided(shop, seen):
    client = at_desk(shop)
    typed = {"amount": "30,00", "ground": "loss_of_value", "words": "The shade is stained."}

    looked = otherwise(client, seen, look=True, **typed)

    assert looked.status_code == 200
    page = looked.content.decode()
    assert "The shade is stained." in page
    assert "Refund €30.00" in page
    assert not Settlement.objects.exists()
    done = otherwise(client, seen, **typed)
    assert done.status_code == 302
    assert Settlement.objects.get().gross_minor == 3000
    assert "The shade is stained." in page_of(client, seen)


def test_what_was_typed_stays_when_it_is_refused(shop, seen):
    client = at_desk(shop)

    unread = otherwise(client, seen, amount="lots", ground="goodwill", words="Sorry.")
    above = otherwise(client, seen, look=1, amount="900", ground="goodwill", words="Sorry.")

    assert unread.status_code == 422
    assert "Please type an amount" in unread.content.decode()
    assert above.status_code == 422
    assert "at most €104.90" in above.content.decode()
    assert "Sorry." in above.content.decode()


def test_the_words_of_a_template_are_filled_in(shop, seen):
    kept = keep_template(shop, None, title="Apology", language="en", text="Dear {name}, sorry.")

    page = at_desk(shop).get(f"/desk/galerie/returns/{seen.number}/?words={kept.pk}")

    assert "Dear Camille Œuvrard, sorry." in page.content.decode()


def test_who_may_not_refund_cannot_pay_another_amount(shop, seen):
    client = at_desk(shop, Role.WAREHOUSE, "Karim Benali")

    refused = otherwise(client, seen, amount="30", ground="goodwill", words="Sorry.")

    assert refused.status_code == 403
