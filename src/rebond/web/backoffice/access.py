"""The desk's door: who is logged in, works in this shop and has the right, may come in."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers

from rebond.domain.shops.access import Right, Role, rights_of
from rebond.domain.shops.models import Shop, Staff, User

View = Callable[..., HttpResponseBase]


class DeskRequest(HttpRequest):
    """A request that has come through the door."""

    user: User
    shop: Shop
    staff: Staff
    rights: frozenset[Right]

    @property
    def by(self) -> str:
        """Who acts, as events name it."""
        return f"staff:{self.user.name}"


def at_desk(*any_of: Right) -> Callable[[View], View]:
    """Let people in who work in the shop named by ``slug`` and have one of the rights.

    Nobody logged in: to the log-in page, and back. Another shop: 404, as if there were none.
    A right that is missing in one's own shop: 403 with a page that says so. No page is kept by
    a browser or on the way to it.
    """

    def door(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, slug: str, **rest: Any) -> HttpResponseBase:
            response = _answer(view, request, slug, any_of, rest)
            add_never_cache_headers(response)
            return response

        guarded.any_of = any_of  # type: ignore[attr-defined]
        return guarded

    return door


def _answer(
    view: View, request: Any, slug: str, any_of: tuple[Right, ...], rest: dict[str, Any]
) -> HttpResponseBase:
    if not request.user.is_authenticated:
        return to_login(request)
    staff = place_in(slug, request.user)
    if staff is None:
        raise Http404
    request.shop, request.staff = staff.shop, staff
    request.rights = rights_of(Role(staff.role))
    request.by = f"staff:{request.user.name}"
    if not request.rights & set(any_of):
        return render(request, "backoffice/forbidden.html", status=403)
    return view(request, **rest)


def to_login(request: HttpRequest) -> HttpResponse:
    """To the log-in page; afterwards back to this page, or to the queue after a form."""
    back = request.get_full_path() if request.method == "GET" else reverse("backoffice:home")
    return redirect_to_login(back, reverse("backoffice:login"))


def place_in(slug: str, user: User) -> Staff | None:
    """The user's place in the shop, or None where they do not work (any more)."""
    return (
        Staff.objects.select_related("shop")
        .filter(shop__slug=slug, user=user, is_active=True)
        .first()
    )


def places_of(user: User) -> list[Staff]:
    """All shops where ``user`` works, by name."""
    standing = Staff.objects.select_related("shop").filter(user=user, is_active=True)
    return list(standing.order_by("shop__name"))
