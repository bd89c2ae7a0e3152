"""Where no mail server is named, no page promises an e-mail or a code that never comes."""

import re

import pytest
from django.urls import reverse
from tests.web.portal.steps import ONE_LAMP, choose, page_of, send, status_page
from tests.world import requested_return

from rebond.domain.proofs.models import OneTimeCode

pytestmark = pytest.mark.django_db
NOT_NOW = "We cannot send e-mails at the moment."
ASK = "/s/galerie/mailbox/"


@pytest.fixture(autouse=True)
def no_mail_server(settings, mail_server):
    settings.SMTP_URL = ""


def words_of(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def test_every_page_says_so_and_names_another_way(order, visitor):
    for page in ("/s/galerie/", "/s/galerie/contact/", page_of(order)):
        said = words_of(visitor.get(page))
        assert NOT_NOW in said
        assert "mailto:bonjour@galerie.example" in said


def test_with_a_mail_server_nothing_is_said(order, visitor, settings, tmp_path):
    settings.SMTP_URL = f"file://{tmp_path}/outbox"

    assert NOT_NOW not in words_of(visitor.get("/s/galerie/"))


def test_a_request_is_sent_and_no_letter_claimed(order, visitor):
    page = visitor.get(send(visitor, choose(visitor, order, **ONE_LAMP).url).url)

    said = words_of(page)
    assert "Your request is sent." in said
    assert "We have also written you" not in said


def test_no_code_is_offered_made_or_waited_for(order, visitor):
    rma = requested_return(order, {"LAMP-01": 1})
    start = words_of(visitor.get("/s/galerie/"))
    masked = words_of(visitor.get(status_page(order, rma.number)))
    asked = visitor.get(ASK)
    typed = visitor.post(ASK, {"email": "camille@client.example"})
    pressed = visitor.post(reverse("portal:ask_code", args=["galerie", rma.number]))

    assert "Without my order number" not in start
    assert "Send me a code" not in masked
    assert "as soon as we can send any" in masked
    assert (asked.status_code, typed.status_code) == (200, 503)
    assert 'name="email"' not in words_of(asked)
    assert "With my order number" in words_of(typed)
    assert pressed.url == ASK
    assert not OneTimeCode.objects.exists()


def test_at_the_door_of_the_desk_the_link_is_said_to_wait(order, client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    page = client.get(reverse("backoffice:password_forgotten"))
    after = client.post(page.request["PATH_INFO"], {"email": "ana@galerie.example"}, follow=True)

    assert "the link waits until your host names one" in words_of(page)
    assert "waits until it can be sent" in words_of(after)


def test_a_withdrawal_promises_its_acknowledgement_later_and_the_file_now(order, client):
    page = reverse("portal:withdraw", args=["galerie"])

    for language, said in (
        ("en", "as soon as we can; you can download your statement at once"),
        ("fr", "y part dès que possible ; vous pourrez télécharger"),
        ("de", "folgt dorthin, sobald es geht"),
    ):
        assert said in words_of(client.get(f"{page}?lang={language}"))
