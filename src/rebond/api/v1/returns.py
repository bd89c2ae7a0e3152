"""Returns over the API: filed from an order, listed, read."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from rebond.api.access import Key, actor_of, key_of, shop_of
from rebond.api.bodies import Body, Moment, Number, YesOrNo
from rebond.api.errors import Problem
from rebond.api.lists import LONGEST_PAGE, PageOut, check_parameters, listed
from rebond.api.repeats import once
from rebond.api.v1.return_shapes import (
    FIELDS,
    ReturnOut,
    acted_on,
    find_return,
    return_out,
    returns_of,
)
from rebond.api.versions import unchanged, versioned
from rebond.domain.machines.errors import ScopeMissing
from rebond.domain.machines.scopes import Scope
from rebond.domain.orders.models import Order
from rebond.domain.policies.queries import policy_for
from rebond.domain.returns.actions import request_return
from rebond.domain.returns.models import Reason
from rebond.domain.returns.states import (
    Goods,
    InspectionState,
    MoneyState,
    ParcelState,
    RequestState,
)
from rebond.domain.returns.wishes import Wish
from rebond.domain.warehouse.actions import take_at_counter
from rebond.kernel.clock import now

router = Router(tags=["returns"])
REFUSED = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
FILTERS = frozenset(
    {
        "request_state",
        "goods",
        "parcel_state",
        "inspection_state",
        "money_state",
        "order",
        "shopper_key",
        "requested_from",
        "requested_before",
    }
)


class WishIn(Body):
    """Pieces of one line of the order, with a reason code of the shop (``GET /return-reasons``).

    ``outcome`` is one of ``refund``, ``store_credit``, ``gift_card``, ``exchange``, ``replacement``
    and ``repair``, or ``donate``: the money comes back, and the goods go to the charity that the
    policy names for them. ``answers`` maps a question about the condition to ``yes`` or ``no``.
    """

    order_line: UUID
    quantity: Number = Field(..., ge=1, le=1_000_000)
    reason: str = Field(..., min_length=1, max_length=40)
    outcome: str = Field("refund", max_length=16)
    comment: str = Field("", max_length=2000)
    answers: dict[str, str] = Field(default_factory=dict)


def wishes_in(lines: list[WishIn]) -> list[Wish]:
    """What is asked for, as the house takes it."""
    return [
        Wish(
            line.order_line,
            line.quantity,
            line.reason,
            comment=line.comment,
            outcome=line.outcome,
            answers=line.answers,
        )
        for line in lines
    ]


class ReturnIn(Body):
    """A return to file. ``language`` is that of its letters; the shopper's own when empty.

    What is given to a charity stands in a return of its own beside the one that is answered
    (its ``split_from``), unless all of it is. With ``at_counter`` the goods lie on the counter:
    the return is accepted unless the policy declines it, and received at once; that needs the
    scope `warehouse:write` too.
    """

    order: str = Field(..., min_length=1, max_length=40)
    lines: list[WishIn] = Field(..., min_length=1, max_length=500)
    comment: str = Field("", max_length=2000)
    language: str = Field("", max_length=10)
    at_counter: YesOrNo = False


class ReturnsOut(PageOut):
    """A page of returns, with all fields or those named in ``fields``."""

    items: list[ReturnOut]


class ReasonOut(Schema):
    """A reason that may be given. ``parent`` is the code of the one that it refines."""

    code: str
    family: str
    parent: str | None
    labels: dict[str, str]
    needs_photo: bool


class ReturnFilters(Schema):
    """Which returns are listed; all of them where nothing is named."""

    request_state: RequestState | None = None
    goods: Goods | None = None
    parcel_state: ParcelState | None = None
    inspection_state: InspectionState | None = None
    money_state: MoneyState | None = None
    order: str = Field("", max_length=40)
    shopper_key: str = Field("", max_length=80)
    requested_from: Moment | None = None
    requested_before: Moment | None = None
    cursor: str = Field("", max_length=200)
    limit: int = Field(50, ge=1, le=LONGEST_PAGE)
    fields: str = Field("", max_length=400)


@router.post(
    "/returns",
    auth=Key(Scope.RETURNS_WRITE),
    response={201: ReturnOut, **REFUSED},
    operation_id="create_return",
)
def create(request: HttpRequest, wanted: ReturnIn) -> HttpResponse:
    """File a return and let the policy decide on it. Needs an ``Idempotency-Key``."""
    shop = shop_of(request)
    if wanted.at_counter and Scope.WAREHOUSE_WRITE not in key_of(request).scopes:
        raise ScopeMissing(scope=Scope.WAREHOUSE_WRITE.value)
    order = (
        Order.objects.select_related("shop", "shopper")
        .filter(shop=shop, number_key=wanted.order.lower())
        .first()
    )
    if order is None:
        raise Http404
    wishes = wishes_in(wanted.lines)

    def do(_: str) -> HttpResponse:
        told: dict[str, Any] = {
            "policy": policy_for(order, now()),
            "asked_at": now(),
            "language": wanted.language or order.shopper.language or shop.language,
            "by": actor_of(request),
            "comment": wanted.comment,
        }
        if wanted.at_counter:
            return acted_on(take_at_counter(order, wishes, **told))
        return acted_on(request_return(order, wishes, origin="machine", **told))

    return once(request, "POST returns", do)


@router.get(
    "/returns",
    auth=Key(Scope.RETURNS_READ),
    response={200: ReturnsOut, **REFUSED},
    operation_id="list_returns",
)
def listing(request: HttpRequest, asked: Annotated[ReturnFilters, Query(...)]) -> HttpResponse:
    """Returns, newest first. A filter that is not known is refused, not overlooked."""
    check_parameters(request, FILTERS)
    rows = returns_of(shop_of(request))
    for state in ("request_state", "goods", "parcel_state", "inspection_state", "money_state"):
        if getattr(asked, state) is not None:
            rows = rows.filter(**{state: getattr(asked, state)})
    if asked.order:
        rows = rows.filter(order__number_key=asked.order.lower())
    if asked.shopper_key:
        rows = rows.filter(shopper__key=asked.shopper_key)
    if asked.requested_from:
        rows = rows.filter(requested_at__gte=asked.requested_from)
    if asked.requested_before:
        rows = rows.filter(requested_at__lt=asked.requested_before)
    return listed(
        rows,
        by="requested_at",
        cursor=asked.cursor,
        limit=asked.limit,
        shape=return_out,
        fields=asked.fields,
        known_fields=FIELDS,
    )


@router.get(
    "/returns/{number}",
    auth=Key(Scope.RETURNS_READ),
    response={200: ReturnOut, 304: None, **REFUSED},
    operation_id="read_return",
)
def read(request: HttpRequest, number: str) -> HttpResponse:
    """One return as it stands. ``ETag`` is its version; 304 for ``If-None-Match``."""
    rma = find_return(request, number)
    return unchanged(request, rma.version) or versioned(return_out(rma), version=rma.version)


@router.get(
    "/return-reasons",
    auth=Key(Scope.RETURNS_READ),
    response={200: list[ReasonOut], **REFUSED},
    operation_id="list_return_reasons",
)
def reasons(request: HttpRequest) -> list[dict[str, Any]]:
    """The reasons that may be given now, in the shop's order."""
    rows = Reason.objects.filter(shop=shop_of(request), is_active=True).select_related("parent")
    return [
        {
            "code": reason.code,
            "family": str(reason.family),
            "parent": reason.parent.code if reason.parent else None,
            "labels": reason.labels,
            "needs_photo": reason.needs_photo,
        }
        for reason in rows.order_by("position", "id")
    ]
