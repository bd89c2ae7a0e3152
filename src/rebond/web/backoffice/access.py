"""The desk's door: who is logged in, works in this shop and has the right, may come in."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from rebond.domain.shops.access import Right
from rebond.domain.shops.models import Shop, Staff, User
from rebond.domain.sign_in.actions import has_factor
from rebond.domain.sign_in.models import DeskSession
from rebond.kernel import acting, tenancy
from rebond.kernel.acting import Actor, network_of
from rebond.web.backoffice.confirming import (
    OURS,
    ConfirmFirst,
    ask_unless_confirmed,
    question,
)
from rebond.web.backoffice.sessions import address_of

View = Callable[..., HttpResponseBase]


class OwnRequest(HttpRequest):
    """A request of somebody who is logged in."""

    user: User
    desk_session: DeskSession


class DeskRequest(OwnRequest):
    """A request that has come through the door."""

    shop: Shop
    staff: Staff
    rights: frozenset[Right]

    @property
    def by(self) -> str:
        """Who acts, as events name it."""
        return f"staff:{self.user.name}"


def at_desk(*any_of: Right, confirmed: bool = False) -> Callable[[View], View]:
    """Let people in who work in the shop named by ``slug`` and have one of the rights.

    Nobody logged in: to the log-in page, and back. Another shop: 404, as if there were none.
    A right that is missing in one's own shop: 403 with a page that says so. No page is kept by
    a browser or on the way to it. ``confirmed``: who sends the form shows who they are first,
    unless they did a short while ago.
    """

    def door(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, slug: str, **rest: Any) -> HttpResponseBase:
            response = _answer(view, request, slug, any_of, confirmed, rest)
            add_never_cache_headers(response)
            return response

        guarded.any_of = any_of  # type: ignore[attr-defined]
        return guarded

    return door


def in_person(*, confirmed: bool = False) -> Callable[[View], View]:
    """Let in whoever is logged in, to what is their own, whatever the shop."""

    def door(view: View) -> View:
        @wraps(view)
        def guarded(request: Any, **rest: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return to_login(request)
            with tenancy.all_shops():
                place = Staff.objects.filter(user=request.user, is_active=True).only("id").first()
                if place is not None:
                    act_as_staff(request, place)
                response = _confirmed(view, request, confirmed, rest)
            add_never_cache_headers(response)
            return response

        return guarded

    return door


def _answer(
    view: View,
    request: Any,
    slug: str,
    any_of: tuple[Right, ...],
    confirmed: bool,
    rest: dict[str, Any],
) -> HttpResponseBase:
    if not request.user.is_authenticated:
        return to_login(request)
    staff = place_in(slug, request.user)
    if staff is None:
        raise Http404
    tenancy.tell(staff.shop_id)
    request.shop, request.staff = staff.shop, staff
    request.rights = staff.rights
    request.by = f"staff:{request.user.name}"
    act_as_staff(request, staff)
    if not request.rights & set(any_of):
        return render(request, "backoffice/forbidden.html", status=403)
    if staff.needs_second_factor and not has_factor(request.user):
        messages.warning(
            request, _("Your role in this shop needs a second factor. Please set one up first.")
        )
        return redirect("backoffice:account")
    return _confirmed(view, request, confirmed, rest)


def _confirmed(view: View, request: Any, confirmed: bool, rest: dict[str, Any]) -> HttpResponseBase:
    is_sent = request.method == "POST"
    if is_sent and (confirmed or OURS & request.POST.keys()):
        asked = ask_unless_confirmed(request)
        if asked is not None:
            return asked
    try:
        return view(request, **rest)
    except ConfirmFirst:
        return question(request)


def act_as_staff(request: HttpRequest, staff: Staff) -> None:
    """What is done in this request is done by ``staff``; the audit names them."""
    acting.act_as(Actor("staff", str(staff.pk), network_of(address_of(request))))


def to_login(request: HttpRequest) -> HttpResponse:
    """To the log-in page; afterwards back to this page, or to the queue after a form."""
    back = request.get_full_path() if request.method == "GET" else reverse("backoffice:home")
    return redirect_to_login(back, reverse("backoffice:login"))


def place_in(slug: str, user: User) -> Staff | None:
    """The user's place in the shop, or None where they do not work (any more)."""
    with tenancy.all_shops():
        return (
            Staff.objects.select_related("shop", "own_role")
            .filter(shop__slug=slug, user=user, is_active=True)
            .first()
        )


def places_of(user: User) -> list[Staff]:
    """All shops where ``user`` works, by name."""
    standing = Staff.objects.select_related("shop", "own_role").filter(user=user, is_active=True)
    with tenancy.all_shops():
        return list(standing.order_by("shop__name"))


def works_elsewhere(user: User) -> bool:
    """Whether ``user`` works in more than one shop."""
    with tenancy.all_shops():
        return Staff.objects.filter(user=user, is_active=True)[:2].count() > 1
