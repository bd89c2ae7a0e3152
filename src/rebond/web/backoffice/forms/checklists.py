"""The words of a category's grades and the questions asked of its pieces, as typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from rebond.domain.warehouse.actions import GradeWords, Question
from rebond.domain.warehouse.actions.checklists import (
    LONGEST_QUESTION,
    LONGEST_WORDS,
    MOST_QUESTIONS,
)
from rebond.domain.warehouse.checklists import GRADED
from rebond.domain.warehouse.grades import Grade
from rebond.domain.warehouse.models import Checklist
from rebond.web.backoffice.forms.counts import whole

LANGUAGES = ("fr", "en")
BLANK_ROWS = 3


@dataclass
class Words:
    """The text of one field in one language."""

    language: str
    name: str
    text: str


@dataclass
class GradeRow:
    """What one grade means; ``picture`` is the name of a kept file or ""."""

    grade: Grade
    words: list[Words]
    picture: str
    upload: Any = None
    error: str = ""


@dataclass
class QuestionRow:
    """One question as typed; with no words in any language it is none."""

    index: int
    key: str
    place: str
    at_best: str
    words: list[Words]
    errors: list[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether nobody wrote anything."""
        return not any(one.text.strip() for one in self.words)


class ChecklistForm:
    """The checklist of one category. ``typed`` None: as it is kept."""

    def __init__(
        self,
        kept: Checklist | None,
        typed: Mapping[str, str] | None = None,
        files: Mapping[str, Any] | None = None,
    ) -> None:
        self.kept = kept
        known = kept.grades if kept else {}
        self.grades = [_grade_row(grade, known.get(grade, {}), typed, files) for grade in GRADED]
        self.rows = _rows_kept(kept) if typed is None else _rows_typed(typed)

    def is_valid(self) -> bool:
        """Whether all words fit and all places can be read."""
        for row in self.grades:
            if any(len(one.text) > LONGEST_WORDS for one in row.words):
                row.error = _("At most 400 characters, please.")
        for question in self.rows:
            if any(len(one.text) > LONGEST_QUESTION for one in question.words):
                question.errors.append(_("At most 200 characters, please."))
            if not question.is_empty and whole(question.place) is None:
                question.errors.append(_("Please type a whole number."))
        return not any(row.error for row in self.grades) and not any(r.errors for r in self.rows)

    @property
    def words(self) -> dict[Grade, GradeWords]:
        """What the grades mean."""
        return {
            row.grade: GradeWords({one.language: one.text for one in row.words}, row.picture)
            for row in self.grades
        }

    @property
    def questions(self) -> list[Question]:
        """The questions in the order that was wished. Call after the form is valid."""
        asked = [row for row in self.rows if not row.is_empty]
        asked.sort(key=lambda row: (whole(row.place) or 0, row.index))
        return [
            Question(
                {one.language: one.text for one in row.words},
                row.key,
                Grade(row.at_best) if row.at_best in {"b", "c", "d"} else None,
            )
            for row in asked
        ]


def _grade_row(
    grade: Grade,
    known: Mapping[str, Any],
    typed: Mapping[str, str] | None,
    files: Mapping[str, Any] | None,
) -> GradeRow:
    texts = known.get("words", {})
    words = []
    for language in LANGUAGES:
        name = f"grade-{grade}-{language}"
        text = texts.get(language, "") if typed is None else typed.get(name, "")
        words.append(Words(language, name, text))
    is_away = typed is not None and f"grade-{grade}-away" in typed
    picture = "" if is_away else known.get("picture", "")
    return GradeRow(grade, words, picture, (files or {}).get(f"grade-{grade}-picture"))


def _rows_kept(kept: Checklist | None) -> list[QuestionRow]:
    asked = kept.questions if kept else []
    rows = [
        _row(index, one["key"], str(index + 1), one["at_best"], one["words"])
        for index, one in enumerate(asked)
    ]
    most = min(len(asked) + BLANK_ROWS, MOST_QUESTIONS)
    return rows + [_row(i, "", str(i + 1), "", {}) for i in range(len(asked), most)]


def _rows_typed(typed: Mapping[str, str]) -> list[QuestionRow]:
    return [
        _row(
            index,
            typed.get(f"q-{index}-key", "")[:12],
            typed.get(f"q-{index}-place", ""),
            typed.get(f"q-{index}-best", ""),
            {language: typed.get(f"q-{index}-{language}", "") for language in LANGUAGES},
        )
        for index in range(MOST_QUESTIONS)
        if f"q-{index}-place" in typed
    ]


def _row(index: int, key: str, place: str, at_best: str, texts: Mapping[str, str]) -> QuestionRow:
    words = [Words(one, f"q-{index}-{one}", texts.get(one, "")) for one in LANGUAGES]
    return QuestionRow(index, key, place, at_best, words)
