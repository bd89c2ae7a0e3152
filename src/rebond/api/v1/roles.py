"""Who may do what: the roles of every shop, and the shop's own ones."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import Field, Router, Schema

from rebond.api.access import Key, actor_of, shop_of
from rebond.api.bodies import Body
from rebond.api.errors import Problem
from rebond.api.repeats import once
from rebond.domain.machines.scopes import Scope
from rebond.domain.shops.access import Right, Role, rights_of
from rebond.domain.shops.actions import keep_own_role, remove_own_role
from rebond.domain.shops.models import OwnRole, RoleTerms, Shop, Staff

router = Router(tags=["staff"])
REFUSED = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}


class OwnRoleIn(Body):
    """A role of the shop's own. ``based_on`` says whose limits on money hold: agent or manager.

    ``rights`` may be any but ``configure``; ``see`` comes with each.
    """

    title: str = Field(..., min_length=1, max_length=40)
    based_on: Role
    rights: list[Right] = Field(..., min_length=1, max_length=len(Right))


class RoleOut(Schema):
    """A role of every shop, and how many work under it here."""

    role: Role
    rights: list[Right]
    needs_second_factor: bool
    people: int


class OwnRoleOut(Schema):
    """A role of the shop's own, and how many work under it."""

    id: str
    title: str
    based_on: Role
    rights: list[Right]
    people: int


class RolesOut(Schema):
    """All roles: those of every shop, and the shop's own by their name."""

    roles: list[RoleOut]
    own: list[OwnRoleOut]


@router.get(
    "/roles",
    auth=Key(Scope.STAFF_READ),
    response={200: RolesOut, **REFUSED},
    operation_id="list_roles",
)
def listed(request: HttpRequest) -> dict[str, Any]:
    """Who may do what."""
    shop = shop_of(request)
    held = _held(shop)
    strict = RoleTerms.objects.filter(shop=shop, needs_second_factor=True)
    needed = set(strict.values_list("role", flat=True))
    return {
        "roles": [
            {
                "role": role,
                "rights": sorted(rights_of(role)),
                "needs_second_factor": role.value in needed,
                "people": held[role.value],
            }
            for role in Role
        ],
        "own": [
            _out(own, held) for own in OwnRole.objects.filter(shop=shop).order_by("title", "id")
        ],
    }


@router.post(
    "/roles",
    auth=Key(Scope.STAFF_WRITE),
    response={201: OwnRoleOut, **REFUSED},
    operation_id="create_role",
)
def create(request: HttpRequest, wanted: OwnRoleIn) -> HttpResponse:
    """Make a role of the shop's own. Needs an ``Idempotency-Key``."""

    def do(_: str) -> HttpResponse:
        return JsonResponse(_keep(request, None, wanted), status=201)

    return once(request, "POST roles", do)


@router.put(
    "/roles/{role_id}",
    auth=Key(Scope.STAFF_WRITE),
    response={200: OwnRoleOut, **REFUSED},
    operation_id="change_role",
)
def change(request: HttpRequest, role_id: UUID, wanted: OwnRoleIn) -> dict[str, Any]:
    """Give a role another name and other rights; everybody who has it has them at once."""
    return _keep(request, role_id, wanted)


@router.post(
    "/roles/{role_id}/removals",
    auth=Key(Scope.STAFF_WRITE),
    response={201: OwnRoleOut, **REFUSED},
    operation_id="remove_role",
)
def remove(request: HttpRequest, role_id: UUID) -> HttpResponse:
    """Remove a role that nobody has; it is answered once more. Needs an ``Idempotency-Key``."""
    shop = shop_of(request)

    def do(_: str) -> HttpResponse:
        own = OwnRole.objects.filter(shop=shop, pk=role_id).first()
        if own is None:
            raise Http404
        last = _out(own, _held(shop))
        remove_own_role(shop, own.pk, by=actor_of(request))
        return JsonResponse(last, status=201)

    return once(request, f"POST roles/{role_id}/removals", do)


def _keep(request: HttpRequest, role_id: UUID | None, wanted: OwnRoleIn) -> dict[str, Any]:
    shop = shop_of(request)
    if role_id is not None and not OwnRole.objects.filter(shop=shop, pk=role_id).exists():
        raise Http404
    kept = keep_own_role(
        shop,
        role_id,
        title=wanted.title,
        based_on=wanted.based_on,
        rights=wanted.rights,
        by=actor_of(request),
    )
    return _out(kept, _held(shop))


def _held(shop: Shop) -> Counter[Any]:
    """How many work under each role, by its name or the id of an own one."""
    places = Staff.objects.filter(shop=shop, is_active=True)
    return Counter(own or role for role, own in places.values_list("role", "own_role"))


def _out(own: OwnRole, held: Counter[Any]) -> dict[str, Any]:
    return {
        "id": str(own.pk),
        "title": own.title,
        "based_on": own.based_on,
        "rights": sorted(own.granted),
        "people": held[own.pk],
    }
