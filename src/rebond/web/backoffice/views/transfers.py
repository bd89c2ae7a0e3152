"""Bank transfers: what waits, files for the bank made by one and released by another."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from rebond.domain.bank_transfers.actions import (
    drop_file,
    end_transfer,
    make_file,
    release_file,
    set_own_account,
)
from rebond.domain.bank_transfers.models import FileState, Transfer, TransferFile
from rebond.domain.shops.access import Right
from rebond.kernel.errors import RebondError
from rebond.kernel.files import content_of
from rebond.web.backoffice.access import DeskRequest, at_desk
from rebond.web.backoffice.confirming import need_confirmed
from rebond.web.backoffice.looks import note_export
from rebond.web.backoffice.queries.transfers import transfers_shown
from rebond.web.backoffice.views.pages import show


@require_GET
@at_desk(Right.REFUND, Right.SEE_MONEY)
def transfers(request: DeskRequest) -> HttpResponse:
    """What waits for a file, what is at the bank, and the files."""
    return _page(request)


@require_POST
@at_desk(Right.REFUND, confirmed=True)
def make(request: DeskRequest) -> HttpResponse:
    """Gather what waits into a file."""
    try:
        make_file(request.shop, staff=request.staff, by=request.by)
    except RebondError as refusal:
        return _page(request, refusal)
    messages.success(request, _("The file is made. A second person has to release it."))
    return _back(request)


@require_POST
@at_desk(Right.REFUND, confirmed=True)
def answer(request: DeskRequest, file_id: UUID) -> HttpResponse:
    """Release the file, or drop it."""
    if not TransferFile.objects.filter(shop=request.shop, pk=file_id).exists():
        raise Http404
    releases = request.POST.get("answer") == "release"
    try:
        (release_file if releases else drop_file)(file_id, staff=request.staff, by=request.by)
    except RebondError as refusal:
        return _page(request, refusal)
    told = _("Released. Hand the file to your bank.") if releases else _("The file is dropped.")
    messages.success(request, told)
    return _back(request)


@require_GET
@at_desk(Right.REFUND)
def file(request: DeskRequest, file_id: UUID) -> HttpResponse:
    """The file for the bank; only a released one."""
    found = TransferFile.objects.filter(
        shop=request.shop, pk=file_id, state=FileState.RELEASED
    ).first()
    if found is None:
        raise Http404
    need_confirmed(request)
    note_export(request)
    response = HttpResponse(content_of(found.file), content_type="application/xml")
    response.headers["Content-Disposition"] = f'attachment; filename="{found.message_id}.xml"'
    return response


@require_POST
@at_desk(Right.REFUND)
def ended(request: DeskRequest, transfer_id: UUID) -> HttpResponse:
    """Note what the bank says of one transfer."""
    if not Transfer.objects.filter(shop=request.shop, pk=transfer_id).exists():
        raise Http404
    is_paid = request.POST.get("answer") == "paid"
    try:
        end_transfer(
            transfer_id, is_paid=is_paid, by=request.by, code=request.POST.get("code", "").strip()
        )
    except RebondError as refusal:
        return _page(request, refusal)
    messages.success(request, _("Noted. The rest follows by itself."))
    return _back(request)


@require_POST
@at_desk(Right.CONFIGURE, confirmed=True)
def own_account(request: DeskRequest) -> HttpResponse:
    """Say from which account the shop pays."""
    try:
        set_own_account(
            request.shop,
            holder=request.POST.get("holder", ""),
            iban=request.POST.get("iban", ""),
            by=request.by,
        )
    except RebondError as refusal:
        return _page(request, refusal)
    messages.success(request, _("Kept. It holds from now on."))
    return _back(request)


def _page(request: DeskRequest, refusal: RebondError | None = None) -> HttpResponse:
    page = {"seen": transfers_shown(request.shop), "me": request.staff}
    return show(request, "transfers.html", page, refusal=refusal)


def _back(request: DeskRequest) -> HttpResponse:
    return redirect("backoffice:transfers", slug=request.shop.slug)
