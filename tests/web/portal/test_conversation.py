"""Talking to the shop from the status page: who may read, what is refused, nothing is lost."""

import pytest
from tests.web.portal.test_access import _file, status_page
from tests.world import requested_return

from rebond.domain.conversations import actions
from rebond.domain.conversations.actions import write_to_shopper
from rebond.domain.returns.links import token_for

SAID = "Could you show us the label?"


@pytest.fixture
def rma(order):
    return requested_return(order, {"MUG-07": 1})


def by_link(order, rma):
    return status_page(order, token_for(rma))


def test_only_the_link_from_our_mail_shows_what_was_said(order, visitor, rma):
    write_to_shopper(rma.pk, SAID, by="staff:Ana")

    known = visitor.get(status_page(order, rma.number)).content.decode()
    linked = visitor.get(by_link(order, rma)).content.decode()

    assert SAID not in known and "open the link" in known
    assert SAID in linked


def test_who_only_knows_the_order_may_write(order, visitor, rma):
    visitor.post(status_page(order, rma.number) + "messages/", {"text": "A question"})

    assert rma.conversation.get().text == "A question"


def test_a_photo_comes_with_the_message(order, visitor, rma, jpeg):
    url = by_link(order, rma)
    visitor.post(url + "messages/", {"text": "", "photos": _file(jpeg)})

    message = rma.conversation.get()
    assert message.pictures.count() == 1 and rma.photos.count() == 1
    photo = message.pictures.get().photo_id
    assert visitor.get(f"{url}photos/{photo}/").status_code == 200


def test_an_empty_message_is_refused(order, visitor, rma):
    answer = visitor.post(by_link(order, rma) + "messages/", {"text": "  "})

    assert answer.status_code == 422
    assert not rma.conversation.exists()


def test_words_are_not_lost_when_the_photo_is_none(order, visitor, rma):
    file = _file(b"no picture")

    answer = visitor.post(
        by_link(order, rma) + "messages/", {"text": "My long story", "photos": file}
    )

    assert answer.status_code == 422
    assert "My long story" in answer.content.decode()
    assert not rma.conversation.exists()


def test_very_many_messages_in_a_day_are_refused(order, visitor, rma, monkeypatch):
    monkeypatch.setattr(actions, "MOST_A_DAY", 2)
    url = by_link(order, rma) + "messages/"

    answers = [visitor.post(url, {"text": f"No. {n}"}).status_code for n in range(3)]

    assert answers == [302, 302, 409]
    assert rma.conversation.count() == 2


def test_what_is_written_is_shown_as_words_only(order, visitor, rma):
    visitor.post(by_link(order, rma) + "messages/", {"text": "<script>alert(1)</script>"})

    page = visitor.get(by_link(order, rma)).content.decode()

    assert "<script>alert" not in page and "&lt;script&gt;alert" in page
