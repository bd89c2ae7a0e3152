"""A shop words its own grades and asks its own questions, category by category."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from rebond.domain.shops.models import Shop
from rebond.domain.warehouse.errors import ChecklistUnreadable
from rebond.domain.warehouse.events import ChecklistChanged
from rebond.domain.warehouse.grades import Grade
from rebond.domain.warehouse.models import Checklist
from rebond.kernel.actions import action
from rebond.kernel.events import record

LONGEST_CATEGORY = 80
LONGEST_QUESTION = 200
LONGEST_WORDS = 400
MOST_QUESTIONS = 20
MOST_CHECKLISTS = 200
WORDED = (Grade.A, Grade.B, Grade.C, Grade.D)


@dataclass(frozen=True)
class Question:
    """Something to look at. ``words`` maps a language to it; ``key`` is "" for a new one.

    ``at_best`` is the best grade of a piece that gets a "no"; None: the answer rules none out.
    """

    words: Mapping[str, str]
    key: str = ""
    at_best: Grade | None = None


@dataclass(frozen=True)
class GradeWords:
    """What a grade means: words per language, ``picture`` is the name of a kept file or ""."""

    words: Mapping[str, str] = field(default_factory=dict)
    picture: str = ""


@action
def keep_checklist(
    shop: Shop,
    category: str,
    *,
    grades: Mapping[Grade, GradeWords],
    questions: Sequence[Question],
    by: str,
) -> Checklist:
    """Write how pieces of ``category`` ("": all without their own) are looked at; replaces.

    A question whose key is known stays the same question. Raises ``ChecklistUnreadable`` for
    words that are missing or too long, for more than 20 questions or more than 200 categories.
    """
    Shop.objects.select_for_update(no_key=True).only("id").get(pk=shop.pk)
    category = category.strip()
    kept = Checklist.objects.filter(shop=shop, category=category).first()
    if len(category) > LONGEST_CATEGORY:
        raise ChecklistUnreadable(field="category")
    if kept is None and Checklist.objects.filter(shop=shop).count() >= MOST_CHECKLISTS:
        raise ChecklistUnreadable(field="many")
    row = kept or Checklist(shop=shop, category=category)
    row.grades = _grades(grades)
    row.questions = _questions(questions, row.questions)
    row.save()
    _say(row, by)
    return row


@action
def forget_checklist(shop: Shop, checklist_id: UUID, *, by: str) -> list[str]:
    """Ask nothing of a category any more; returns the names of its pictures.

    Answers that were given stay with their pieces.
    """
    row = Checklist.objects.get(shop=shop, pk=checklist_id)
    pictures = [one["picture"] for one in row.grades.values() if one["picture"]]
    row.questions = []
    _say(row, by)
    row.delete()
    return pictures


def _say(row: Checklist, by: str) -> None:
    event = ChecklistChanged(str(row.pk), row.category, len(row.questions))
    record(event, shop_id=row.shop_id, actor=by)


def _grades(told: Mapping[Grade, GradeWords]) -> dict[str, Any]:
    found = {}
    for grade in WORDED:
        one = told.get(grade, GradeWords())
        words = _words(one.words, most=LONGEST_WORDS, field_name="grades")
        if words or one.picture:
            found[str(grade)] = {"words": words, "picture": one.picture}
    return found


def _questions(told: Sequence[Question], known: Sequence[Mapping[str, Any]]) -> list[Any]:
    if len(told) > MOST_QUESTIONS:
        raise ChecklistUnreadable(field="questions")
    taken = {str(one["key"]) for one in known}
    last = max((int(key[1:]) for key in taken), default=0)
    made: list[dict[str, Any]] = []
    for one in told:
        words = _words(one.words, most=LONGEST_QUESTION, field_name="questions")
        if not words or one.at_best is Grade.MISSING:
            raise ChecklistUnreadable(field="questions")
        key = one.key if one.key in taken else ""
        if not key or any(key == each["key"] for each in made):
            last += 1
            key = f"q{last}"
        made.append({"key": key, "words": words, "at_best": str(one.at_best or "")})
    return made


def _words(told: Mapping[str, str], *, most: int, field_name: str) -> dict[str, str]:
    words = {language: text.strip() for language, text in told.items() if text.strip()}
    if any(len(text) > most for text in words.values()) or len(words) > 20:
        raise ChecklistUnreadable(field=field_name)
    return words
