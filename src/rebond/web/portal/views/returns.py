"""One return: where it stands, and what the shopper can still do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rebond.domain.contests.queries import contest_of, findings_of, why_not
from rebond.domain.conversations.queries import messages_of
from rebond.domain.credit_notes.models import CreditNote
from rebond.domain.discussions.queries import discussion_of, photos_of
from rebond.domain.duties.cost import Cost, cost_on
from rebond.domain.duties.models import Duty
from rebond.domain.duties.queries import refund_duty_of
from rebond.domain.exchanges.queries import exchange_of
from rebond.domain.refunds.queries import days_for, expected_for
from rebond.domain.repairs.queries import repair_of
from rebond.domain.returns.actions import MOST_PHOTOS, add_photo, cancel_return
from rebond.domain.returns.errors import PhotoTooLarge, PhotoUnreadable
from rebond.domain.returns.images import MOST_BYTES, clean_image
from rebond.domain.returns.models import Return
from rebond.domain.returns.states import MoneyState, ParcelState, RequestState
from rebond.domain.returns.steps import LOOKED_AT
from rebond.domain.shipping.actions import announce_parcel
from rebond.domain.shipping.changes import fixed_by
from rebond.domain.shipping.sharing import companions_of
from rebond.kernel.clock import now, today
from rebond.kernel.errors import RebondError
from rebond.outbound.telling.methods import place_word
from rebond.outbound.telling.outcomes import chosen_rows
from rebond.outbound.telling.sums import titles_of
from rebond.web.portal.access import ShopRequest, Visit, with_return
from rebond.web.portal.apart import apart_shown
from rebond.web.portal.codes import bars, squares
from rebond.web.portal.forms.parcel import ParcelForm
from rebond.web.portal.parcels import parcels_shown
from rebond.web.portal.progress import ball_of, stand_of, steps_of, timeline_of
from rebond.web.portal.together import may_see, together_shown
from rebond.web.portal.views.exchange import can_be_exchanged
from rebond.web.portal.ways import sending_shown
from rebond.web.ui.refusals import STATUS
from rebond.web.ui.words import refusal_sentence


@dataclass(frozen=True)
class LegalDay:
    """The legal day of a refund; ``cost`` is what is owed on top because it has passed."""

    duty: Duty
    is_late: bool
    cost: Cost | None


OPEN = {RequestState.REQUESTED, RequestState.NEEDS_INFO, RequestState.APPROVED}


@require_safe
@with_return
def show(request: ShopRequest, visit: Visit) -> HttpResponse:
    """Where the return stands."""
    return return_page(request, visit, ParcelForm())


@require_POST
@with_return
def announce(request: ShopRequest, visit: Visit) -> HttpResponse:
    """Note that the parcel is on its way."""
    form = ParcelForm(request.POST)
    if not form.is_valid():
        return return_page(request, visit, form, status=422)
    try:
        announce_parcel(visit.rma.pk, carrier="own_carrier", by="shopper", **form.cleaned_data)
    except RebondError as error:
        return return_page(request, visit, form, refused=error, place="parcel")
    messages.success(request, _("Thank you. We know now that your parcel is on its way."))
    return _back(request, visit)


@require_POST
@with_return
def more_photos(request: ShopRequest, visit: Visit) -> HttpResponse:
    """Add pictures to the return."""
    try:
        uploads = request.FILES.getlist("photos")
        if not uploads:
            raise PhotoUnreadable
        for upload in uploads[:MOST_PHOTOS]:
            if upload.size is None or upload.size > MOST_BYTES:
                raise PhotoTooLarge(limit="10 MB")
            image = clean_image(upload.read())
            add_photo(visit.rma.pk, image, line_id=None, taken_by="shopper", by="shopper")
    except RebondError as error:
        return return_page(request, visit, ParcelForm(), refused=error, place="photos")
    messages.success(request, _("Thank you, your photo has arrived."))
    return _back(request, visit)


@require_http_methods(["GET", "HEAD", "POST"])
@with_return
def cancel(request: ShopRequest, visit: Visit) -> HttpResponse:
    """Ask whether the return shall be called off, and do it."""
    if not _can_be_cancelled(visit.rma):
        return _back(request, visit)
    if request.method != "POST":
        return render(request, "portal/cancel.html", {"visit": visit, "rma": visit.rma})
    try:
        cancel_return(visit.rma.pk, by="shopper")
    except RebondError as error:
        return return_page(request, visit, ParcelForm(), refused=error, place="top")
    messages.success(request, _("Your return is cancelled. You keep the article."))
    return _back(request, visit)


@require_safe
@with_return
def slip(request: ShopRequest, visit: Visit) -> HttpResponse:
    """The sheet to put into the parcel, for those who have a printer."""
    rma = visit.rma
    page = {
        "visit": visit,
        "rma": rma,
        "lines": rma.lines.order_by("position"),
        "companions": [
            (one.number, bars(one.number))
            for one in companions_of(rma)
            if may_see(request, visit, one)
        ],
        "bars": bars(rma.number),
        "squares": squares(rma.number),
    }
    return render(request, "portal/slip.html", page)


def _back(request: ShopRequest, visit: Visit) -> HttpResponse:
    return redirect("portal:return", slug=request.shop.slug, token=visit.token)


def return_page(
    request: ShopRequest,
    visit: Visit,
    form: ParcelForm,
    *,
    status: int = 200,
    refused: RebondError | None = None,
    place: str = "",
    typed: str = "",
) -> HttpResponse:
    """The page of the visited return; ``typed`` is a message that is not to be lost."""
    rma = visit.rma
    page: dict[str, Any] = {
        "visit": visit,
        "rma": rma,
        "order": rma.order,
        "form": form,
        "refused": refusal_sentence(refused) if refused else "",
        "refused_at": place,
        "conversation": messages_of(rma) if visit.sees_all else [],
        "typed": typed,
        "ball": ball_of(rma),
        "steps": steps_of(rma),
        "events": timeline_of(rma),
        "findings": rma.terms.get("findings", []),
        "terms": rma.terms.get("terms", {}),
        "days": days_for(rma.order, rma.requested_at) if rma.order and not rma.is_gift else None,
        "lines": rma.lines.select_related("reason").order_by("position"),
        "photos": rma.photos.filter(taken_by="shopper").order_by("added_at", "id"),
        "parcels": rma.parcels.order_by("position"),
        "legal": _legal_day(rma),
        **_graded(rma),
        **_discussed(rma),
        "can_be_changed": not fixed_by(rma),
        "can_be_cancelled": _can_be_cancelled(rma),
        "donation": rma.donation,
        "repair": repair_of(rma, today(rma.shop.time_zone)),
        **apart_shown(visit),
        "can_be_sent": _can_be_sent(rma) and not rma.keeps_goods,
        "can_get_photos": rma.request_state in OPEN and rma.parcel_state != ParcelState.RECEIVED,
        "exchange": exchange_of(rma),
        "chosen": list(chosen_rows(rma.lines.order_by("position"))),
        "can_be_exchanged": can_be_exchanged(rma),
        **parcels_shown(rma),
        **sending_shown(rma),
        **together_shown(request, visit),
        **_money(rma),
    }
    status = STATUS[refused.kind] if refused else status
    return render(request, "portal/return.html", page, status=status)


def _legal_day(rma: Return) -> LegalDay | None:
    """When the law wants the refund; None where no law says anything, or once it is paid."""
    duty = refund_duty_of(rma)
    if duty is None or duty.done_at is not None:
        return None
    day = today(rma.shop.time_zone)
    is_late = duty.due_on is not None and duty.due_on < day
    return LegalDay(duty, is_late, cost_on(duty, day) if is_late else None)


def _money(rma: Return) -> dict[str, Any]:
    """The sum as it was decided, or as it is expected; the documents that were issued."""
    settlement = rma.settlements.order_by("-decided_at").first()
    expected = expected_for(rma) if settlement is None and rma.request_state in OPEN else None
    return {
        "breakdown": settlement.figures if settlement else expected,
        "settlement": settlement,
        "titles": titles_of(rma.order) if rma.order else {},
        "is_tax_derived": bool(rma.order and "vat" in rma.order.derived),
        "documents": CreditNote.objects.filter(
            shop=rma.shop_id, settlement__shop=rma.shop_id, settlement__rma=rma
        ).order_by("issued_at"),
        "refunds": [
            (
                refund,
                stand_of(refund),
                place_word(refund),
            )
            for one in rma.settlements.all()
            for refund in one.refunds.select_related("payment").order_by("started_at")
        ],
    }


def _graded(rma: Return) -> dict[str, Any]:
    """What was found and kept back, once it was looked at, and what the shopper says to it."""
    if rma.inspection_state not in LOOKED_AT:
        return {}
    why = why_not(rma, now())
    return {
        "contest": contest_of(rma),
        "graded": [] if rma.is_repair else findings_of(rma),
        "can_contest": not why,
    }


def _discussed(rma: Return) -> dict[str, Any]:
    """What the shop found and proposes, and what the shopper said to it."""
    row = discussion_of(rma)
    if row is None:
        return {}
    return {"discussion": row, "discussion_photos": photos_of(row, row.photos)}


def _can_be_cancelled(rma: Return) -> bool:
    return (
        rma.request_state in OPEN
        and rma.parcel_state != ParcelState.RECEIVED
        and rma.money_state == MoneyState.NONE
    )


def _can_be_sent(rma: Return) -> bool:
    return rma.request_state == RequestState.APPROVED and rma.parcel_state != ParcelState.RECEIVED
