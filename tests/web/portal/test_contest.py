"""On the page of the return: what was found, contested with words and photos, and the answer."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.web.portal.steps import status_page
from tests.world import findings, order_of, received_return, run_jobs, small_shop, staff_of

from rebond.domain.contests.actions import answer_contest
from rebond.domain.contests.models import Contest
from rebond.domain.contests.states import ContestOutcome
from rebond.domain.returns.links import token_for
from rebond.domain.warehouse.actions import inspect_return
from rebond.domain.warehouse.grades import Grade

pytestmark = pytest.mark.django_db


@pytest.fixture
def order():
    return order_of(small_shop(), days_since_delivery=20)


@pytest.fixture
def rma(order):
    rma = received_return(order, {"LAMP-01": 1})
    inspect_return(rma.pk, findings(rma, Grade.C, kept_percent=30), by="staff:Karim")
    run_jobs()
    rma.refresh_from_db()
    return rma


def contest(client, rma, token="", **fields):
    page = reverse("portal:contest", args=[rma.shop.slug, token or rma.number])
    return client.post(page, {"text": "It is as new.", **fields})


def test_what_was_kept_is_said_and_may_be_contested(rma, order, visitor):
    page = visitor.get(status_page(order, rma.number)).content.decode()

    assert "30 % of its price is not refunded" in page
    assert "You see it differently?" in page


def test_words_and_a_photo_are_taken_and_the_page_says_by_when(rma, order, visitor, jpeg):
    answer = contest(visitor, rma, photos=SimpleUploadedFile("a.jpg", jpeg, "image/jpeg"))
    page = visitor.get(answer.url).content.decode()

    assert "Somebody who did not grade it looks at it again." in page
    assert Contest.objects.get().photos
    assert "contest-text" not in page


def test_without_words_what_was_kept_stays_on_the_page(rma, visitor):
    answer = contest(visitor, rma, text="  ")

    assert answer.status_code == 422
    assert "Please write in a few words how you see it." in answer.content.decode()


def test_a_file_that_is_no_picture_is_refused_and_the_words_are_not_lost(rma, visitor):
    answer = contest(visitor, rma, photos=SimpleUploadedFile("a.jpg", b"%PDF-1.7", "image/jpeg"))

    assert answer.status_code == 422
    assert "It is as new." in answer.content.decode()
    assert not Contest.objects.exists()


def test_a_second_click_contests_once(rma, visitor):
    contest(visitor, rma)

    assert contest(visitor, rma).status_code == 409
    assert Contest.objects.count() == 1


def test_the_answer_is_read_by_who_holds_the_link(rma, order, visitor, client):
    contest(visitor, rma)
    staff = staff_of(rma.shop)
    answer_contest(
        rma.pk, ContestOutcome.STANDS, "There is a scratch.", staff=staff, by="staff:Ana Lopes"
    )

    by_link = client.get(status_page(order, token_for(rma))).content.decode()
    masked = visitor.get(status_page(order, rma.number)).content.decode()

    assert "There is a scratch." in by_link
    assert "the grade stays as it was" in masked
    assert "There is a scratch." not in masked


def test_somebody_else_contests_nothing(rma, client):
    assert contest(client, rma).status_code == 404
