"""What the warehouse types: how many pieces came, and in which state each of them is."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from rebond.domain.discussions.models import Discussion
from rebond.domain.discussions.states import DiscussionState
from rebond.domain.returns.models import Return, ReturnLine
from rebond.domain.warehouse.actions import Arrival, Finding
from rebond.domain.warehouse.checklists import check_answers, in_language
from rebond.domain.warehouse.errors import CountImpossible, InspectionIncomplete
from rebond.domain.warehouse.grades import CHOSEN_BY_PEOPLE, USUAL_DISPOSITION, Disposition, Grade
from rebond.domain.warehouse.models import Checklist
from rebond.domain.warehouse.shares import GradeShares
from rebond.kernel.errors import RebondError
from rebond.web.backoffice.forms.counts import whole
from rebond.web.ui.words import active_language, refusal_sentence

GRADES = (Grade.A, Grade.B, Grade.C, Grade.D)
DISPOSITIONS = CHOSEN_BY_PEOPLE
MOST_FINDINGS_OF_A_LINE = 20
VERSION_OF = "version-"


@dataclass
class CountRow:
    """One line of a return in the form that books goods in."""

    line: ReturnLine
    typed: str
    error: str = ""

    @property
    def missing(self) -> int:
        """Pieces that have not arrived yet."""
        return self.line.quantity - self.line.received_quantity

    @property
    def name(self) -> str:
        """The field's name."""
        return f"count-{self.line.pk}"


@dataclass
class Section:
    """The lines of one return in the form that books a parcel in."""

    rma: Return
    rows: list[CountRow]
    name: str
    """The field that says which version of the return was counted."""

    @property
    def counts(self) -> dict[UUID, int]:
        """Pieces by line."""
        return {row.line.pk: whole(row.typed) or 0 for row in self.rows}

    @property
    def pieces(self) -> int:
        """Pieces that came."""
        return sum(self.counts.values())


class ReceiveForm:
    """Pieces per line, filled in with what is expected; a section for each return in the parcel.

    The first section is the return that was opened. Of the others, one of which nothing came is
    not booked in: it stays expected.
    """

    def __init__(
        self,
        returns: Sequence[tuple[Return, Sequence[ReturnLine]]],
        typed: Mapping[str, str] | None = None,
    ) -> None:
        typed = typed or {}
        self.sections = [
            Section(
                rma,
                [_count_row(line, typed) for line in lines],
                name=f"{VERSION_OF}{rma.pk}" if place else "version",
            )
            for place, (rma, lines) in enumerate(returns)
        ]
        self.note = typed.get("note", "")
        self._versions = {one.rma.pk: typed.get(one.name, "") for one in self.sections}

    @property
    def rows(self) -> list[CountRow]:
        """The lines of all sections."""
        return [row for section in self.sections for row in section.rows]

    def is_valid(self) -> bool:
        """Whether every field holds a number that is possible."""
        for row in self.rows:
            pieces = whole(row.typed)
            if pieces is None:
                row.error = _("Please type a whole number.")
            elif pieces > row.missing:
                row.error = refusal_sentence(
                    CountImpossible(sku=row.line.sku, asked=pieces, possible=row.missing)
                )
        return not any(row.error for row in self.rows)

    @property
    def came(self) -> list[Section]:
        """The sections to book in."""
        first, *others = self.sections
        return [first, *(one for one in others if one.pieces)]

    @property
    def stayed_away(self) -> list[Section]:
        """The sections of which nothing came."""
        return [one for one in self.sections[1:] if not one.pieces]

    @property
    def arrivals(self) -> list[Arrival]:
        """What is booked in, each return in the version that was counted."""
        return [
            Arrival(one.rma.pk, one.counts, whole(text) if text else None)
            for one in self.came
            for text in [self._versions[one.rma.pk]]
        ]


def _count_row(line: ReturnLine, typed: Mapping[str, str]) -> CountRow:
    return CountRow(line, typed.get(f"count-{line.pk}", str(_missing_of(line))))


@dataclass(frozen=True)
class Asked:
    """A question of the checklist in the reader's language; ``at_best`` follows from a "no"."""

    name: str
    text: str
    answer: str
    at_best: str


@dataclass(frozen=True)
class Meaning:
    """What a grade means for a category, in the reader's language."""

    grade: str
    words: str
    has_picture: bool


@dataclass
class FindingRow:
    """Some pieces of a line in one state, as typed. ``photo_id`` is a photo kept already."""

    line: ReturnLine
    index: int
    quantity: str
    grade: str = ""
    disposition: str = ""
    is_accepted: bool = True
    kept: str = ""
    note: str = ""
    photo_id: str = ""
    upload: Any = None
    serials: str = ""
    answers: dict[str, str] = field(default_factory=dict)
    checklist: Checklist | None = None
    is_incomplete: bool = False
    shares: GradeShares | None = None
    errors: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """What the names of its fields begin with."""
        return f"{self.line.pk}-{self.index}"

    @property
    def is_extra(self) -> bool:
        """Whether it was split off, so that it can be taken away again."""
        return self.index > 0

    def finding(self) -> Finding:
        """What was found, for the action."""
        grade = Grade(self.grade)
        return Finding(
            line_id=self.line.pk,
            quantity=whole(self.quantity) or 0,
            grade=grade,
            disposition=Disposition(self.disposition or USUAL_DISPOSITION[grade]),
            is_accepted=self.is_accepted,
            kept_percent=_share(self.kept) if self.is_accepted else 0,
            note=self.note,
            photo_id=UUID(self.photo_id) if self.photo_id else None,
            serials=tuple(_serials(self.serials)),
            answers=self.answers,
            is_incomplete=self.is_incomplete,
        )

    @property
    def by_grade(self) -> list[tuple[str, str, int, int]]:
        """Each grade, where its pieces usually go, and what the rule keeps: whole, and without
        all its parts; nothing where the rule only proposes."""
        by = self.shares if self.shares and not self.shares.is_claim else None
        return [
            (
                grade.value,
                USUAL_DISPOSITION[grade].value,
                by.kept_for(grade, is_incomplete=False) if by else 0,
                by.kept_for(grade, is_incomplete=True) if by else 0,
            )
            for grade in GRADES
        ]

    @property
    def questions(self) -> list[Asked]:
        """What the checklist asks of these pieces, with what was answered so far."""
        language = active_language()
        return [
            Asked(
                name=f"{self.name}-ask-{one['key']}",
                text=in_language(one["words"], language),
                answer=self.answers.get(one["key"], ""),
                at_best=one["at_best"],
            )
            for one in (self.checklist.questions if self.checklist else ())
        ]


@dataclass
class InspectedLine:
    """A line with the states its pieces are in. ``missing`` pieces need no look.

    ``is_claimed``: less money is claimed by a person, with evidence.
    """

    line: ReturnLine
    rows: list[FindingRow]
    error: str = ""
    checklist: Checklist | None = None
    shares: GradeShares | None = None
    is_claimed: bool = False

    @property
    def meanings(self) -> list[Meaning]:
        """What the shop says of the grades, best first; empty without words of its own."""
        told = self.checklist.grades if self.checklist else {}
        language = active_language()
        return [
            Meaning(grade, in_language(one["words"], language), bool(one["picture"]))
            for grade in GRADES
            if (one := told.get(grade))
        ]

    @property
    def missing(self) -> int:
        """Pieces that never arrived."""
        return _missing_of(self.line)

    @property
    def sold(self) -> str:
        """The serial numbers that were sold on the line, where all of them are known."""
        sale = self.line.order_line
        known = sale is not None and len(sale.serials) >= sale.quantity
        return ", ".join(sale.serials) if sale is not None and known else ""


class InspectForm:
    """For every line that arrived one row, or several where its pieces differ."""

    def __init__(
        self,
        lines: Sequence[ReturnLine],
        typed: Mapping[str, str] | None = None,
        files: Mapping[str, Any] | None = None,
        *,
        checklists: Mapping[str, Checklist] | None = None,
        shares: Mapping[UUID, GradeShares] | None = None,
        claimed: Collection[UUID] = (),
    ) -> None:
        arrived = [line for line in lines if line.received_quantity]
        self.checklists = checklists or {}
        self.absent = [line for line in lines if not line.received_quantity]
        self.lines = [
            InspectedLine(
                line,
                [FindingRow(line, 0, str(line.received_quantity))]
                if typed is None
                else _rows_typed(line, typed, files or {}),
                checklist=self.checklists.get(line.sku),
                shares=(shares or {}).get(line.pk),
                is_claimed=line.pk in claimed,
            )
            for line in arrived
        ]
        for entry in self.lines:
            for row in entry.rows:
                row.checklist, row.shares = entry.checklist, entry.shares

    @property
    def rows(self) -> list[FindingRow]:
        """All rows of all lines."""
        return [row for entry in self.lines for row in entry.rows]

    def take_agreed(self, talk: Discussion | None) -> None:
        """Fill in what the customer agreed to; the inspector may keep less, never more."""
        if talk is None or talk.state != DiscussionState.ACCEPTED:
            return
        agreed = {point["line"]: point for point in talk.points}
        for entry in self.lines:
            point = agreed.get(str(entry.line.pk))
            if point is None:
                continue
            row = entry.rows[0]
            row.is_accepted = point["kept_percent"] < 100
            row.kept = str(point["kept_percent"]) if row.is_accepted else ""
            row.note = talk.text[:1000]
            row.photo_id = talk.photos[0] if talk.photos else ""

    def split(self, line_id: str) -> None:
        """Give the line one row more, and it one piece of the row that has the most."""
        for entry in self.lines:
            if str(entry.line.pk) == line_id and len(entry.rows) < MOST_FINDINGS_OF_A_LINE:
                fullest = max(entry.rows, key=lambda row: whole(row.quantity) or 0)
                left = whole(fullest.quantity) or 0
                if left > 1:
                    fullest.quantity = str(left - 1)
                index = max(row.index for row in entry.rows) + 1
                entry.rows.append(
                    FindingRow(
                        entry.line, index, "1", checklist=entry.checklist, shares=entry.shares
                    )
                )

    def drop(self, name: str) -> None:
        """Take a row away that was split off; its pieces go back to the first."""
        for entry in self.lines:
            for row in [row for row in entry.rows if row.name == name and row.is_extra]:
                entry.rows.remove(row)
                first = entry.rows[0]
                first.quantity = str((whole(first.quantity) or 0) + (whole(row.quantity) or 0))

    def is_valid(self) -> bool:
        """Whether every row can be read and every piece that came has a state."""
        for entry in self.lines:
            for row in entry.rows:
                row.errors += _wrong_with(row)
            graded = sum(whole(row.quantity) or 0 for row in entry.rows)
            if graded != entry.line.received_quantity:
                entry.error = refusal_sentence(
                    InspectionIncomplete(
                        sku=entry.line.sku, received=entry.line.received_quantity, graded=graded
                    )
                )
        return not any(row.errors for row in self.rows) and not any(e.error for e in self.lines)

    @property
    def findings(self) -> list[Finding]:
        """What was found, row by row."""
        return [row.finding() for row in self.rows]


def _rows_typed(
    line: ReturnLine, typed: Mapping[str, str], files: Mapping[str, Any]
) -> list[FindingRow]:
    begin = f"{line.pk}-"
    indexes = {
        int(index)
        for name in typed
        if name.startswith(begin) and name.endswith("-quantity")
        for index in [name.removeprefix(begin).removesuffix("-quantity")]
        if index.isascii() and index.isdigit() and len(index) <= 3
    }
    rows = []
    for index in sorted(indexes | {0})[:MOST_FINDINGS_OF_A_LINE]:
        name = f"{begin}{index}"
        rows.append(
            FindingRow(
                line,
                index,
                quantity=typed.get(f"{name}-quantity", ""),
                grade=typed.get(f"{name}-grade", ""),
                disposition=typed.get(f"{name}-disposition", ""),
                is_accepted=f"{name}-accepted" in typed,
                is_incomplete=f"{name}-incomplete" in typed,
                kept=typed.get(f"{name}-kept", ""),
                note=typed.get(f"{name}-note", ""),
                photo_id=_photo_of(line, typed.get(f"{name}-photo_id", "")),
                upload=files.get(f"{name}-photo"),
                serials=typed.get(f"{name}-serials", ""),
                answers={
                    field.removeprefix(f"{name}-ask-"): value
                    for field, value in typed.items()
                    if field.startswith(f"{name}-ask-")
                },
            )
        )
    return rows


def _photo_of(line: ReturnLine, text: str) -> str:
    """The id of a photo that is kept with this very line, else nothing."""
    return text if text in {str(photo.pk) for photo in line.photos.all()} else ""


def _wrong_with(row: FindingRow) -> list[str]:
    wrong = []
    if not whole(row.quantity):
        wrong.append(_("Please type how many pieces."))
    if row.grade not in {grade.value for grade in GRADES}:
        wrong.append(_("Please choose a grade."))
    if row.disposition not in {"", *(place.value for place in DISPOSITIONS)}:
        wrong.append(_("Please choose where it goes."))
    kept = _share(row.kept)
    if (kept is None and row.kept.strip()) or (kept or 0) > 100:
        wrong.append(_("The share kept is a whole percentage from 0 to 100."))
    if len(row.note) > 1000:
        wrong.append(_("This note is too long."))
    if row.checklist is not None and row.grade in GRADES:
        try:
            check_answers(row.checklist, row.answers, sku=row.line.sku, grade=Grade(row.grade))
        except RebondError as refusal:
            wrong.append(refusal_sentence(refusal))
    serials = _serials(row.serials)
    if len(serials) > (whole(row.quantity) or 0) or any(len(one) > 80 for one in serials):
        wrong.append(_("One serial number for each piece at most, of 80 characters at most."))
    return wrong


def _share(text: str) -> int | None:
    """A percentage as typed; None where nothing is, so that the rule speaks."""
    return whole(text) if text.strip() else None


def _serials(text: str) -> list[str]:
    """Serial numbers as typed or scanned, with commas or blanks between."""
    return text.replace(",", " ").replace(";", " ").split()


def _missing_of(line: ReturnLine) -> int:
    return line.quantity - line.received_quantity
