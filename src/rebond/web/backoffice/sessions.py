"""The desk's sessions: each browser is known, ends by time, and can be ended from another one."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import UUID

from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from rebond.domain.shops.models import User
from rebond.domain.sign_in.models import DeskSession
from rebond.domain.sign_in.sessions import begin_session, session_in_use
from rebond.domain.sign_in.throttle import Try
from rebond.kernel.callers import Address, caller_of

KEY = "desk_session"
BACKEND = "django.contrib.auth.backends.ModelBackend"
BROWSERS = (
    ("Edge", r"Edg[eA]?/|EdgiOS"),
    ("Opera", r"OPR/"),
    ("Samsung Internet", r"SamsungBrowser"),
    ("Firefox", r"Firefox/|FxiOS"),
    ("Chrome", r"Chrome/|CriOS"),
    ("Safari", r"Safari/"),
)
SYSTEMS = (
    ("Android", r"Android"),
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Windows", r"Windows"),
    ("macOS", r"Macintosh"),
    ("ChromeOS", r"CrOS"),
    ("Linux", r"Linux"),
)


class DeskSessionMiddleware:
    """Shuts out, at the desk, a session that was ended, lay idle or is too old."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(reverse("backoffice:home")) and request.user.is_authenticated:
            found = _session_of(request, request.user)
            if found is None:
                logout(request)
            else:
                request.desk_session = found  # type: ignore[attr-defined]
        return self.get_response(request)


def let_in(request: HttpRequest, user: User, *, with_factor: bool) -> None:
    """Log ``user`` in: a new session, in the browser and in the list of sessions."""
    login(request, user, backend=BACKEND)
    begun = begin_session(
        user, device=device_of(request), address=_text(request), with_factor=with_factor
    )
    request.session[KEY] = str(begun.pk)
    request.desk_session = begun  # type: ignore[attr-defined]


def try_of(request: HttpRequest, about: str, account: str) -> Try:
    """A try at ``account`` from where this request comes."""
    return Try(about, account, address_of(request))


def address_of(request: HttpRequest) -> Address | None:
    """From where the request comes, behind a proxy of ours too."""
    told = request.META.get("HTTP_X_FORWARDED_FOR", "")
    return caller_of(request.META.get("REMOTE_ADDR", ""), told)


def device_of(request: HttpRequest) -> str:
    """The browser and the system, as people call them: “Firefox, Windows”."""
    told = request.META.get("HTTP_USER_AGENT", "")[:500]
    found = [
        next((name for name, sign in known if re.search(sign, told)), "")
        for known in (BROWSERS, SYSTEMS)
    ]
    return ", ".join(word for word in found if word)


def _session_of(request: HttpRequest, user: User) -> DeskSession | None:
    known = request.session.get(KEY)
    if known is not None:
        return session_in_use(UUID(known), user.pk)
    # Logged in before sessions were listed: it counts from then.
    begun = begin_session(
        user,
        device=device_of(request),
        address=_text(request),
        with_factor=False,
        at=user.last_login,
    )
    request.session[KEY] = str(begun.pk)
    return session_in_use(begun.pk, user.pk)


def _text(request: HttpRequest) -> str | None:
    address = address_of(request)
    return None if address is None else str(address)
