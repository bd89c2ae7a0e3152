"""The contact form: who may write, what keeps machines out, what comes back."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from tests.world import EMAIL, requested_return

from rebond.domain.enquiries.actions import answer_enquiry, turn_into_return
from rebond.domain.enquiries.models import Enquiry
from rebond.kernel.clock import now

HERE = "/s/galerie/contact/"


@pytest.fixture
def visitor(order):
    return Client(headers={"accept-language": "en"})


def begun(client):
    page = client.get(HERE).content.decode()
    return re.search(r'name="begun" value="([^"]+)"', page)[1]


def send(client, *, after=10, **more):
    told = {"email": EMAIL, "text": "Where do I send the lamp?", "begun": begun(client)} | more
    with time_machine.travel(now() + timedelta(seconds=after)):
        return client.post(HERE, told)


def test_a_message_arrives_and_its_page_shows_it(visitor):
    answer = send(visitor, name="Zoé", number="1001")

    enquiry = Enquiry.objects.get()
    page = visitor.get(answer.headers["Location"]).content.decode()
    assert (enquiry.name, enquiry.order.number, enquiry.language) == ("Zoé", "1001", "en")
    assert "Where do I send the lamp?" in page
    assert "We answer by e-mail" in page
    assert "Camille" not in page


def test_what_was_typed_stays_when_something_is_missing(visitor):
    answer = send(visitor, email="camille", text="Hello")

    assert answer.status_code == 422
    assert "Please check the e-mail address." in answer.content.decode()
    assert "Hello" in answer.content.decode()


def test_a_machine_that_fills_in_everything_is_told(visitor):
    answer = send(visitor, website="https://spam.example")

    assert answer.status_code == 422
    assert not Enquiry.objects.exists()


def test_too_quick_is_asked_to_send_again_and_then_it_goes(visitor):
    first = send(visitor, after=1)
    kept = re.search(r'name="begun" value="([^"]+)"', first.content.decode())[1]

    again = send(visitor, begun=kept)

    assert first.status_code == 422
    assert again.status_code == 302


@pytest.mark.parametrize("stamp", ["", "x", "1:abc:def"])
def test_a_form_that_was_never_shown_is_not_taken(visitor, stamp):
    assert send(visitor, begun=stamp).status_code == 422


def test_one_client_sends_ten_in_an_hour(visitor):
    answers = [send(visitor, email=f"p{n}@client.example", text=f"Question {n}") for n in range(11)]

    assert [one.status_code for one in answers] == [302] * 10 + [429]


def test_the_answer_is_read_and_answered_on_the_page(visitor):
    page = send(visitor).headers["Location"]
    enquiry = Enquiry.objects.get()
    answer_enquiry(enquiry.pk, "To Lyon.", by="staff:Ana")

    seen = visitor.get(page).content.decode()
    empty = visitor.post(page, {"text": " "})
    added = visitor.post(page, {"text": "Thank you"})

    assert "To Lyon." in seen and "Ana" not in seen
    assert (empty.status_code, added.status_code) == (422, 302)
    assert enquiry.said.count() == 3


def test_a_return_made_of_it_ends_the_page(visitor, order):
    from_page = send(visitor).headers["Location"]
    rma = requested_return(order, {"LAMP-01": 1})
    turn_into_return(Enquiry.objects.get().pk, rma.pk, by="staff:Ana")

    page = visitor.get(from_page).content.decode()

    assert rma.number in page
    assert 'name="text"' not in page
    assert visitor.post(from_page, {"text": "More"}).status_code == 422


@pytest.mark.parametrize("token", ["x", "abc:def"])
def test_a_link_that_was_changed_opens_nothing(visitor, token):
    assert visitor.get(f"{HERE}{token}/").status_code == 404
