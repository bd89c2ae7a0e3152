"""Work on the queue: who takes care, who is looking, own views, many at once."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from rebond.domain.returns.models import Return
from rebond.domain.shops.access import Right
from rebond.domain.work.actions import (
    assign_return,
    drop_view,
    note_presence,
    read_mentions,
    resume_run,
    run_of,
    save_view,
    start_run,
    stop_run,
)
from rebond.domain.work.errors import NothingPicked, UnknownColleague, UnknownRun
from rebond.domain.work.models import Assignment, BulkKind, BulkRun, RowState
from rebond.domain.work.queries import assignment_of, others_at, rows_of, team_of
from rebond.kernel.errors import RebondError
from rebond.web.backoffice.access import DeskRequest, at_desk
from rebond.web.backoffice.confirming import need_confirmed
from rebond.web.backoffice.forms.bulk import KINDS, BulkForm, kind_of
from rebond.web.backoffice.queries.one_return import find_return
from rebond.web.backoffice.queries.queue import BY_KEY, VIEWS, Asked, Filters, picked_ids
from rebond.web.backoffice.undo import offer_undo
from rebond.web.backoffice.views.pages import show, version_of
from rebond.web.backoffice.views.returns import return_page
from rebond.web.ui.words import refusal_of


@require_POST
@at_desk(Right.DECIDE)
def assign(request: DeskRequest, number: str) -> HttpResponse:
    """Give one return to somebody, or to nobody."""
    rma = find_return(request.shop, number)
    before = assignment_of(rma)
    try:
        whom = _uuid(request.POST.get("staff", ""))
        now_with = assign_return(rma.pk, whom, by=request.by, version=version_of(request))
    except RebondError as refusal:
        return return_page(request, find_return(request.shop, number), refusal=refusal)
    if (before and before.staff_id) != (now_with and now_with.staff_id):
        _say_who_cares(request, now_with)
        offer_undo(request, "assign", rma.number, staff=before.staff_id if before else None)
    return redirect("backoffice:return", slug=request.shop.slug, number=rma.number)


def _say_who_cares(request: DeskRequest, now_with: Assignment | None) -> None:
    if now_with is None:
        messages.success(request, _("Nobody takes care of it now."))
    elif now_with.staff_id == request.staff.pk:
        messages.success(request, _("You take care of it."))
    else:
        name = now_with.staff.user.name
        messages.success(request, _("{name} takes care of it.").format(name=name))


@require_POST
@at_desk(Right.SEE)
def presence(request: DeskRequest, number: str) -> HttpResponse:
    """Say that this page is open; the answer names the colleagues who have it open too."""
    rma = find_return(request.shop, number)
    note_presence(rma, request.staff)
    read_mentions(request.staff, rma.pk)
    page = {"others": others_at(rma, request.staff), "rma": rma, "shop": request.shop}
    page["is_changed"] = version_of(request) not in (None, rma.version)
    return render(request, "backoffice/presence.html", page)


@require_POST
@at_desk(Right.SEE)
def seen(request: DeskRequest, number: str) -> HttpResponse:
    """Put the notes of one return that name me aside."""
    rma = find_return(request.shop, number)
    read_mentions(request.staff, rma.pk)
    return redirect("backoffice:today", slug=request.shop.slug)


@require_POST
@at_desk(Right.SEE)
def keep_view(request: DeskRequest) -> HttpResponse:
    """Save the queue as it is narrowed now, under a name."""
    view = BY_KEY.get(request.POST.get("view", ""), VIEWS[0])
    filters = Filters.of(request.POST)
    try:
        save_view(request.staff, request.POST.get("title", ""), {"view": view.key, **filters.plain})
    except NothingPicked:
        messages.error(request, _("Please give the view a name."))
    else:
        messages.success(request, _("Saved. Only you see this view."))
    return redirect("backoffice:returns", slug=request.shop.slug)


@require_POST
@at_desk(Right.SEE)
def forget_view(request: DeskRequest, view_id: UUID) -> HttpResponse:
    """Forget one of my views."""
    gone = drop_view(request.staff, view_id)
    if gone is not None:
        messages.success(request, _("“{name}” is forgotten.").format(name=gone.title))
        offer_undo(request, "keep_view", title=gone.title, **gone.filters)
    return redirect("backoffice:returns", slug=request.shop.slug)


@require_POST
@at_desk(Right.DECIDE, Right.REFUND)
def bulk(request: DeskRequest) -> HttpResponse:
    """First what will be done to which returns, then, once confirmed, the run itself."""
    view = BY_KEY.get(request.POST.get("view", ""), VIEWS[0])
    kind = kind_of(request.POST.get("kind", ""), request.rights)
    picked = picked_ids(
        request.shop,
        request.staff,
        view,
        Filters.of(request.POST),
        Asked(
            request.POST.getlist("pick"),
            _ids(request.POST.get("ids", "")),
            is_whole=bool(request.POST.get("whole")),
        ),
    )
    if kind is None or not picked:
        return show(request, "bulk_nothing.html", {"view": view}, status=422)
    is_sure = bool(request.POST.get("sure"))
    form = BulkForm(request.POST if is_sure else None, kind, team_of(request.shop))
    if is_sure and form.is_valid():
        if kind is BulkKind.REFUND:
            need_confirmed(request)
        told = {key: value for key, value in form.cleaned_data.items() if value}
        try:
            run = start_run(
                request.shop, kind, picked, staff=request.staff, by=request.by, told=told
            )
        except RebondError as refusal:
            return _ask(request, kind, picked, form, refusal)
        return redirect("backoffice:bulk_run", slug=request.shop.slug, run_id=run.pk)
    return _ask(request, kind, picked, form)


def _ask(
    request: DeskRequest,
    kind: str,
    picked: list[UUID],
    form: BulkForm,
    refusal: RebondError | None = None,
) -> HttpResponse:
    rows = Return.objects.filter(shop=request.shop, pk__in=picked)
    page = {
        "kind": kind,
        "ids": ",".join(str(pk) for pk in picked),
        "word": KINDS[form.kind][1],
        "form": form,
        "numbers": list(rows.order_by("-requested_at").values_list("number", flat=True)),
    }
    status = 422 if form.is_bound and not form.is_valid() else 200
    return show(request, "bulk.html", page, status=status, refusal=refusal)


@require_GET
@at_desk(Right.DECIDE, Right.REFUND)
def bulk_run(request: DeskRequest, run_id: UUID) -> HttpResponse:
    """How far a run is, and what became of each return."""
    run = _run(request, run_id)
    page = {"run": run, "word": KINDS[run.kind][1], **_results(run)}  # type: ignore[index]
    if request.headers.get("HX-Request"):
        page["may"] = {right.value: True for right in request.rights}
        return render(request, "backoffice/bulk_progress.html", page)
    return show(request, "bulk_run.html", page)


@require_POST
@at_desk(Right.DECIDE, Right.REFUND)
def stop(request: DeskRequest, run_id: UUID) -> HttpResponse:
    """Stop a run; what is done stays done."""
    stop_run(request.shop, _run(request, run_id).pk, by=request.by)
    return redirect("backoffice:bulk_run", slug=request.shop.slug, run_id=run_id)


@require_POST
@at_desk(Right.DECIDE, Right.REFUND)
def go_on(request: DeskRequest, run_id: UUID) -> HttpResponse:
    """Go on with what is left."""
    resume_run(request.shop, _run(request, run_id).pk, by=request.by)
    return redirect("backoffice:bulk_run", slug=request.shop.slug, run_id=run_id)


def _run(request: DeskRequest, run_id: UUID) -> BulkRun:
    try:
        return run_of(request.shop, run_id)
    except UnknownRun:
        raise Http404 from None


def _results(run: BulkRun) -> dict[str, object]:
    rows = rows_of(run)
    refused = [row for row in rows if row.state == RowState.REFUSED]
    return {
        "shop": run.shop,
        "rows": [(row, refusal_of(row.code, row.facts) if row.code else "") for row in rows],
        "refused": len(refused),
        "succeeded": sum(row.state == RowState.DONE for row in rows),
    }


def _uuid(text: str) -> UUID | None:
    """The id in ``text``, None where it is empty. Raises ``UnknownColleague``."""
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise UnknownColleague from None


def _ids(text: str) -> list[UUID]:
    """The ids in ``text``, parted by commas; what is none is left out."""
    found = []
    for part in text.split(",")[:2000]:
        try:
            found.append(UUID(part))
        except ValueError:
            continue
    return found
