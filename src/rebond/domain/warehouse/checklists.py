"""What is asked of each piece of a category, and what an answer allows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any
from uuid import UUID

from rebond.domain.products.models import Product
from rebond.domain.warehouse.errors import ChecklistOpen, GradeTooGood
from rebond.domain.warehouse.grades import Grade
from rebond.domain.warehouse.models import Checklist

GRADED = (Grade.A, Grade.B, Grade.C, Grade.D)
"""The grades a person gives, best first."""


class Answer(StrEnum):
    """What was seen on the piece."""

    YES = "yes"
    NO = "no"
    NOT_APPLICABLE = "not_applicable"


def checklists_for(shop_id: UUID, skus: Iterable[str]) -> dict[str, Checklist]:
    """The checklist of each stock code: its category's own, else the one for all; two queries.

    Stock codes that no checklist is about are not in it.
    """
    wanted = set(skus)
    kept = {one.category: one for one in Checklist.objects.filter(shop_id=shop_id)}
    if not kept:
        return {}
    rows = Product.objects.filter(shop_id=shop_id, sku__in=wanted).values_list("sku", "category")
    categories = dict(rows)
    found = {sku: kept.get(categories.get(sku, ""), kept.get("")) for sku in wanted}
    return {sku: one for sku, one in found.items() if one is not None}


def questions_open(checklist: Checklist, answers: Mapping[str, str]) -> list[str]:
    """The keys of the questions that have no answer yet."""
    known = set(Answer)
    return [one["key"] for one in checklist.questions if answers.get(one["key"]) not in known]


def best_grade(checklist: Checklist, answers: Mapping[str, str]) -> Grade:
    """The best grade that the answers leave: a "no" may rule the better ones out."""
    worst = [
        Grade(one["at_best"])
        for one in checklist.questions
        if one["at_best"] and answers.get(one["key"]) == Answer.NO
    ]
    return max(worst, key=GRADED.index, default=Grade.A)


def check_answers(
    checklist: Checklist, answers: Mapping[str, str], *, sku: str, grade: Grade
) -> None:
    """Raise ``ChecklistOpen`` for a question without answer, ``GradeTooGood`` for a grade that an
    answer rules out."""
    if still := questions_open(checklist, answers):
        raise ChecklistOpen(sku=sku, open=len(still))
    best = best_grade(checklist, answers)
    if GRADED.index(grade) < GRADED.index(best):
        raise GradeTooGood(sku=sku, grade=str(grade), best=str(best))


def as_answered(checklist: Checklist, answers: Mapping[str, str]) -> list[dict[str, Any]]:
    """The questions as they were asked, each with its answer, to be kept with the piece."""
    return [
        {"key": one["key"], "words": one["words"], "answer": answers[one["key"]]}
        for one in checklist.questions
    ]


def in_language(words: Mapping[str, str], language: str) -> str:
    """The words in ``language``, else in any that there are."""
    return words.get(language) or next((text for text in words.values() if text), "")


def without_checklist(categories: Sequence[str], kept: Iterable[Checklist]) -> list[str]:
    """Those of ``categories`` that have no checklist of their own."""
    own = {one.category for one in kept}
    return [one for one in categories if one and one not in own]
