"""The warehouse: what a parcel says, goods booked in, goods looked at piece by piece."""

import re
from collections.abc import Mapping
from uuid import UUID

from django.contrib import messages
from django.db.models import Prefetch, prefetch_related_objects
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from rebond.domain import law
from rebond.domain.discussions.queries import discussion_of
from rebond.domain.returns.actions import add_photo
from rebond.domain.returns.errors import ChangedMeanwhile
from rebond.domain.returns.images import clean_image
from rebond.domain.returns.models import Return, ReturnLine
from rebond.domain.returns.states import InspectionState
from rebond.domain.returns.steps import Step, allowed_steps
from rebond.domain.shipping.actions import note_delivery, note_hand_in
from rebond.domain.shipping.models import Parcel
from rebond.domain.shipping.sharing import companions_of
from rebond.domain.shops.access import Right
from rebond.domain.warehouse.actions import inspect_return, receive_together
from rebond.domain.warehouse.actions.parcels import is_expected
from rebond.domain.warehouse.checklists import Answer, checklists_for
from rebond.domain.warehouse.shares import is_claimed, shares_of
from rebond.kernel.clock import now
from rebond.kernel.errors import Kind, RebondError
from rebond.web.backoffice.access import DeskRequest, at_desk
from rebond.web.backoffice.forms.warehouse import (
    DISPOSITIONS,
    VERSION_OF,
    FindingRow,
    InspectForm,
    ReceiveForm,
)
from rebond.web.backoffice.queries.one_return import find_return, lines_of, standing_of
from rebond.web.backoffice.views.pages import is_same_click, show, version_of
from rebond.web.backoffice.views.returns import return_page
from rebond.web.backoffice.views.steps import back_to
from rebond.web.ui.words import refusal_sentence

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_LINES = ReturnLine.objects.select_related("reason", "order_line").order_by("position")


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Right.RECEIVE)
def receive(request: DeskRequest, number: str) -> HttpResponse:
    """Book goods in, line by line: of all returns in the parcel at once, or of none."""
    rma = find_return(request.shop, number)
    lines = lines_of(rma)
    if Step.RECEIVE not in allowed_steps(standing_of(rma, lines)):
        return _moved_on(request, rma, "parcel.received")
    expected = _still_expected(rma)
    if request.method != "POST":
        return _receive_page(request, _form_of(rma, expected))
    counted = [one for one in expected if f"{VERSION_OF}{one.pk}" in request.POST]
    form = _form_of(rma, counted, request.POST)
    if not form.is_valid():
        return _receive_page(request, form, status=422)
    try:
        _check_all_expected(request, counted)
        receive_together(request.shop, form.arrivals, note=form.note, by=request.by)
    except RebondError as refusal:
        if is_same_click(request, rma, "parcel.received"):
            return back_to(rma)
        changed = refusal.facts.get("number", rma.number)
        if changed != rma.number:
            messages.warning(
                request, _("It concerns {number}. Nothing was booked in.").format(number=changed)
            )
        fresh = find_return(request.shop, number)
        form = _form_of(fresh, _still_expected(fresh), request.POST)
        return _receive_page(request, form, refusal=refusal)
    _tell_received(request, form)
    rest = [one for one in _still_expected(rma) if one not in counted]
    if rest:
        messages.info(
            request, _("The same parcel also holds {number}.").format(number=rest[0].number)
        )
        return redirect("backoffice:receive", slug=request.shop.slug, number=rest[0].number)
    return back_to(rma)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Right.RECEIVE)
def inspect(request: DeskRequest, number: str) -> HttpResponse:
    """Grade what came, and say where it goes and what is paid for."""
    rma = find_return(request.shop, number)
    lines = lines_of(rma)
    if Step.INSPECT not in allowed_steps(standing_of(rma, lines)):
        return _moved_on(request, rma, "return.inspected")
    checklists = checklists_for(request.shop.pk, [line.sku for line in lines])
    shares = shares_of(rma, lines)
    claimed = {line.pk for line in lines if is_claimed(rma, line)}
    if request.method != "POST":
        form = InspectForm(lines, checklists=checklists, shares=shares, claimed=claimed)
        form.take_agreed(discussion_of(rma))
        return _inspect_page(request, rma, form)
    form = InspectForm(
        lines,
        request.POST,
        request.FILES,
        checklists=checklists,
        shares=shares,
        claimed=claimed,
    )
    if "split" in request.POST or "drop" in request.POST:
        form.split(request.POST.get("split", ""))
        form.drop(request.POST.get("drop", ""))
        return _inspect_page(request, rma, form)
    try:
        if version_of(request) != rma.version:
            raise ChangedMeanwhile(number=rma.number)
        valid = form.is_valid()
        _keep_photos(request, rma, form.rows)
        if not valid or any(row.errors for row in form.rows):
            return _inspect_page(request, rma, form, status=422)
        inspect_return(rma.pk, form.findings, by=request.by, version=version_of(request))
    except RebondError as refusal:
        if is_same_click(request, rma, "return.inspected"):
            return back_to(rma)
        fresh = find_return(request.shop, number)
        return _inspect_page(request, fresh, form, refusal=refusal)
    messages.success(request, _("Inspection kept."))
    return back_to(rma)


def _still_expected(rma: Return) -> list[Return]:
    """Returns in the same parcel that nobody has booked in."""
    return [
        one
        for one in companions_of(rma)
        if is_expected(one) and one.inspection_state == InspectionState.AWAITING
    ]


def _form_of(
    rma: Return, others: list[Return], typed: Mapping[str, str] | None = None
) -> ReceiveForm:
    """The form for ``rma`` and the ``others`` in its parcel, their lines read at once."""
    prefetch_related_objects([rma, *others], Prefetch("lines", _LINES.filter(shop=rma.shop_id)))
    return ReceiveForm([(one, list(one.lines.all())) for one in [rma, *others]], typed)


def _check_all_expected(request: DeskRequest, counted: list[Return]) -> None:
    """Refuse a form that speaks of a return which left the parcel or was booked in elsewhere."""
    known = {f"{VERSION_OF}{one.pk}" for one in counted}
    gone = {key for key in request.POST if key.startswith(VERSION_OF)} - known
    if gone:
        rows = Return.objects.filter(shop=request.shop).order_by("number")
        numbers = [one.number for one in rows.filter(pk__in=_ids_in(gone))]
        raise ChangedMeanwhile(number=", ".join(numbers))


def _ids_in(names: set[str]) -> list[UUID]:
    texts = [name.removeprefix(VERSION_OF) for name in names]
    return [UUID(hex=text) for text in texts if _UUID.fullmatch(text)]


def _tell_received(request: DeskRequest, form: ReceiveForm) -> None:
    """Say how many pieces came of which returns, and of which none did."""
    pieces = sum(one.pieces for one in form.came)
    told = ngettext("{pieces} piece received.", "{pieces} pieces received.", pieces)
    told = told.format(pieces=pieces)
    with_it = ", ".join(one.rma.number for one in form.came[1:])
    if with_it:
        told = f"{told} " + _("Booked in with it: {numbers}.").format(numbers=with_it)
    messages.success(request, told)
    missing = ", ".join(one.rma.number for one in form.stayed_away)
    if missing:
        told = _("Nothing of {numbers} was counted: still expected.")
        messages.info(request, told.format(numbers=missing))


def _moved_on(request: DeskRequest, rma: Return, event: str) -> HttpResponse:
    """The page of the return: after a second click as if it were the first, else with a word."""
    if request.method != "POST" or is_same_click(request, rma, event):
        return back_to(rma)
    return return_page(request, rma, refusal=ChangedMeanwhile(number=rma.number))


def _keep_photos(request: DeskRequest, rma: Return, rows: list[FindingRow]) -> None:
    """Keep each picture at once, so that a mistake elsewhere in the form does not lose it."""
    for row in rows:
        if row.upload is None:
            continue
        try:
            picture = clean_image(row.upload.read())
            kept = add_photo(
                rma.pk, picture, line_id=row.line.pk, taken_by="warehouse", by=request.by
            )
            row.photo_id = str(kept.pk)
        except RebondError as refusal:
            if refusal.kind is not Kind.INVALID:
                raise
            row.errors.append(refusal_sentence(refusal))


def _receive_page(
    request: DeskRequest,
    form: ReceiveForm,
    *,
    status: int = 200,
    refusal: RebondError | None = None,
) -> HttpResponse:
    page = {"rma": form.sections[0].rma, "form": form}
    return show(request, "receive.html", page, status=status, refusal=refusal)


def _inspect_page(
    request: DeskRequest,
    rma: Return,
    form: InspectForm,
    *,
    status: int = 200,
    refusal: RebondError | None = None,
) -> HttpResponse:
    page = {
        "rma": rma,
        "form": form,
        "dispositions": DISPOSITIONS,
        "answers": list(Answer),
        "article": law.loss_of_value_article(rma.country),
    }
    return show(request, "inspect.html", page, status=status, refusal=refusal)


@require_POST
@at_desk(Right.RECEIVE, Right.DECIDE)
def parcel_moment(request: DeskRequest, parcel_id: UUID) -> HttpResponse:
    """Note what the carrier, or the shopper's receipt, says of a parcel."""
    parcel = Parcel.objects.select_related("rma").filter(shop=request.shop, pk=parcel_id).first()
    if parcel is None:
        raise Http404
    if request.POST.get("moment") == "delivered":
        note_delivery(parcel.pk, at=now(), by=request.by)
    else:
        note_hand_in(parcel.pk, at=now(), by=request.by)
    messages.success(request, _("Noted. What was promised for this moment follows by itself."))
    return redirect("backoffice:return", slug=request.shop.slug, number=parcel.rma.number)
