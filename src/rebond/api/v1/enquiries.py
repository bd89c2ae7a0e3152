"""Questions without a return over the API: from the shop's own contact form, answered, turned."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import Field, Query, Router, Schema

from rebond.api.access import Key, actor_of, shop_of
from rebond.api.bodies import Body
from rebond.api.errors import Problem
from rebond.api.lists import LONGEST_PAGE, PageOut, check_parameters, listed
from rebond.api.repeats import keyed
from rebond.domain.enquiries.actions import (
    NewEnquiry,
    answer_enquiry,
    receive_enquiry,
    turn_into_return,
)
from rebond.domain.enquiries.models import Enquiry, EnquiryState
from rebond.domain.machines.scopes import Scope
from rebond.domain.returns.models import Return

router = Router(tags=["enquiries"])
REFUSED = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}


class EnquiryIn(Body):
    """A question as somebody typed it. ``order`` is what they typed as an order number."""

    email: str = Field(..., min_length=3, max_length=254)
    text: str = Field(..., min_length=1, max_length=2000)
    name: str = Field("", max_length=120)
    order: str = Field("", max_length=80)
    language: str = Field("", max_length=10)


class AnswerIn(Body):
    """What is written back; it goes out by mail."""

    text: str = Field(..., min_length=1, max_length=2000)


class TurnIn(Body):
    """The number of the return that was made of it."""

    number: str = Field(..., min_length=1, max_length=40)


class SaidOut(Schema):
    """One message of an enquiry; ``side`` is ``shop`` or ``shopper``."""

    side: str
    text: str
    at: str


class EnquiryOut(Schema):
    """An enquiry. ``order`` is the order that has the number that was typed: no proof."""

    id: str
    number: str
    state: str
    name: str
    email: str
    order_told: str
    order: str | None
    return_number: str | None
    received_at: str
    messages: list[SaidOut]


class EnquiriesOut(PageOut):
    """A page of enquiries, newest first."""

    items: list[EnquiryOut]


class EnquiryFilters(Schema):
    """Which of them, from where."""

    state: EnquiryState | None = None
    cursor: str = Field("", max_length=200)
    limit: int = Field(50, ge=1, le=LONGEST_PAGE)


@router.post(
    "/enquiries",
    auth=Key(Scope.RETURNS_WRITE),
    response={201: EnquiryOut, **REFUSED},
    operation_id="send_enquiry",
)
@keyed
def create(request: HttpRequest, told: EnquiryIn) -> HttpResponse:
    """Hand over a question from a contact form of your own.

    The same words from the same mailbox within an hour are one enquiry. Keep machines out of your
    form yourself: here only the count for each mailbox is guarded.
    """
    shop = shop_of(request)
    new = NewEnquiry(
        email=told.email,
        text=told.text,
        language=told.language if told.language in shop.languages else shop.language,
        name=told.name,
        order_number=told.order,
    )
    return JsonResponse(_out(receive_enquiry(shop, new, by=actor_of(request))), status=201)


@router.get(
    "/enquiries",
    auth=Key(Scope.RETURNS_READ),
    response={200: EnquiriesOut, **REFUSED},
    operation_id="list_enquiries",
)
def listing(request: HttpRequest, asked: Annotated[EnquiryFilters, Query(...)]) -> HttpResponse:
    """Enquiries with what was said, newest first."""
    check_parameters(request, {"state"})
    rows = Enquiry.objects.filter(shop=shop_of(request)).select_related("order", "rma")
    if asked.state is not None:
        rows = rows.filter(state=asked.state)
    return listed(
        rows.prefetch_related("said"),
        by="received_at",
        cursor=asked.cursor,
        limit=asked.limit,
        shape=_out,
    )


@router.post(
    "/enquiries/{enquiry_id}/answer",
    auth=Key(Scope.RETURNS_WRITE),
    response={201: EnquiryOut, **REFUSED},
    operation_id="answer_enquiry",
)
@keyed
def answer(request: HttpRequest, enquiry_id: UUID, told: AnswerIn) -> HttpResponse:
    """Write back by mail; the letter has a link to answer."""
    found = _found(request, enquiry_id)
    answer_enquiry(found.pk, told.text, by=actor_of(request))
    return JsonResponse(_out(_found(request, enquiry_id)), status=201)


@router.post(
    "/enquiries/{enquiry_id}/return",
    auth=Key(Scope.RETURNS_WRITE),
    response={201: EnquiryOut, **REFUSED},
    operation_id="turn_enquiry",
)
@keyed
def turn(request: HttpRequest, enquiry_id: UUID, told: TurnIn) -> HttpResponse:
    """Say which return was made of it; what was said stands in the return's conversation."""
    found = _found(request, enquiry_id)
    rma = Return.objects.filter(shop=shop_of(request), number_key=told.number.lower()).first()
    if rma is None:
        raise Http404
    turn_into_return(found.pk, rma.pk, by=actor_of(request))
    return JsonResponse(_out(_found(request, enquiry_id)), status=201)


def _found(request: HttpRequest, enquiry_id: UUID) -> Enquiry:
    rows = Enquiry.objects.select_related("order", "rma")
    found = rows.filter(shop=shop_of(request), pk=enquiry_id).first()
    if found is None:
        raise Http404
    return found


def _out(row: Enquiry) -> dict[str, Any]:
    said = sorted(row.said.all(), key=lambda one: (one.at, one.pk))
    return {
        "id": str(row.pk),
        "number": row.number,
        "state": str(row.state),
        "name": row.name,
        "email": row.email,
        "order_told": row.order_told,
        "order": row.order.number if row.order else None,
        "return_number": row.rma.number if row.rma else None,
        "received_at": row.received_at.isoformat(),
        "messages": [
            {"side": str(one.side), "text": one.text, "at": one.at.isoformat()} for one in said
        ],
    }
