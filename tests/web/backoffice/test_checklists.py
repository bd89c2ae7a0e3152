"""Grades and checklists at the desk: written in the settings, asked at the inspection."""

import io

import pytest
from PIL import Image
from tests.world import order_of, received_return

from rebond.domain.products.actions import NewProduct, keep_products
from rebond.domain.shops.access import Role
from rebond.domain.warehouse.models import Checklist, Inspection

HERE = "/desk/galerie/settings/checklists/"


def picture():
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(file, "PNG")
    file.seek(0)
    file.name = "lamp.png"
    return file


@pytest.fixture
def owner(shop, at_desk):
    keep_products(shop, [NewProduct("LAMP-01", category="Lamps")], by="test")
    return at_desk(shop)


def typed(*questions, **more):
    told = {}
    for index, (text, best) in enumerate(questions):
        told |= {
            f"q-{index}-key": "",
            f"q-{index}-place": str(index + 1),
            f"q-{index}-en": text,
            f"q-{index}-fr": "",
            f"q-{index}-best": best,
        }
    return told | more


def write_lamps(owner, **more):
    told = typed(("Does it light up?", "c"), ("", ""), **more)
    return owner.post(f"{HERE}new/?category=Lamps", told)


def test_a_checklist_is_written_changed_and_taken_away(owner):
    answer = write_lamps(owner, **{"grade-a-en": "Never plugged in", "grade-a-picture": picture()})
    kept = Checklist.objects.get()
    page = owner.get(f"{HERE}{kept.pk}/").content.decode()
    shown = owner.get(f"{HERE}{kept.pk}/a/")

    assert answer.status_code == 302
    assert kept.category == "Lamps"
    assert kept.questions == [{"key": "q1", "words": {"en": "Does it light up?"}, "at_best": "c"}]
    assert "Never plugged in" in page
    assert shown.headers["Content-Type"] == "image/jpeg"
    owner.post(f"{HERE}{kept.pk}/", typed(("Is it whole?", "")) | {"grade-a-away": "on"})
    kept.refresh_from_db()
    assert (kept.grades, kept.questions[0]["words"]["en"]) == ({}, "Is it whole?")
    assert owner.get(f"{HERE}{kept.pk}/a/").status_code == 404
    owner.post(f"{HERE}{kept.pk}/end/")
    assert not Checklist.objects.exists()


def test_the_order_follows_the_positions(owner):
    told = typed(("Second?", ""), ("First?", "")) | {"q-0-place": "9", "q-1-place": "2"}

    owner.post(f"{HERE}new/?category=", told)

    assert [one["words"]["en"] for one in Checklist.objects.get().questions] == [
        "First?",
        "Second?",
    ]


@pytest.mark.parametrize(
    "wrong", [{"q-0-place": "first"}, {"q-0-en": "x" * 201}, {"grade-a-en": "x" * 401}]
)
def test_what_cannot_be_read_is_said_and_nothing_is_kept(owner, wrong):
    answer = write_lamps(owner, **wrong)

    assert answer.status_code == 422
    assert b"field-error" in answer.content
    assert not Checklist.objects.exists()


def test_a_file_that_is_no_picture_is_refused(owner):
    file = io.BytesIO(b"%PDF-1.4")
    file.name = "lamp.png"

    assert write_lamps(owner, **{"grade-b-picture": file}).status_code == 422


def test_the_list_says_which_categories_have_none(owner):
    before = owner.get(HERE).content.decode()
    write_lamps(owner)
    after = owner.get(HERE).content.decode()

    assert '<option value="Lamps">' in before
    assert '<option value="Lamps">' not in after
    assert "1 question" in after


def test_the_station_asks_and_the_answers_stay_with_the_piece(shop, owner, at_desk):
    write_lamps(owner, **{"grade-a-en": "Never plugged in"})
    rma = received_return(order_of(shop), {"LAMP-01": 1})
    line = rma.lines.get()
    karim = at_desk(shop, Role.WAREHOUSE, name="Karim Benali")
    page = karim.get(f"/desk/galerie/returns/{rma.number}/inspection/").content.decode()
    told = {
        "version": rma.version,
        f"{line.pk}-0-quantity": "1",
        f"{line.pk}-0-grade": "b",
        f"{line.pk}-0-accepted": "on",
    }
    post = f"/desk/galerie/returns/{rma.number}/inspection/"

    silent = karim.post(post, told)
    better = karim.post(post, told | {f"{line.pk}-0-ask-q1": "no"})
    karim.post(post, told | {f"{line.pk}-0-grade": "c", f"{line.pk}-0-ask-q1": "no"})

    assert "Does it light up?" in page
    assert "Never plugged in" in page
    assert (silent.status_code, better.status_code) == (422, 422)
    assert "answer every question" in silent.content.decode()
    assert "C, signs of use is the best grade" in better.content.decode()
    assert Inspection.objects.get().answers[0]["answer"] == "no"
    for address in (f"/desk/galerie/returns/{rma.number}/", "/desk/galerie/warehouse/pieces/"):
        assert "Does it light up?" in karim.get(address).content.decode()


def test_a_picture_of_another_shop_stays_hidden(owner, at_desk):
    write_lamps(owner, **{"grade-a-picture": picture()})
    kept = Checklist.objects.get()

    answer = owner.get(f"/desk/atelier/settings/checklists/{kept.pk}/a/")

    assert answer.status_code == 404
