"""A shop's own words in its letters, around what is always ours."""

import pytest
from tests.world import order_of, requested_return, run_jobs, small_shop

from rebond.domain.conversations.errors import UnknownPlaceholder
from rebond.domain.returns.errors import TextTooLong
from rebond.domain.returns.events import ReturnApproved
from rebond.domain.shops.actions import change_shop
from rebond.kernel.ids import uuid7
from rebond.outbound.notifications.actions import write_message
from rebond.outbound.notifications.errors import UnknownLetter
from rebond.outbound.notifications.letters.table import WRITERS
from rebond.outbound.notifications.models import LetterWords, Message
from rebond.outbound.notifications.own_words import (
    KINDS,
    LONGEST_WORDS,
    Words,
    keep_words,
    spoken,
    words_of,
)
from rebond.web.backoffice.letter_words import GROUPS, TITLES

pytestmark = pytest.mark.django_db
OWN = Words(
    subject="{name}, c’est noté ({number})",
    opening="Merci de votre confiance.\nOn s’occupe de tout pour {order}.",
    closing="À bientôt chez {shop} <3",
)


@pytest.fixture
def shop():
    return small_shop()


def letter_of(shop, kind="return_approved"):
    rma = requested_return(order_of(shop), {"MUG-07": 1})
    run_jobs()
    return rma, Message.objects.get(rma=rma, kind=kind)


def test_own_words_stand_around_ours(shop):
    plain = letter_of(shop)[1]
    Message.objects.all().delete()
    keep_words(shop, "return_approved", "fr", OWN, by="staff:Ana")
    rma = plain.rma
    told = write_message(ReturnApproved(str(rma.pk), rma.number), cause=uuid7())

    assert told.subject == f"{rma.shopper.name}, c’est noté ({rma.number})"
    rest = told.text.split("\n\n", 1)[1]
    assert rest.startswith("Merci de votre confiance.\n\nOn s’occupe de tout pour 1001.\n\n")
    assert "À bientôt chez Galerie <3" in told.text and "À bientôt chez Galerie &lt;3" in told.html
    ours = [line for line in plain.text.splitlines() if line.strip()]
    assert [line for line in ours if line not in told.text.splitlines()] == []


def test_another_language_and_another_letter_stay_as_they_are(shop):
    keep_words(shop, "return_approved", "en", OWN, by="staff:Ana")
    keep_words(shop, "return_declined", "fr", OWN, by="staff:Ana")

    _, letter = letter_of(shop)

    assert "confiance" not in letter.text and "noté" not in letter.subject
    assert spoken(shop) == {"return_approved": ["en"], "return_declined": ["fr"]}


def test_an_empty_set_of_words_is_taken_back(shop):
    keep_words(shop, "return_approved", "fr", OWN, by="staff:Ana")
    keep_words(shop, "return_approved", "fr", Words("  ", "\n", ""), by="staff:Ana")

    assert not LetterWords.objects.exists()
    assert words_of(shop, "return_approved", "fr") == Words()


@pytest.mark.parametrize(
    ("kind", "language", "words", "refusal"),
    [
        ("one_time_code", "fr", OWN, UnknownLetter),
        ("return_approved", "pt", OWN, UnknownLetter),
        ("refunded", "fr", Words(opening="{number}"), UnknownPlaceholder),
        ("return_approved", "fr", Words(closing="{prenom}"), UnknownPlaceholder),
        ("return_approved", "fr", Words(subject="x" * 151), TextTooLong),
        ("return_approved", "fr", Words(opening="x" * (LONGEST_WORDS + 1)), TextTooLong),
    ],
)
def test_a_slip_is_refused_and_nothing_is_kept(shop, kind, language, words, refusal):
    with pytest.raises(refusal):
        keep_words(shop, kind, language, words, by="staff:Ana")
    assert not LetterWords.objects.exists()


def test_a_subject_stays_one_line(shop):
    kept = keep_words(
        shop, "return_approved", "fr", Words("Bonjour\r\nBcc: eve@x.example"), by="staff:Ana"
    )

    assert kept.subject == "Bonjour Bcc: eve@x.example"


def test_letters_bear_the_colour_of_the_shop(shop):
    change_shop(shop, {"colours": {"brand": "#7a1f3d", "brand_ink": "#ffffff"}}, by="staff:Ana")

    assert "background:#7a1f3d" in letter_of(shop)[1].html


def test_a_colour_that_is_none_is_not_written_into_a_letter(shop):
    shop.colours = {"brand": "red;}", "brand_ink": "#ffffff"}
    shop.save(update_fields=["colours"])

    assert "red;}" not in letter_of(shop)[1].html


def test_every_letter_about_a_return_may_carry_words_and_each_has_a_name():
    assert {kind for kind, _ in WRITERS.values()} <= set(KINDS)
    assert set(TITLES) == set(KINDS) == {kind for _, kinds in GROUPS for kind in kinds}
