"""Questions without a return: taken once, answered by mail, made into a return."""

from datetime import timedelta

import pytest
import time_machine
from tests.world import EMAIL, order_of, requested_return, run_jobs, small_shop

from rebond.domain.conversations.actions import take_along, write_to_shop
from rebond.domain.conversations.errors import NothingWritten, TooManyMessages
from rebond.domain.conversations.models import ConversationMessage
from rebond.domain.enquiries.actions import (
    MOST_A_DAY,
    NewEnquiry,
    answer_enquiry,
    close_enquiry,
    receive_enquiry,
    turn_into_return,
    write_again,
)
from rebond.domain.enquiries.errors import (
    EnquiryOver,
    LooksLikeSpam,
    SenderUnreadable,
    TooManyEnquiries,
)
from rebond.domain.enquiries.links import enquiry_behind, enquiry_token
from rebond.domain.enquiries.models import Enquiry
from rebond.domain.enquiries.queries import is_of_sender, orders_for, words_of
from rebond.domain.enquiries.reading import lines_meant
from rebond.domain.privacy.keeping import erase_all
from rebond.domain.returns.errors import TextTooLong
from rebond.domain.shoppers.holdings import Subject
from rebond.kernel.clock import now
from rebond.kernel.models import Event
from rebond.outbound.notifications.models import Message

pytestmark = pytest.mark.django_db
TEXT = "Hello, I would like to send the paper lamp back."


@pytest.fixture
def shop():
    return small_shop()


def send(shop, text=TEXT, *, email=EMAIL, number="", **more):
    told = NewEnquiry(email=email, text=text, language="en", order_number=number, **more)
    return receive_enquiry(shop, told, by="visitor")


def test_a_question_is_kept_with_the_order_that_it_names(shop):
    order = order_of(shop)

    enquiry = send(shop, number=" #1001 ", name="Camille  Œuvrard")

    assert (enquiry.order, enquiry.state, enquiry.name) == (order, "open", "Camille Œuvrard")
    assert enquiry.number.startswith("Q-")
    assert words_of(enquiry) == TEXT
    assert Event.objects.filter(subject=enquiry.pk, name="enquiry.received").count() == 1


def test_the_same_words_within_an_hour_are_one_question(shop):
    first, again = send(shop), send(shop, email=EMAIL.upper())

    with time_machine.travel(now() + timedelta(hours=2)):
        later = send(shop)

    assert first.pk == again.pk
    assert later.pk != first.pk


def test_one_mailbox_sends_five_in_an_hour(shop):
    for place in range(5):
        send(shop, f"Question {place}")

    with pytest.raises(TooManyEnquiries):
        send(shop, "One more")
    assert send(shop, "Somebody else", email="zoe@client.example")


@pytest.mark.parametrize(
    ("told", "refusal"),
    [
        ({"email": "camille"}, SenderUnreadable),
        ({"email": "a@b.example\nBcc: c@d.example"}, SenderUnreadable),
        ({"text": " \n "}, NothingWritten),
        ({"text": "x" * 2001}, TextTooLong),
        ({"text": "http://a http://b https://c www.d"}, LooksLikeSpam),
    ],
)
def test_what_is_no_question_is_refused(shop, told, refusal):
    with pytest.raises(refusal):
        send(shop, **told)
    assert not Enquiry.objects.exists()


def test_the_answer_goes_by_mail_with_a_link_that_opens_it(shop):
    enquiry = send(shop)

    answer_enquiry(
        enquiry.pk, "Gladly.\nHere is how: https://a https://b https://c https://d", by="staff:Ana"
    )
    run_jobs()

    letter = Message.objects.get(kind="enquiry_answered")
    token = enquiry_token(enquiry)
    enquiry.refresh_from_db()
    assert enquiry.state == "answered"
    assert letter.to_address == EMAIL
    assert f"/s/galerie/contact/{token}/" in letter.text
    assert enquiry_behind(shop, token) == enquiry
    assert enquiry_behind(small_shop("atelier"), token) is None


def test_who_writes_again_is_up_for_an_answer_again(shop):
    enquiry = send(shop)
    close_enquiry(enquiry.pk, by="staff:Ana")
    close_enquiry(enquiry.pk, by="staff:Ana")

    write_again(enquiry.pk, "And the mug?", by="visitor")

    enquiry.refresh_from_db()
    assert enquiry.state == "open"
    assert Event.objects.filter(subject=enquiry.pk, name="enquiry.closed").count() == 1


def test_a_day_has_an_end(shop):
    enquiry = send(shop)
    for place in range(MOST_A_DAY - 1):
        write_again(enquiry.pk, f"{place}", by="visitor")

    with pytest.raises(TooManyMessages):
        write_again(enquiry.pk, "more", by="visitor")


def test_the_return_made_of_it_has_its_words_and_ends_it(shop):
    rma = requested_return(order_of(shop))
    enquiry = send(shop, number="1001")

    for _ in range(2):
        turn_into_return(enquiry.pk, rma.pk, by="staff:Ana")

    enquiry.refresh_from_db()
    said = ConversationMessage.objects.get(rma=rma)
    assert (enquiry.state, enquiry.rma) == ("turned", rma)
    assert (said.side, said.text, said.waits) == ("shopper", TEXT, False)
    for refused in (answer_enquiry, write_again):
        with pytest.raises(EnquiryOver):
            refused(enquiry.pk, "Hello", by="x")
    other = requested_return(order_of(shop, number="1002"))
    with pytest.raises(EnquiryOver):
        turn_into_return(enquiry.pk, other.pk, by="staff:Ana")


def test_orders_of_the_mailbox_are_offered_and_another_ones_is_marked(shop):
    theirs, named = order_of(shop), order_of(shop, number="1002", email="zoe@client.example")
    enquiry = send(shop, number="1002")

    offered = orders_for(enquiry)

    assert offered == [named, theirs]
    assert [is_of_sender(enquiry, order) for order in offered] == [False, True]


def test_what_was_written_about_another_return_goes_along(shop):
    order = order_of(shop)
    rma = requested_return(order, {"LAMP-01": 1})
    message = write_to_shop(rma.pk, "The mug too, please", by="shopper")
    other = requested_return(order, {"MUG-07": 1})
    foreign = requested_return(order_of(shop, number="1002"))

    done = [take_along(message.pk, one.pk, by="staff:Ana") for one in (other, other, rma, foreign)]

    message.refresh_from_db()
    assert done == [True, False, False, False]
    assert not message.waits
    assert other.conversation.get().text == "The mug too, please"


def test_who_is_erased_leaves_no_word(shop):
    enquiry = send(shop, name="Camille", number="4711")
    answer_enquiry(enquiry.pk, "Hello Camille", by="staff:Ana")

    erase_all(Subject(shop.pk, EMAIL, ()))

    enquiry.refresh_from_db()
    assert (enquiry.name, enquiry.email, enquiry.email_key, enquiry.order_told) == ("",) * 4
    assert set(enquiry.said.values_list("text", flat=True)) == {""}
    with pytest.raises(SenderUnreadable):
        answer_enquiry(enquiry.pk, "Hello", by="staff:Ana")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (TEXT, ["LAMP-01"]),
        ("the two blue mugs are broken", ["MUG-07"]),
        ("mug-07 and LAMP-01", ["LAMP-01", "MUG-07"]),
        ("It is too small", []),
    ],
)
def test_the_lines_that_seem_to_be_meant_are_found(shop, text, meant):
    lines = list(order_of(shop).lines.order_by("position"))

    assert [line.sku for line in lines_meant(text, lines)] == meant
    assert lines_meant(text, lines[:1]) == lines[:1]
