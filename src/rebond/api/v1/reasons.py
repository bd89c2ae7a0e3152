"""The reasons that shoppers choose from: worded, ordered, put aside."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import Field, Router, Schema
from pydantic import StringConstraints

from rebond.api.access import Key, actor_of, shop_of
from rebond.api.bodies import Body, YesOrNo
from rebond.api.errors import Problem
from rebond.api.repeats import once
from rebond.domain.machines.scopes import Scope
from rebond.domain.returns.errors import UnknownReason
from rebond.domain.returns.models import Reason, ReasonFamily
from rebond.domain.returns.reasons import (
    LONGEST_LABEL,
    MOST_REASONS,
    ReasonWish,
    add_reason,
    change_reason,
    order_reasons,
)
from rebond.domain.shops.models import Shop

router = Router(tags=["settings"])
REFUSED = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
Label = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_LABEL)
]
Category = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]


class LabelsIn(Body):
    """The words of a reason in each language."""

    fr: Label
    en: Label


class ReasonIn(Body):
    """The whole reason as it shall be.

    ``parent`` is the code of the main reason that it refines, empty for a main one. ``categories``
    are those of articles that it is asked for, all where it is empty. What is ``is_in_transit``
    happened on the way to the customer and is the shop's fault too.
    """

    labels: LabelsIn
    family: ReasonFamily
    parent: str = Field("", max_length=40)
    categories: list[Category] = Field(default_factory=list, max_length=50)
    needs_photo: YesOrNo = False
    is_our_fault: YesOrNo = False
    is_in_transit: YesOrNo = False
    is_active: YesOrNo = True


class ReasonOrderIn(Body):
    """Codes of reasons in the order wanted; those not named come after, as they were."""

    codes: list[str] = Field(..., min_length=1, max_length=MOST_REASONS)


class ReasonSettingOut(Schema):
    """A reason as it is set. Its ``code`` never changes, so that past returns keep their sense."""

    id: str
    code: str
    labels: dict[str, str]
    family: ReasonFamily
    parent: str | None
    categories: list[str]
    needs_photo: bool
    is_our_fault: bool
    is_in_transit: bool
    is_active: bool


@router.get(
    "/reasons",
    auth=Key(Scope.SETTINGS_READ),
    response={200: list[ReasonSettingOut], **REFUSED},
    operation_id="list_reasons",
)
def listed(request: HttpRequest) -> list[dict[str, Any]]:
    """All reasons in the shop's order, also those that are offered no more."""
    return [_out(reason) for reason in _reasons(shop_of(request))]


@router.post(
    "/reasons",
    auth=Key(Scope.SETTINGS_WRITE),
    response={201: ReasonSettingOut, **REFUSED},
    operation_id="add_reason",
)
def add(request: HttpRequest, wanted: ReasonIn) -> HttpResponse:
    """A new reason, after the others. Needs an ``Idempotency-Key``."""

    def do(_: str) -> HttpResponse:
        made = add_reason(shop_of(request), _wish(wanted), by=actor_of(request))
        return JsonResponse(_out(made), status=201)

    return once(request, "POST reasons", do)


@router.put(
    "/reasons/{reason_id}",
    auth=Key(Scope.SETTINGS_WRITE),
    response={200: ReasonSettingOut, **REFUSED},
    operation_id="change_reason",
)
def change(request: HttpRequest, reason_id: UUID, wanted: ReasonIn) -> dict[str, Any]:
    """Word a reason anew, or offer it no more (``is_active`` false)."""
    shop = shop_of(request)
    if not Reason.objects.filter(shop=shop, pk=reason_id).exists():
        raise Http404
    return _out(change_reason(shop, reason_id, _wish(wanted), by=actor_of(request)))


@router.put(
    "/reason-order",
    auth=Key(Scope.SETTINGS_WRITE),
    response={200: list[ReasonSettingOut], **REFUSED},
    operation_id="order_reasons",
)
def in_order(request: HttpRequest, wanted: ReasonOrderIn) -> list[dict[str, Any]]:
    """Put the reasons in another order."""
    shop = shop_of(request)
    known = {reason.code for reason in _reasons(shop)}
    for code in wanted.codes:
        if code not in known:
            raise UnknownReason(reason=code[:40])
    order_reasons(shop, wanted.codes, by=actor_of(request))
    return [_out(reason) for reason in _reasons(shop)]


def _reasons(shop: Shop) -> list[Reason]:
    rows = Reason.objects.filter(shop=shop).select_related("parent")
    return list(rows.order_by("position", "code"))


def _wish(wanted: ReasonIn) -> ReasonWish:
    told = wanted.dict(exclude={"labels", "categories", "family"})
    return ReasonWish(
        labels=wanted.labels.dict(),
        family=wanted.family.value,
        categories=tuple(wanted.categories),
        **told,
    )


def _out(reason: Reason) -> dict[str, Any]:
    return {
        "id": str(reason.pk),
        "code": reason.code,
        "labels": reason.labels,
        "family": reason.family,
        "parent": reason.parent.code if reason.parent else None,
        "categories": reason.categories,
        "needs_photo": reason.needs_photo,
        "is_our_fault": reason.is_our_fault,
        "is_in_transit": reason.is_in_transit,
        "is_active": reason.is_active,
    }
