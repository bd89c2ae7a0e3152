"""At the desk and on the shopper's page: a worn piece is discussed before it is graded."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from tests.world import LAMP, PASSWORD, order_of, received_return, small_shop, staff_of

from rebond.domain.discussions.models import Discussion
from rebond.domain.returns.links import token_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def rma():
    return received_return(order_of(small_shop(), lines=(LAMP,)), {"LAMP-01": 1})


@pytest.fixture
def desk(rma):
    client = Client(headers={"accept-language": "en"})
    staff = staff_of(rma.shop)
    client.post("/desk/login/", {"email": staff.user.email, "password": PASSWORD})
    return client


def picture():
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(out, "JPEG")
    return SimpleUploadedFile("stain.jpg", out.getvalue(), "image/jpeg")


def propose(desk, rma, **changed):
    line = rma.lines.get()
    typed = {
        f"pieces-{line.pk}": "1",
        f"kept-{line.pk}": "30",
        "text": "The shade is stained.",
        "clause": "L221-23",
        "days": "5",
        "photos": picture(),
    } | changed
    return desk.post(reverse("backoffice:discuss", args=[rma.shop.slug, rma.number]), typed)


def page_of(desk, rma):
    return desk.get(f"/desk/galerie/returns/{rma.number}/").content.decode()


def answer(rma, **typed):
    client = Client(headers={"accept-language": "en"})
    page = reverse("portal:discussion", args=[rma.shop.slug, token_for(rma)])
    return client.post(page, typed)


def shopper_page(rma):
    client = Client(headers={"accept-language": "en"})
    return client.get(reverse("portal:return", args=[rma.shop.slug, token_for(rma)]))


def test_the_customer_is_asked_and_the_desk_waits(desk, rma):
    assert propose(desk, rma).status_code == 302

    page = page_of(desk, rma)
    assert "The customer has not answered yet." in page
    assert "Nothing is decided before." in page
    queue = desk.get("/desk/galerie/returns/?view=discussed").content.decode()
    assert rma.number in queue
    assert rma.number not in desk.get("/desk/galerie/returns/?view=inspect").content.decode()


def test_the_shopper_sees_photos_rule_and_sum_and_agrees(desk, rma):
    propose(desk, rma)
    page = shopper_page(rma).content.decode()
    assert "We propose to keep 30 % of its price: €10.00." in page
    assert "L221-23" in page
    assert str(Discussion.objects.get().photos[0]) in page

    assert answer(rma, reply="accept").status_code == 302

    assert "You agreed." in shopper_page(rma).content.decode()
    form = desk.get(reverse("backoffice:inspect", args=[rma.shop.slug, rma.number]))
    assert 'value="30"' in form.content.decode()


def test_words_are_not_lost_where_an_answer_is_missing(desk, rma):
    propose(desk, rma)

    refused = answer(rma, text="I am not sure.")

    assert refused.status_code == 422
    assert "I am not sure." in refused.content.decode()


def test_what_was_typed_is_not_lost_at_the_desk(desk, rma):
    refused = propose(desk, rma, clause="")

    assert refused.status_code == 422
    assert "The shade is stained." in refused.content.decode()


def test_the_articles_go_back(desk, rma):
    propose(desk, rma)
    answer(rma, reply="keep")
    assert "The customer wants the articles back" in page_of(desk, rma)

    done = desk.post(
        reverse("backoffice:send_pieces_back", args=[rma.shop.slug, rma.number]),
        {"carrier": "Colissimo", "tracking": "6A1"},
    )

    assert done.status_code == 302
    assert "Your articles are on their way back to you." in shopper_page(rma).content.decode()


def test_the_desk_does_not_close_a_return_whose_customer_is_asked(rma, desk):
    close = reverse("backoffice:close", args=[rma.shop.slug, rma.number])
    assert close in page_of(desk, rma)
    propose(desk, rma)

    assert close not in page_of(desk, rma)
    desk.post(close)

    rma.refresh_from_db()
    assert rma.request_state == "approved"
