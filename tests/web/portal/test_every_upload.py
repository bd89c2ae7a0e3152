"""Whatever people send instead of a picture is answered kindly wherever a picture may be added."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.domain.test_donations import donated, donation_rule, shop_with
from tests.web.backoffice.test_discussions import propose
from tests.web.portal.test_odd_input import HEIC, PDF, jpeg_of
from tests.world import (
    LAMP,
    PASSWORD,
    findings,
    order_of,
    received_return,
    requested_return,
    run_jobs,
    small_shop,
    staff_of,
)

from rebond.domain.returns.links import token_for
from rebond.domain.returns.models import Photo, Return
from rebond.domain.warehouse.actions import inspect_return
from rebond.domain.warehouse.grades import Grade

pytestmark = pytest.mark.django_db
WORDS = "Here is what I mean."


def _requested() -> Return:
    return requested_return(order_of(small_shop()), {"MUG-07": 1})


def _graded() -> Return:
    rma = received_return(order_of(small_shop(), days_since_delivery=20), {"LAMP-01": 1})
    inspect_return(rma.pk, findings(rma, Grade.C, kept_percent=30), by="staff:Karim")
    run_jobs()
    return rma


def _discussed() -> Return:
    rma = received_return(order_of(small_shop(), lines=(LAMP,)), {"LAMP-01": 1})
    desk = Client(headers={"accept-language": "en"})
    staff = staff_of(rma.shop)
    desk.post("/desk/login/", {"email": staff.user.email, "password": PASSWORD})
    assert propose(desk, rma).status_code == 302
    return rma


def _given_away() -> Return:
    rma = donated(shop_with(donation_rule("photo")))
    run_jobs()
    return rma


FIELDS: dict[str, tuple[Callable[[], Return], dict[str, str]]] = {
    "more_photos": (_requested, {}),
    "write": (_requested, {"text": WORDS}),
    "contest": (_graded, {"text": WORDS}),
    "discussion": (_discussed, {"text": WORDS, "reply": "contest"}),
    "donated": (_given_away, {"note": WORDS}),
}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (jpeg_of(8000, 5001), "This picture is too large: 40 megapixels at most, please."),
        (HEIC, "Your telephone saved this picture as HEIC"),
        (PDF, "This is a PDF document, not a picture."),
    ],
    ids=["too many pixels", "heic", "a pdf named jpg"],
)
@pytest.mark.parametrize("field", FIELDS)
def test_no_picture_is_taken_and_the_words_stay(field, content, said):
    make, typed = FIELDS[field]
    rma = make()
    before = Photo.objects.count()

    answer = _sent(rma, field, typed, content)

    page = answer.content.decode()
    assert (answer.status_code, Photo.objects.count()) == (422, before)
    assert said in page
    assert WORDS in page or field == "more_photos"


@pytest.mark.parametrize("field", FIELDS)
def test_forty_megapixels_are_taken_and_made_small(field):
    make, typed = FIELDS[field]
    rma = make()
    before = set(Photo.objects.values_list("pk", flat=True))

    answer = _sent(rma, field, typed, jpeg_of(8000, 5000))

    [fresh] = Photo.objects.exclude(pk__in=before)
    assert (answer.status_code, fresh.width, fresh.height) == (302, 2000, 1250)


def _sent(rma: Return, field: str, typed: dict[str, str], content: bytes):
    page = reverse(f"portal:{field}", args=[rma.shop.slug, token_for(rma)])
    photo = SimpleUploadedFile("photo.jpg", content, "image/jpeg")
    return Client(headers={"accept-language": "en"}).post(page, {**typed, "photos": photo})
