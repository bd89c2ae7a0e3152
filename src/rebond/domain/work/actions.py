"""The verbs of work at the desk: assign, mention, save a view, be seen, run in bulk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import F

from rebond.domain.machines.models import ApiKey
from rebond.domain.returns.actions import keep_note
from rebond.domain.returns.models import Note, Return
from rebond.domain.returns.steps import PUT_AWAY
from rebond.domain.shops.models import Shop, Staff
from rebond.domain.work.assigning import assign
from rebond.domain.work.bulk import do_to
from rebond.domain.work.errors import (
    NoLongerAllowed,
    NothingPicked,
    TooManyPicked,
    UnknownColleague,
    UnknownRun,
)
from rebond.domain.work.events import BulkEnded, BulkStarted
from rebond.domain.work.mentions import mentioned
from rebond.domain.work.models import (
    Assignment,
    BulkKind,
    BulkRow,
    BulkRun,
    Mention,
    Presence,
    RowState,
    RunState,
    SavedView,
)
from rebond.kernel.actions import action
from rebond.kernel.clock import now
from rebond.kernel.errors import RebondError
from rebond.kernel.events import record
from rebond.kernel.jobs import later

GO_ON = "rebond.domain.work.jobs.go_on"
MOST_PICKED = 1000


@action
def assign_return(
    rma_id: UUID, staff_id: UUID | None, *, by: str, version: int | None = None
) -> Assignment | None:
    """Give a return to somebody of the team, or to nobody. Raises ``UnknownColleague``."""
    rma = Return.objects.locked(pk=rma_id, version=version)
    return assign(rma, staff_id, by=by)


@action
def review_assignment(rma_id: UUID) -> None:
    """Take a return that is over off its owner's list, and put it back when it goes on."""
    rma = Return.objects.locked(pk=rma_id)
    is_open = rma.request_state not in PUT_AWAY
    Assignment.objects.filter(shop_id=rma.shop_id, rma=rma).update(is_open=is_open)


@action
def write_note(rma_id: UUID, text: str, *, by: str) -> Note:
    """Write a remark that only the team sees; who is named with ``@`` finds it on their home.

    Raises ``TextTooLong``.
    """
    rma = Return.objects.locked(pk=rma_id)
    note = keep_note(rma, text, by=by)
    team = Staff.objects.filter(shop_id=rma.shop_id, is_active=True).select_related("user")
    named = mentioned(text, [(one.pk, one.user.name) for one in team])
    Mention.objects.bulk_create(
        [
            Mention(shop_id=rma.shop_id, note=note, rma=rma, staff_id=staff_id, at=note.at)
            for staff_id in named
        ]
    )
    return note


@action
def read_mentions(staff: Staff, rma_id: UUID) -> int:
    """Somebody has seen the notes of a return that name them; returns how many were new."""
    unread = Mention.objects.filter(shop_id=staff.shop_id, staff=staff, rma=rma_id, read_at=None)
    return unread.update(read_at=now())


@action
def save_view(staff: Staff, title: str, filters: Mapping[str, str]) -> SavedView:
    """Keep a view for ``staff``; one with the same title is written anew.

    Raises ``NothingPicked`` without a title.
    """
    title = title.strip()[:60]
    if not title:
        raise NothingPicked
    view, _ = SavedView.objects.update_or_create(
        shop_id=staff.shop_id, staff=staff, title=title, defaults={"filters": dict(filters)}
    )
    return view


@action
def drop_view(staff: Staff, view_id: UUID) -> SavedView | None:
    """Forget a view of ``staff``; returns what it was."""
    gone = SavedView.objects.filter(shop_id=staff.shop_id, staff=staff, pk=view_id).first()
    if gone is not None:
        SavedView.objects.filter(shop_id=staff.shop_id, pk=gone.pk).delete()
    return gone


@action
def note_presence(rma: Return, staff: Staff) -> None:
    """Say that ``staff`` has the page of ``rma`` open now."""
    Presence.objects.update_or_create(
        shop_id=rma.shop_id, rma=rma, staff=staff, defaults={"seen_at": now()}
    )


@action
def start_run(
    shop: Shop,
    kind: BulkKind,
    rma_ids: Sequence[UUID],
    *,
    by: str,
    staff: Staff | None = None,
    key: ApiKey | None = None,
    told: Mapping[str, Any] | None = None,
) -> BulkRun:
    """Begin to do ``kind`` to each of ``rma_ids``, in the order given, for ``staff`` or a machine.

    ``told`` may hold ``text`` (words to the shopper), ``reason`` (of a decline) and ``staff_id``
    (who is assigned). Raises ``NothingPicked``, ``TooManyPicked`` and ``UnknownColleague``.
    """
    told = dict(told or {})
    asked = list(dict.fromkeys(rma_ids))
    known = set(Return.objects.filter(shop=shop, pk__in=asked).values_list("pk", flat=True))
    wanted = [pk for pk in asked if pk in known]
    if not wanted:
        raise NothingPicked
    if len(wanted) > MOST_PICKED:
        raise TooManyPicked(limit=MOST_PICKED)
    person = told.get("staff_id")
    if person and not Staff.objects.filter(shop=shop, pk=person, is_active=True).exists():
        raise UnknownColleague
    run = BulkRun.objects.create(
        shop=shop,
        kind=kind,
        told=told,
        staff=staff,
        key=key,
        by=by,
        total=len(wanted),
        started_at=now(),
    )
    BulkRow.objects.bulk_create(
        [
            BulkRow(shop=shop, run=run, rma_id=pk, position=place)
            for place, pk in enumerate(wanted, start=1)
        ]
    )
    _begin(run, by=by)
    return run


@action
def stop_run(shop: Shop, run_id: UUID, *, by: str) -> BulkRun:
    """Stop a run after the row it is at; what is done stays done. Raises ``UnknownRun``."""
    stopped = BulkRun.objects.filter(shop=shop, pk=run_id, state=RunState.RUNNING).update(
        state=RunState.STOPPED, ended_at=now()
    )
    run = run_of(shop, run_id)
    if stopped:
        record(BulkEnded(str(run.pk), run.state, run.done), shop_id=shop.pk, actor=by)
    return run


@action
def resume_run(shop: Shop, run_id: UUID, *, by: str) -> BulkRun:
    """Go on with the rows that are left. Raises ``UnknownRun``."""
    resumed = BulkRun.objects.filter(shop=shop, pk=run_id, state=RunState.STOPPED).update(
        state=RunState.RUNNING, ended_at=None
    )
    run = run_of(shop, run_id)
    if resumed:
        _begin(run, by=by)
    return run


@action
def do_row(run_id: UUID, row_id: UUID) -> bool:
    """Do what the run is for to one return, and cross its row off, together or not at all.

    False when the run was stopped or another worker did the row. Raises what the single action
    would raise, and ``NoLongerAllowed``; then nothing is written.
    """
    run, row = _claimed(run_id, row_id, RowState.DONE)
    if run is None or row is None:
        return False
    if not run.may_go_on:
        raise NoLongerAllowed
    do_to(Return.objects.locked(pk=row.rma_id), run)
    return True


@action
def refuse_row(run_id: UUID, row_id: UUID, refusal: RebondError) -> bool:
    """Write down why one return was left as it is."""
    run, row = _claimed(run_id, row_id, RowState.REFUSED)
    if run is None or row is None:
        return False
    plain = {k: v if isinstance(v, int | str) else str(v) for k, v in refusal.facts.items()}
    row.code, row.facts = refusal.code, plain
    row.save(update_fields=["code", "facts"])
    return True


@action
def end_run(run_id: UUID) -> bool:
    """Nothing is left to do. False when somebody stopped it just before."""
    ended = BulkRun.objects.filter(pk=run_id, state=RunState.RUNNING).update(
        state=RunState.DONE, ended_at=now()
    )
    run = BulkRun.objects.get(pk=run_id)
    if ended:
        record(BulkEnded(str(run.pk), run.state, run.done), shop_id=run.shop_id, actor="system")
    return bool(ended)


def run_of(shop: Shop, run_id: UUID) -> BulkRun:
    """The run with this id. Raises ``UnknownRun``."""
    run = BulkRun.objects.filter(shop=shop, pk=run_id).first()
    if run is None:
        raise UnknownRun(run_id=str(run_id))
    return run


def _begin(run: BulkRun, *, by: str) -> None:
    later(GO_ON, run.pk, shop_id=run.shop_id)
    record(BulkStarted(str(run.pk), run.kind, run.total), shop_id=run.shop_id, actor=by)


def _claimed(run_id: UUID, row_id: UUID, state: RowState) -> tuple[BulkRun | None, BulkRow | None]:
    """The run and the row, once, by conditional updates; neither where one of them is over."""
    waits = BulkRow.objects.filter(pk=row_id, run=run_id, state=RowState.WAITING)
    if not waits.update(state=state):
        return None, None
    goes_on = BulkRun.objects.filter(pk=run_id, state=RunState.RUNNING)
    if not goes_on.update(done=F("done") + 1):
        BulkRow.objects.filter(pk=row_id).update(state=RowState.WAITING)
        return None, None
    run = BulkRun.objects.select_related("staff__user", "key", "shop").get(pk=run_id)
    return run, BulkRow.objects.get(pk=row_id)
