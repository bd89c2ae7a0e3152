"""Who works in the shop: read, let in, given another role, let go. Owners change at the desk."""

from __future__ import annotations

from typing import Annotated, Any, Self
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import Field, Query, Router, Schema
from pydantic import AfterValidator, StringConstraints, model_validator

from rebond.api.access import Key, actor_of, shop_of
from rebond.api.bodies import Body, YesOrNo
from rebond.api.errors import Problem
from rebond.api.lists import LONGEST_PAGE, check_parameters, walked
from rebond.api.repeats import once
from rebond.domain.machines.scopes import Scope
from rebond.domain.shops.access import Right, Role
from rebond.domain.shops.actions import change_place, invite
from rebond.domain.shops.models import OwnRole, RoleTerms, Shop, Staff
from rebond.domain.sign_in.models import Factor

router = Router(tags=["staff"])
REFUSED = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}


def _address(text: str) -> str:
    try:
        validate_email(text.strip())
    except ValidationError as problem:
        raise ValueError("not an e-mail address") from problem
    return text.strip().lower()


Address = Annotated[str, AfterValidator(_address)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]


class RoleIn(Body):
    """As what somebody works here: ``role``, or ``own_role``, the id of a role of the shop's own.

    One of both. Nobody becomes an owner by a key.
    """

    role: Role | None = None
    own_role: UUID | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.role is None) == (self.own_role is None):
            raise ValueError("role or own_role, one of both")
        return self


class InvitationIn(RoleIn):
    """Somebody who is to work here. ``name`` counts for who is new to the installation."""

    email: Address = Field(..., max_length=254)
    name: Name


class PlaceIn(RoleIn):
    """The whole place as it shall be. ``is_active`` false takes it away."""

    is_active: YesOrNo = True


class StaffOut(Schema):
    """A place in the shop. ``role`` is whose limits on money hold, ``rights`` what may be done.

    ``needs_second_factor``: the shop wants one of this role; ``has_second_factor``: one is set up.
    """

    id: str
    name: str
    email: str
    role: Role
    own_role: str | None
    is_active: bool
    rights: list[Right]
    needs_second_factor: bool
    has_second_factor: bool


class StaffPageOut(Schema):
    """Places, the oldest first. ``next`` goes into ``after``; empty where the list ends."""

    items: list[StaffOut]
    next: str


class StaffFilters(Schema):
    """Which places, from where."""

    is_active: bool | None = None
    after: UUID | None = None
    limit: int = Field(50, ge=1, le=LONGEST_PAGE)


@router.get(
    "/staff",
    auth=Key(Scope.STAFF_READ),
    response={200: StaffPageOut, **REFUSED},
    operation_id="list_staff",
)
def listed(request: HttpRequest, asked: Annotated[StaffFilters, Query(...)]) -> dict[str, Any]:
    """Who works here, and who did."""
    check_parameters(request, {"is_active", "after"})
    shop = shop_of(request)
    rows = _places(shop)
    if asked.is_active is not None:
        rows = rows.filter(is_active=asked.is_active)
    page = walked(rows, after=asked.after, limit=asked.limit, shape=lambda place: {"row": place})
    return page | {"items": _shown(shop, [one["row"] for one in page["items"]])}


@router.get(
    "/staff/{staff_id}",
    auth=Key(Scope.STAFF_READ),
    response={200: StaffOut, **REFUSED},
    operation_id="read_staff",
)
def read(request: HttpRequest, staff_id: UUID) -> dict[str, Any]:
    """One place."""
    return _one(shop_of(request), staff_id)


@router.post(
    "/staff",
    auth=Key(Scope.STAFF_WRITE),
    response={201: StaffOut, **REFUSED},
    operation_id="invite_staff",
)
def let_in(request: HttpRequest, wanted: InvitationIn) -> HttpResponse:
    """Let somebody work here. Needs an ``Idempotency-Key``.

    Who is new gets a letter with a link to a password; who has a place takes the new role.
    """
    shop = shop_of(request)

    def do(_: str) -> HttpResponse:
        place = invite(
            shop,
            email=wanted.email,
            name=wanted.name,
            by=actor_of(request),
            is_machine=True,
            **_kind(shop, wanted),
        )
        return JsonResponse(_one(shop, place.pk), status=201)

    return once(request, "POST staff", do)


@router.put(
    "/staff/{staff_id}",
    auth=Key(Scope.STAFF_WRITE),
    response={200: StaffOut, **REFUSED},
    operation_id="change_staff",
)
def change(request: HttpRequest, staff_id: UUID, wanted: PlaceIn) -> dict[str, Any]:
    """Give somebody another role, or take their place away."""
    shop = shop_of(request)
    if not _places(shop).filter(pk=staff_id).exists():
        raise Http404
    change_place(
        shop,
        staff_id,
        is_active=wanted.is_active,
        by=actor_of(request),
        is_machine=True,
        **_kind(shop, wanted),
    )
    return _one(shop, staff_id)


def _kind(shop: Shop, wanted: RoleIn) -> dict[str, Any]:
    if wanted.role is not None:
        return {"role": wanted.role}
    own = OwnRole.objects.filter(shop=shop, pk=str(wanted.own_role)).first()
    if own is None:
        raise Http404
    return {"role": Role(own.based_on), "own_role": own}


def _places(shop: Shop) -> QuerySet[Staff]:
    return Staff.objects.filter(shop=shop).select_related("user", "own_role")


def _one(shop: Shop, staff_id: UUID) -> dict[str, Any]:
    place = _places(shop).filter(pk=staff_id).first()
    if place is None:
        raise Http404
    return _shown(shop, [place])[0]


def _shown(shop: Shop, places: list[Staff]) -> list[dict[str, Any]]:
    strict = RoleTerms.objects.filter(shop=shop, needs_second_factor=True)
    needed = set(strict.values_list("role", flat=True))
    people = Factor.objects.filter(user__in=[place.user_id for place in places])
    secured = set(people.values_list("user_id", flat=True))
    return [
        {
            "id": str(place.pk),
            "name": place.user.name,
            "email": place.user.email,
            "role": place.role,
            "own_role": str(place.own_role_id) if place.own_role_id else None,
            "is_active": place.is_active,
            "rights": sorted(place.rights),
            "needs_second_factor": place.role in needed,
            "has_second_factor": place.user_id in secured,
        }
        for place in places
    ]
