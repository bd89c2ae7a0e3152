"""A shop asks its own questions of each piece, category by category."""

from dataclasses import replace

import pytest
from tests.world import findings, order_of, received_return, small_shop

from rebond.domain.products.actions import NewProduct, keep_products
from rebond.domain.warehouse.actions import (
    GradeWords,
    Question,
    forget_checklist,
    inspect_return,
    keep_checklist,
)
from rebond.domain.warehouse.checklists import best_grade, checklists_for
from rebond.domain.warehouse.errors import ChecklistOpen, ChecklistUnreadable, GradeTooGood
from rebond.domain.warehouse.grades import Grade
from rebond.domain.warehouse.models import Checklist, Inspection, Unit

pytestmark = pytest.mark.django_db
LIGHTS_UP = Question({"en": "Does it light up?", "fr": "S’allume-t-elle ?"}, at_best=Grade.C)
IN_BOX = Question({"en": "Is it in its box?"}, at_best=Grade.B)


@pytest.fixture
def shop():
    shop = small_shop()
    lamp = NewProduct("LAMP-01", title="Paper lamp", category="Lamps")
    keep_products(shop, [lamp, NewProduct("MUG-07", category="Mugs")], by="test")
    return shop


def lamps(shop, *questions, category="Lamps", **grades):
    words = {Grade(name): GradeWords({"en": text}) for name, text in grades.items()}
    asked = questions or (LIGHTS_UP, IN_BOX)
    return keep_checklist(shop, category, grades=words, questions=asked, by="staff:Ana")


def answered(rma, grade=Grade.A, **answers):
    return [replace(found, answers=answers) for found in findings(rma, grade)]


def test_what_was_answered_stays_with_each_piece_and_with_who_looked(shop):
    lamps(shop)
    rma = received_return(order_of(shop), {"LAMP-01": 2})

    inspect_return(rma.pk, answered(rma, Grade.B, q1="yes", q2="no"), by="staff:Karim")

    kept = Unit.objects.first().inspection
    assert [(one["words"]["en"], one["answer"]) for one in kept.answers] == [
        ("Does it light up?", "yes"),
        ("Is it in its box?", "no"),
    ]
    assert kept.by == "staff:Karim"
    assert kept.at is not None


def test_later_words_change_nothing_of_what_was_asked(shop):
    lamps(shop)
    rma = received_return(order_of(shop), {"LAMP-01": 1})
    inspect_return(rma.pk, answered(rma, q1="yes", q2="not_applicable"), by="staff:Karim")

    forget_checklist(shop, Checklist.objects.get().pk, by="staff:Ana")

    assert len(Inspection.objects.get().answers) == 2


def test_a_question_without_an_answer_stops_the_inspection(shop):
    lamps(shop)
    rma = received_return(order_of(shop), {"LAMP-01": 1})

    with pytest.raises(ChecklistOpen) as refusal:
        inspect_return(rma.pk, answered(rma, q1="yes", q2="perhaps"), by="staff:Karim")

    assert refusal.value.facts == {"sku": "LAMP-01", "open": 1}
    assert not Inspection.objects.exists()


def test_a_no_rules_the_better_grades_out(shop):
    lamps(shop)
    rma = received_return(order_of(shop), {"LAMP-01": 1})

    with pytest.raises(GradeTooGood) as refusal:
        inspect_return(rma.pk, answered(rma, Grade.B, q1="no", q2="no"), by="staff:Karim")
    inspect_return(rma.pk, answered(rma, Grade.D, q1="no", q2="no"), by="staff:Karim")

    assert refusal.value.facts == {"sku": "LAMP-01", "grade": "b", "best": "c"}
    assert Inspection.objects.get().grade == "d"


def test_another_category_is_asked_nothing(shop):
    lamps(shop)
    rma = received_return(order_of(shop), {"MUG-07": 1})

    inspect_return(rma.pk, findings(rma), by="staff:Karim")

    assert Inspection.objects.get().answers == []


def test_the_checklist_for_all_stands_where_a_category_has_none_of_its_own(shop):
    own = lamps(shop)
    usual = lamps(shop, IN_BOX, category="")

    found = checklists_for(shop.pk, ["LAMP-01", "MUG-07", "VASE-99"])

    assert found == {"LAMP-01": own, "MUG-07": usual, "VASE-99": usual}


def test_a_question_that_is_worded_anew_stays_the_same_question(shop):
    kept = lamps(shop)

    lamps(shop, Question({"en": "New?"}), replace(IN_BOX, words={"en": "In its box?"}, key="q2"))

    kept.refresh_from_db()
    assert [(one["key"], one["words"]["en"]) for one in kept.questions] == [
        ("q3", "New?"),
        ("q2", "In its box?"),
    ]


@pytest.mark.parametrize(
    "asked", [[Question({"en": " "})], [Question({"en": "x" * 201})], [LIGHTS_UP] * 21]
)
def test_words_that_cannot_be_are_refused(shop, asked):
    with pytest.raises(ChecklistUnreadable):
        keep_checklist(shop, "Lamps", grades={}, questions=asked, by="staff:Ana")


def test_another_shops_checklist_is_not_asked(shop):
    lamps(small_shop("atelier"), category="")

    assert checklists_for(shop.pk, ["LAMP-01"]) == {}


def test_what_does_not_apply_rules_nothing_out(shop):
    kept = lamps(shop)

    assert best_grade(kept, {"q1": "not_applicable", "q2": "yes"}) is Grade.A
