"""Who guesses at the portal is slowed down, and the shop hears of it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import translation
from tests.world import run_jobs

from rebond.domain.proofs.events import GuessingSeen
from rebond.domain.proofs.models import Tries
from rebond.kernel.clock import now
from rebond.kernel.models import Event
from rebond.outbound.notifications.letters.team import guessing_seen
from rebond.outbound.notifications.models import Message
from rebond.web.portal.limits import ENQUIRIES, PER_ADDRESS, PER_ORDER

pytestmark = pytest.mark.django_db
START = "/s/galerie/"


def guess(times, *, number="1001"):
    return [
        Client()
        .post(
            START,
            {"number": number, "proof": f"guess{n}@thief.example"},
            headers={"X-Forwarded-For": f"198.51.100.{n + 1}"},
        )
        .status_code
        for n in range(times)
    ]


def alarms():
    return Event.objects.filter(name=GuessingSeen.name)


def test_the_shop_hears_once_that_an_order_is_guessed_at(order):
    answers = guess(PER_ORDER.tries + 3)

    assert answers == [422] * PER_ORDER.tries + [429] * 3
    [alarm] = alarms()
    assert alarm.shop_id == order.shop_id
    assert alarm.payload["what"] == "order"


def test_a_typing_mistake_alarms_nobody(order):
    guess(PER_ORDER.tries - 1)

    assert not alarms().exists()


def test_a_second_order_within_the_hour_makes_no_second_letter(order):
    guess(PER_ORDER.tries)
    guess(PER_ORDER.tries, number="1002")

    assert alarms().count() == 1


def test_an_hour_later_the_shop_hears_again(order):
    guess(PER_ORDER.tries)
    Tries.objects.update(ends_at=now() - timedelta(seconds=1))

    guess(PER_ORDER.tries)

    assert alarms().count() == 2


def test_the_letter_says_what_was_tried_and_nothing_that_was_typed(order):
    guess(PER_ORDER.tries)
    run_jobs()

    letter = Message.objects.get(shop=order.shop, kind="guessing_seen")
    assert letter.to_address == order.shop.email
    assert "thief.example" not in letter.text
    assert "1001" not in letter.text


@pytest.mark.parametrize("what", ["order", "proof", "address", "code"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_each_kind_of_guessing_has_its_words(order, what, language):
    with translation.override(language):
        content = guessing_seen(order.shop, what)

    [(_, told)] = content.facts
    assert told != what
    assert (" connexion" in told or "commande" in told) == (language == "fr")


def test_many_questions_are_no_guessing():
    assert not ENQUIRIES.is_guessing
    assert PER_ADDRESS.is_guessing
