"""Prepaid labels over the API: asked for, read, given back, settled by hand, laid into the stock;
and how lost parcels ended."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Callable
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import Field, Router, Schema

from rebond.api.access import Key, actor_of, shop_of
from rebond.api.bodies import Body, Number, YesOrNo
from rebond.api.errors import Problem
from rebond.api.repeats import once
from rebond.api.v1.return_shapes import known_return
from rebond.domain.machines.scopes import Scope
from rebond.domain.shipping.actions import (
    ask_label,
    end_claim,
    lay_in_label,
    say_what_became,
    start_void,
)
from rebond.domain.shipping.errors import LabelFileUnreadable
from rebond.domain.shipping.models import Label, ParcelClaim
from rebond.domain.shipping.queries import labels_in_stock, ready_label
from rebond.domain.shipping.states import ClaimState, LabelState
from rebond.kernel.files import content_of

router = Router(tags=["returns"])
REFUSED = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
PDF = {"responses": {200: {"description": "PDF", "content": {"application/pdf": {}}}}}
MOST_TEXT = 3 * 1024 * 1024
"""The longest PDF (2 MB), written as base64."""


class ClaimAnswer(StrEnum):
    """How a lost parcel ended: it was found, its carrier paid, or nothing came of it."""

    FOUND = "found"
    PAID = "paid"
    GIVEN_UP = "given_up"


class BecameIn(Body):
    """What became of a label that its carrier never answered about; where it was made, its number
    and its PDF (base64)."""

    was_made: YesOrNo
    tracking_number: str = Field("", max_length=80)
    pdf: str = Field("", max_length=MOST_TEXT)


class StockLabelIn(Body):
    """A label that was bought before, as PDF (base64, 2 MB at most)."""

    carrier_name: str = Field("", max_length=60)
    tracking_number: str = Field(..., min_length=1, max_length=80)
    pdf: str = Field(..., min_length=1, max_length=MOST_TEXT)


class ClaimIn(Body):
    """How it ended; ``paid_minor`` is what the carrier paid, in the shop's currency."""

    answer: ClaimAnswer
    paid_minor: Number | None = Field(None, ge=1, le=10**15)
    note: str = Field("", max_length=500)


class LabelOut(Schema):
    """A label. ``cost_minor`` is null until the carrier says a price; ``code`` is why it was
    refused; ``drop_off_code`` the text of the QR code that stands for a printed label."""

    id: str
    parcel: str
    carrier: str
    state: LabelState
    tracking_number: str
    cost_minor: int | None
    currency: str
    code: str
    drop_off_code: str
    asked_at: str


class StockOut(Schema):
    """How many prepaid labels are left in the stock."""

    left: int


class ClaimOut(Schema):
    """A parcel that counts as lost, and how that ended."""

    id: str
    parcel: str
    state: ClaimState
    why: str
    paid_minor: int | None
    currency: str
    note: str
    opened_at: str
    ended_at: str | None


@router.get(
    "/returns/{number}/labels",
    auth=Key(Scope.RETURNS_READ),
    response={200: list[LabelOut], **REFUSED},
    operation_id="list_labels_of_return",
)
def labels(request: HttpRequest, number: str) -> list[dict[str, Any]]:
    """The labels of a return, the first one first."""
    rma = known_return(request, number)
    rows = Label.objects.filter(shop=shop_of(request), parcel__rma=rma).select_related("parcel")
    return [_label_out(label) for label in rows.order_by("asked_at", "id")]


@router.post(
    "/returns/{number}/labels",
    auth=Key(Scope.RETURNS_WRITE),
    response={201: LabelOut, **REFUSED},
    operation_id="ask_label",
)
def ask(request: HttpRequest, number: str) -> HttpResponse:
    """Have a prepaid label made; the customer gets it by mail once it is there.

    Needs an ``Idempotency-Key``, as do the other calls here: one key, one label.
    """
    rma = known_return(request, number)

    def do(_: str) -> HttpResponse:
        made = ask_label(rma.pk, by=actor_of(request))
        return JsonResponse(_shown(made.pk), status=201)

    return once(request, f"POST returns/{rma.pk}/labels", do)


@router.get(
    "/labels/{label_id}/pdf",
    auth=Key(Scope.RETURNS_READ),
    response=REFUSED,
    operation_id="read_label_pdf",
    openapi_extra=PDF,
)
def pdf(request: HttpRequest, label_id: UUID) -> HttpResponse:
    """A label as it is printed; 404 while there is none and once it is void."""
    found = ready_label(shop_of(request), label_id)
    if found is None:
        raise Http404
    return HttpResponse(content_of(found.file), content_type="application/pdf")


@router.post(
    "/labels/{label_id}/voids",
    auth=Key(Scope.RETURNS_WRITE),
    response={201: LabelOut, **REFUSED},
    operation_id="void_label",
)
def void(request: HttpRequest, label_id: UUID) -> HttpResponse:
    """Give a label back that nobody used; its carrier is asked in the background."""

    def do() -> None:
        start_void(shop_of(request).pk, label_id, by=actor_of(request))

    return _done(request, label_id, "voids", do)


@router.post(
    "/labels/{label_id}/answers",
    auth=Key(Scope.RETURNS_WRITE),
    response={201: LabelOut, **REFUSED},
    operation_id="say_what_became_of_label",
)
def became(request: HttpRequest, label_id: UUID, told: BecameIn) -> HttpResponse:
    """Settle a label that waits for somebody: it was made and here it is, or it was not made."""

    def do() -> None:
        say_what_became(
            shop_of(request).pk,
            label_id,
            was_made=told.was_made,
            tracking_number=told.tracking_number,
            pdf=_bytes(told.pdf) if told.pdf else b"",
            by=actor_of(request),
        )

    return _done(request, label_id, "answers", do)


@router.get(
    "/stock-labels",
    auth=Key(Scope.WAREHOUSE_READ),
    response={200: StockOut, **REFUSED},
    operation_id="read_label_stock",
)
def stock(request: HttpRequest) -> dict[str, Any]:
    """How many prepaid labels are left."""
    return {"left": labels_in_stock(shop_of(request))}


@router.post(
    "/stock-labels",
    auth=Key(Scope.WAREHOUSE_WRITE),
    response={201: StockOut, **REFUSED},
    operation_id="lay_in_label",
)
def lay_in(request: HttpRequest, wanted: StockLabelIn) -> HttpResponse:
    """Put a prepaid label into the stock. Needs an ``Idempotency-Key``."""

    def do(_: str) -> HttpResponse:
        lay_in_label(
            shop_of(request),
            carrier_name=wanted.carrier_name,
            tracking_number=wanted.tracking_number,
            pdf=_bytes(wanted.pdf),
            by=actor_of(request),
        )
        return JsonResponse({"left": labels_in_stock(shop_of(request))}, status=201)

    return once(request, "POST stock-labels", do)


@router.get(
    "/parcel-claims",
    auth=Key(Scope.WAREHOUSE_READ),
    response={200: list[ClaimOut], **REFUSED},
    operation_id="list_parcel_claims",
)
def claims(request: HttpRequest) -> list[dict[str, Any]]:
    """The last two hundred parcels that counted as lost, the newest first."""
    rows = ParcelClaim.objects.filter(shop=shop_of(request)).order_by("-opened_at", "-id")
    return [_claim_out(claim) for claim in rows[:200]]


@router.post(
    "/parcel-claims/{claim_id}/endings",
    auth=Key(Scope.WAREHOUSE_WRITE),
    response={201: ClaimOut, **REFUSED},
    operation_id="end_parcel_claim",
)
def end(request: HttpRequest, claim_id: UUID, wanted: ClaimIn) -> HttpResponse:
    """Say how a lost parcel ended. Needs an ``Idempotency-Key``."""
    shop = shop_of(request)
    if not ParcelClaim.objects.filter(shop=shop, pk=claim_id).exists():
        raise Http404

    def do(_: str) -> HttpResponse:
        ended = end_claim(
            shop.pk,
            claim_id,
            answer=wanted.answer.value,
            paid_minor=wanted.paid_minor,
            note=wanted.note,
            by=actor_of(request),
        )
        return JsonResponse(_claim_out(ended), status=201)

    return once(request, f"POST parcel-claims/{claim_id}/endings", do)


def _done(request: HttpRequest, label_id: UUID, verb: str, do: Callable[[], None]) -> HttpResponse:
    if not Label.objects.filter(shop=shop_of(request), pk=label_id).exists():
        raise Http404

    def change(_: str) -> HttpResponse:
        do()
        return JsonResponse(_shown(label_id), status=201)

    return once(request, f"POST labels/{label_id}/{verb}", change)


def _bytes(text: str) -> bytes:
    """What a base64 text holds. Raises ``LabelFileUnreadable``."""
    try:
        return b64decode(text, validate=True)
    except (NotBase64, ValueError) as unreadable:
        raise LabelFileUnreadable(limit="2 MB") from unreadable


def _shown(label_id: UUID) -> dict[str, Any]:
    return _label_out(Label.objects.select_related("parcel").get(pk=label_id))


def _label_out(label: Label) -> dict[str, Any]:
    return {
        "id": str(label.pk),
        "parcel": str(label.parcel_id),
        "carrier": label.carrier,
        "state": str(label.state),
        "tracking_number": label.parcel.tracking_number,
        "cost_minor": label.cost_minor,
        "currency": label.currency,
        "code": label.code,
        "drop_off_code": label.drop_off_code,
        "asked_at": label.asked_at.isoformat(),
    }


def _claim_out(claim: ParcelClaim) -> dict[str, Any]:
    return {
        "id": str(claim.pk),
        "parcel": str(claim.parcel_id),
        "state": str(claim.state),
        "why": claim.why,
        "paid_minor": claim.paid_minor,
        "currency": claim.currency,
        "note": claim.note,
        "opened_at": claim.opened_at.isoformat(),
        "ended_at": claim.ended_at.isoformat() if claim.ended_at else None,
    }
