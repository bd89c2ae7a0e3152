"""The verbs of a contested grade: contest it, answer it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from rebond.domain.contests.errors import (
    AnotherGraderNeeded,
    ContestAnsweredAlready,
    ContestEmpty,
    NotContestable,
    NothingCorrected,
)
from rebond.domain.contests.events import GradeAnswered, GradeContested
from rebond.domain.contests.models import Contest
from rebond.domain.contests.queries import KEEPS, why_not
from rebond.domain.contests.states import ContestOutcome
from rebond.domain.refunds.models import TaskKind
from rebond.domain.refunds.tasks import open_task
from rebond.domain.returns.actions import LONGEST_COMMENT, MOST_PHOTOS, keep_photo
from rebond.domain.returns.errors import TextTooLong, TooManyPhotos
from rebond.domain.returns.models import Return
from rebond.domain.returns.states import InspectionState
from rebond.domain.returns.wishes import CleanImage
from rebond.domain.shops.models import Staff
from rebond.domain.warehouse.models import Inspection
from rebond.kernel.actions import action
from rebond.kernel.clock import now, today
from rebond.kernel.events import record

ANSWERED_WITHIN = timedelta(days=7)


@action
def contest_grade(
    rma_id: UUID, text: str, images: Sequence[CleanImage] = (), *, by: str
) -> Contest:
    """Ask for a second look at what was found, in words and with photos.

    Raises ``NotContestable`` (before the inspection, where everything is paid, thirty days after
    it, or a second time), ``ContestEmpty``, ``TextTooLong`` and ``TooManyPhotos``.
    """
    rma = Return.objects.locked(pk=rma_id)
    why = why_not(rma, now())
    if why:
        raise NotContestable(number=rma.number, why=why)
    if len(images) > MOST_PHOTOS:
        raise TooManyPhotos(limit=MOST_PHOTOS)
    text = _readable(text)
    photos = [keep_photo(rma, None, image, "shopper") for image in images]
    graded = Inspection.objects.filter(shop_id=rma.shop_id, line__rma=rma)
    made = Contest.objects.create(
        shop_id=rma.shop_id,
        rma=rma,
        text=text,
        photos=[str(photo.pk) for photo in photos],
        graded_by=sorted(set(graded.values_list("by", flat=True))),
        made_at=now(),
        answer_by=today(rma.shop.time_zone) + ANSWERED_WITHIN,
    )
    rma.touch()
    event = GradeContested(str(rma.pk), rma.number, str(made.pk))
    record(event, shop_id=rma.shop_id, actor=by)
    return made


@action
def answer_contest(
    rma_id: UUID,
    outcome: ContestOutcome,
    answer: str,
    *,
    staff: Staff,
    by: str,
    corrected: Iterable[UUID] = (),
    version: int | None = None,
) -> Contest:
    """Answer as somebody who did not grade; the findings ``corrected`` are paid in full.

    The pieces stay where they are. What was kept back of a refund is paid by a reaction. Raises
    ``NotContestable`` where nothing was contested, ``ContestAnsweredAlready``,
    ``AnotherGraderNeeded``, ``ContestEmpty``, ``TextTooLong``, ``NothingCorrected`` and
    ``ChangedMeanwhile``.
    """
    rma = Return.objects.locked(pk=rma_id, version=version)
    contest = Contest.objects.filter(shop_id=rma.shop_id, rma=rma).first()
    if contest is None:
        raise NotContestable(number=rma.number, why="state")
    if not contest.is_open:
        raise ContestAnsweredAlready(number=rma.number)
    if by in contest.graded_by:
        raise AnotherGraderNeeded(number=rma.number)
    contest.answer, contest.outcome = _readable(answer), outcome
    if outcome is ContestOutcome.CORRECTED:
        contest.was = _correct(rma, set(corrected))
    contest.answered_by, contest.answered_at = staff, now()
    contest.save(update_fields=["answer", "outcome", "was", "answered_by", "answered_at"])
    rma.touch("inspection_state")
    event = GradeAnswered(str(rma.pk), rma.number, str(contest.pk), outcome.value)
    record(event, shop_id=rma.shop_id, actor=by)
    return contest


@action
def note_unpaid(rma_id: UUID, *, code: str) -> None:
    """Ask a person to pay a correction that could not be paid by itself; ``code`` says why."""
    rma = Return.objects.locked(pk=rma_id)
    assert rma.order is not None
    open_task(TaskKind.BLOCKED, rma.pk, order=rma.order, rma=rma, code=code)


def _correct(rma: Return, chosen: set[UUID]) -> dict[str, dict[str, int | bool]]:
    """Let the chosen findings keep nothing back; what they kept before, by their ids."""
    rows = Inspection.objects.filter(
        KEEPS, shop_id=rma.shop_id, line__rma=rma, pk__in=chosen
    ).select_related("line")
    if not chosen or len(rows) != len(chosen):
        raise NothingCorrected
    was: dict[str, dict[str, int | bool]] = {}
    for row in rows:
        was[str(row.pk)] = {"kept_percent": row.kept_percent, "is_accepted": row.is_accepted}
        row.kept_percent, row.is_accepted = 0, True
        row.save(update_fields=["kept_percent", "is_accepted"])
    for line in rma.lines.prefetch_related("inspections"):
        line.accepted_quantity = sum(
            seen.quantity for seen in line.inspections.all() if seen.is_accepted
        )
        line.save(update_fields=["accepted_quantity"])
    if all(line.accepted_quantity == line.quantity for line in rma.lines.all()):
        rma.inspection_state = InspectionState.COMPLIANT
    return was


def _readable(text: str) -> str:
    text = text.strip()
    if not text:
        raise ContestEmpty
    if len(text) > LONGEST_COMMENT:
        raise TextTooLong(field="text", limit=LONGEST_COMMENT)
    return text
