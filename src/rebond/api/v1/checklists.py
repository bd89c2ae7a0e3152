"""Checklists over the API: what the grades of a category mean, what is asked of its pieces."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import Field, Router, Schema

from rebond.api.access import Key, actor_of, shop_of
from rebond.api.bodies import Body
from rebond.api.errors import Problem
from rebond.api.repeats import once
from rebond.api.v1.return_shapes import find_return
from rebond.domain.machines.scopes import Scope
from rebond.domain.warehouse.actions import (
    GradeWords,
    Question,
    forget_checklist,
    keep_checklist,
)
from rebond.domain.warehouse.actions.checklists import (
    LONGEST_WORDS,
    MOST_CHECKLISTS,
    MOST_QUESTIONS,
)
from rebond.domain.warehouse.checklists import checklists_for
from rebond.domain.warehouse.grades import Grade
from rebond.domain.warehouse.models import Checklist
from rebond.domain.warehouse.shares import shares_of
from rebond.kernel.files import remove

router = Router(tags=["warehouse"])
REFUSED = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
Words = dict[str, Annotated[str, Field(max_length=LONGEST_WORDS)]]


class QuestionIn(Body):
    """Something to look at; ``key`` of a question that is known keeps it the same question.

    After a "no" the best grade is ``at_best``; null: any.
    """

    words: Words = Field(..., min_length=1, max_length=20)
    key: str = Field("", max_length=12)
    at_best: Literal["b", "c", "d"] | None = None


class ChecklistIn(Body):
    """The checklist of ``category``, "" for all that have none of their own; replaces it.

    Pictures of grades are set at the desk and stay.
    """

    category: str = Field("", max_length=80)
    grades: dict[Literal["a", "b", "c", "d"], Words] = Field(default_factory=dict)
    questions: list[QuestionIn] = Field(default_factory=list, max_length=MOST_QUESTIONS)


class CategoryIn(Body):
    """The category of a checklist."""

    category: str = Field("", max_length=80)


class CategoryOut(Schema):
    """The category that has no checklist of its own now."""

    category: str


class QuestionOut(Schema):
    """A question; ``at_best`` is null where a "no" rules no grade out."""

    key: str
    words: dict[str, str]
    at_best: str | None


class ChecklistOut(Schema):
    """How pieces of a category are looked at."""

    category: str
    grades: dict[str, dict[str, str]]
    questions: list[QuestionOut]


class LineChecklistOut(ChecklistOut):
    """The checklist for one line of a return."""

    line: str


@router.get(
    "/checklists",
    auth=Key(Scope.WAREHOUSE_READ),
    response={200: list[ChecklistOut], **REFUSED},
    operation_id="list_checklists",
)
def checklists(request: HttpRequest) -> list[dict[str, Any]]:
    """All checklists by category; the one for all other categories comes first."""
    rows = Checklist.objects.filter(shop=shop_of(request)).order_by("category")
    return [_out(one) for one in rows[:MOST_CHECKLISTS]]


@router.post(
    "/checklists",
    auth=Key(Scope.WAREHOUSE_WRITE),
    response={201: ChecklistOut, **REFUSED},
    operation_id="keep_checklist",
)
def keep(request: HttpRequest, told: ChecklistIn) -> HttpResponse:
    """Write the checklist of a category."""
    shop = shop_of(request)

    def do(_: str) -> HttpResponse:
        known = Checklist.objects.filter(shop=shop, category=told.category.strip()).first()
        pictures = {name: row["picture"] for name, row in known.grades.items()} if known else {}
        words: dict[str, dict[str, str]] = {str(name): one for name, one in told.grades.items()}
        grades = {
            grade: GradeWords(words.get(grade.value, {}), pictures.get(grade.value, ""))
            for grade in (Grade.A, Grade.B, Grade.C, Grade.D)
        }
        questions = [
            Question(one.words, one.key, Grade(one.at_best) if one.at_best else None)
            for one in told.questions
        ]
        made = keep_checklist(
            shop, told.category, grades=grades, questions=questions, by=actor_of(request)
        )
        return JsonResponse(_out(made), status=201)

    return once(request, "POST checklists", do)


@router.post(
    "/checklist-removals",
    auth=Key(Scope.WAREHOUSE_WRITE),
    response={201: CategoryOut, **REFUSED},
    operation_id="remove_checklist",
)
def take_away(request: HttpRequest, told: CategoryIn) -> HttpResponse:
    """Ask nothing of a category any more; answers that were given stay with their pieces."""
    shop = shop_of(request)
    gone: list[str] = []

    def do(_: str) -> HttpResponse:
        found = Checklist.objects.filter(shop=shop, category=told.category).first()
        if found is None:
            raise Http404
        gone.extend(forget_checklist(shop, found.pk, by=actor_of(request)))
        return JsonResponse({"category": told.category}, status=201)

    answer = once(request, "POST checklist-removals", do)
    for name in gone:
        remove(name)
    return answer


class GradeSharesOut(Schema):
    """The share of a line's price that is refunded for each grade, and at most where parts are
    missing (``incomplete``), in whole percent.

    ``is_claim``: its customer may withdraw; nothing is kept unless the inspection says how much,
    with a note and a photo.
    """

    line: str
    rule: str
    refund_percents: dict[str, int]
    is_claim: bool


@router.get(
    "/returns/{number}/checklists",
    auth=Key(Scope.WAREHOUSE_READ),
    response={200: list[LineChecklistOut], **REFUSED},
    operation_id="list_checklists_of_return",
)
def of_return(request: HttpRequest, number: str) -> list[dict[str, Any]]:
    """What an inspection of the return has to answer; lines without a checklist are left out."""
    rma = find_return(request, number)
    lines = list(rma.lines.all())
    found = checklists_for(rma.shop_id, [line.sku for line in lines])
    return [_out(found[line.sku]) | {"line": str(line.pk)} for line in lines if line.sku in found]


@router.get(
    "/returns/{number}/grade-shares",
    auth=Key(Scope.WAREHOUSE_READ),
    response={200: list[GradeSharesOut], **REFUSED},
    operation_id="list_grade_shares_of_return",
)
def shares_of_return(request: HttpRequest, number: str) -> list[dict[str, Any]]:
    """What the policy refunds of each line by grade; lines without such a rule are left out."""
    rma = find_return(request, number)
    lines = list(rma.lines.all())
    found = shares_of(rma, lines)
    return [
        {
            "line": str(line.pk),
            "rule": found[line.pk].rule,
            "refund_percents": dict(found[line.pk].shares),
            "is_claim": found[line.pk].is_claim,
        }
        for line in lines
        if line.pk in found
    ]


def _out(one: Checklist) -> dict[str, Any]:
    return {
        "category": one.category,
        "grades": {name: row["words"] for name, row in one.grades.items()},
        "questions": [row | {"at_best": row["at_best"] or None} for row in one.questions],
    }
