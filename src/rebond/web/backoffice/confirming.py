"""Before money and settings: show once more who you are, and the form that was sent goes on.

The page that asks carries the fields of the form along and sends them to the same address. After
that, fifteen minutes go by without a question.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from rebond.domain.sign_in import oidc
from rebond.domain.sign_in.actions import use_code
from rebond.domain.sign_in.models import FactorKind
from rebond.domain.sign_in.sessions import confirm_session, is_confirmed
from rebond.domain.sign_in.throttle import begin_try, forget_tries
from rebond.web.backoffice import passkeys
from rebond.web.backoffice.sessions import try_of

PASSWORD, CODE, PASSKEY = "confirm_password", "confirm_code", "confirm_passkey"
OURS = {PASSWORD, CODE, PASSKEY}
NOT_CARRIED = OURS | {"csrfmiddlewaretoken"}


class ConfirmFirst(Exception):
    """A view found, while reading the form, that this needs a fresh confirmation."""


def ask_unless_confirmed(request: Any) -> HttpResponse | None:
    """None where the person has shown lately, or shows now, who they are; else the question."""
    if not OURS & request.POST.keys():
        return None if is_confirmed(request.desk_session) else question(request)
    told, wrong = _read(request), ""
    if not is_confirmed(request.desk_session):
        wrong = _wrong(request, told)
    if wrong:
        return question(request, wrong)
    return None


def need_confirmed(request: Any) -> None:
    """Raise ``ConfirmFirst`` unless the person has shown lately who they are."""
    if not is_confirmed(request.desk_session):
        raise ConfirmFirst


def question(request: Any, wrong: str = "") -> HttpResponse:
    """The page that asks, with the form's fields carried along."""
    kinds = set(request.user.factors.values_list("kind", flat=True))
    is_form = request.method == "POST"
    page = {
        "carried": _carried(request) if is_form else [("next", request.get_full_path())],
        "action": request.get_full_path() if is_form else reverse("backoffice:confirm"),
        "has_app": FactorKind.TOTP in kinds,
        "has_passkey": FactorKind.PASSKEY in kinds and passkeys.can_have(request),
        "wrong": wrong,
        "sso": _sso_of(request.user),
        "back": (back := _back(request)),
        "back_path": urlsplit(back).path,
    }
    return render(request, "backoffice/confirm.html", page, status=422 if wrong else 403)


def _carried(request: Any) -> list[tuple[str, str]]:
    """The fields of the form, as often as each was sent."""
    sent = [(name, values) for name, values in request.POST.lists() if name not in NOT_CARRIED]
    return [(name, value) for name, values in sent for value in values]


def _read(request: Any) -> dict[str, str]:
    """Take our own fields out of the form, so that the view sees what was sent at first."""
    sent = request.POST.copy()
    told = {name: str((sent.pop(name, None) or [""])[-1]) for name in OURS}
    request.POST = sent
    return told


def _wrong(request: Any, told: dict[str, str]) -> str:
    this = try_of(request, "confirm", request.user.email)
    seconds = begin_try(this)
    if seconds:
        return _("Too many tries. Please try again in {minutes} min.").format(
            minutes=-(-seconds // 60)
        )
    if not _is_right(request, told):
        return _("That is not right. Please try again.")
    forget_tries(this)
    confirm_session(request.desk_session)
    return ""


def _is_right(request: Any, told: dict[str, str]) -> bool:
    if told[PASSKEY]:
        return passkeys.is_answered(request, request.user, told[PASSKEY])
    if told[CODE].strip():
        return use_code(request.user, told[CODE][:40])
    return bool(told[PASSWORD]) and request.user.check_password(told[PASSWORD][:1000])


def _sso_of(user: Any) -> oidc.Provider | None:
    """The identity provider, for who has come in by it."""
    found = oidc.provider()
    return found if found is not None and user.identities.exists() else None


def _back(request: HttpRequest) -> str:
    """The page before, where it is one of ours."""
    before = request.META.get("HTTP_REFERER", "")
    home = reverse("backoffice:home")
    return before if before.startswith(request.build_absolute_uri(home)) else home
