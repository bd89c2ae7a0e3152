"""What people really send: huge photos, other formats, long words, any script, twice, too late."""

import io
import re
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image
from tests.web.portal.steps import ONE_LAMP, choose, page_of, send, status_page
from tests.world import LAMP, order_of, requested_return, run_jobs, small_shop

from rebond.domain.returns.links import LIFETIME, token_for
from rebond.domain.returns.models import Photo, Reason, Return
from rebond.kernel.clock import now
from rebond.outbound.notifications.models import Message

pytestmark = pytest.mark.django_db
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\x00" * 200
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def jpeg_of(width, height):
    out = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(out, "JPEG", quality=30)
    return out.getvalue()


def with_photo(client, order, content, name="photo.jpg", kind="image/jpeg"):
    photo = SimpleUploadedFile(name, content, kind)
    return choose(client, order, **ONE_LAMP, **{"l1-photos": photo})


def test_a_photo_of_forty_megapixels_is_taken_and_made_small(order, visitor):
    send(visitor, with_photo(visitor, order, jpeg_of(8000, 5000)).url)

    photo = Photo.objects.get()
    assert (photo.width, photo.height) == (2000, 1250)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (jpeg_of(8000, 5001), "This picture is too large: 40 megapixels at most, please."),
        (HEIC, "Your telephone saved this picture as HEIC"),
        (PDF, "This is a PDF document, not a picture."),
        (b"", "We could not read this picture."),
        (b"GIF89a" + b"\x00" * 40, "We could not read this picture."),
    ],
    ids=["too many pixels", "heic", "a pdf named jpg", "empty", "gif"],
)
def test_what_is_no_picture_for_us_is_said_kindly_and_nothing_typed_is_lost(
    order, visitor, content, said
):
    fields = {**ONE_LAMP, "l1-comment": "A scratch on the foot"}
    photo = SimpleUploadedFile("photo.jpg", content, "image/jpeg")

    answer = choose(visitor, order, **fields, **{"l1-photos": photo})

    page = answer.content.decode()
    assert (answer.status_code, Return.objects.count()) == (422, 0)
    assert said in page
    assert "A scratch on the foot" in page
    assert "l1-photos-error" in page


def test_ten_thousand_characters_are_too_many_and_stay_on_the_page(order, visitor):
    answer = choose(visitor, order, **ONE_LAMP, **{"l1-comment": "é" * 10_000})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "This text is too long: 2000 characters at most, please." in page
    assert "é" * 1000 in page


def test_the_last_words_too_are_not_lost_where_they_are_too_long(order, visitor):
    answer = choose(visitor, order, **ONE_LAMP, comment="ü" * 10_000)

    assert answer.status_code == 422
    assert "2000 characters at most" in answer.content.decode()


@pytest.mark.parametrize("name", ["مريم العلي", "שרה כהן", "Zoë 🦊 D’Arc", "山田 花子"])
def test_any_name_goes_its_whole_way(find, name):
    order = order_of(small_shop(), lines=(LAMP,), name=name)
    visitor = find(order)

    send(visitor, choose(visitor, order, **ONE_LAMP, **{"l1-comment": "Trop petit 😢 صغير"}).url)
    run_jobs()

    rma = Return.objects.get()
    by_link = reverse("portal:return", args=[order.shop.slug, token_for(rma)])
    assert visitor.get(by_link).status_code == 200
    assert rma.lines.get().comment == "Trop petit 😢 صغير"
    assert Message.objects.filter(subject__contains=rma.number).exists()
    slip = visitor.get(f"{by_link}address/a4.pdf")
    assert slip.content.startswith(b"%PDF-")


def test_words_that_run_from_right_to_left_keep_their_direction(order, visitor):
    send(visitor, choose(visitor, order, **ONE_LAMP).url)
    write = reverse("portal:write", args=["galerie", token_for(Return.objects.get())])
    visitor.post(write, {"text": "شكرا جزيلا"})

    page = visitor.get(write.replace("messages/", "")).content.decode()

    assert re.search(r'dir="auto"[^>]*>\s*(?:<p>)?شكرا جزيلا', page)


def test_two_clicks_and_the_back_button_make_one_return(order, visitor):
    preview = choose(visitor, order, **ONE_LAMP).url

    first, second = send(visitor, preview), send(visitor, preview)
    back = visitor.get(preview)

    assert Return.objects.count() == 1
    assert first.url == second.url == back.url


def test_who_goes_back_to_the_choice_finds_it_as_it_was(order, visitor):
    preview = choose(visitor, order, **ONE_LAMP, **{"l1-comment": "Too small"}).url
    token = preview.rstrip("/").rsplit("/", 1)[1]

    page = visitor.get(f"{page_of(order)}?draft={token}").content.decode()

    assert "Too small" in page
    assert 'id="l1-chosen" name="l1-chosen" value="1" checked' in page


def test_a_link_of_a_letter_that_is_too_old_shows_the_way_in(order, client):
    rma = requested_return(order, {"LAMP-01": 1})
    page = status_page(order, token_for(rma))

    with time_machine.travel(now() + LIFETIME + timedelta(days=1)):
        answer = client.get(page)

    assert answer.status_code == 404
    assert reverse("portal:start", args=["galerie"]) in answer.content.decode()


def test_a_reason_for_other_articles_is_refused_when_it_is_posted_by_hand(order, visitor):
    Reason.objects.filter(shop=order.shop, code="changed_mind").update(categories=["shoes"])

    answer = choose(visitor, order, **ONE_LAMP)

    assert (answer.status_code, Return.objects.count()) == (422, 0)
    assert "Please tell us why it comes back." in answer.content.decode()
