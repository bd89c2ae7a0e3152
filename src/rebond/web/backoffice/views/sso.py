"""The way to the identity provider of the house and back: to log in, or to confirm a step."""

from __future__ import annotations

from dataclasses import asdict

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from rebond.domain.shops.models import User
from rebond.domain.sign_in.errors import IdentityNotProven
from rebond.domain.sign_in.identities import is_theirs, person_of
from rebond.domain.sign_in.oidc import (
    Identity,
    Provider,
    Question,
    identity_of,
    new_question,
    provider,
    way_there,
)
from rebond.domain.sign_in.sessions import confirm_session
from rebond.kernel.clock import now
from rebond.kernel.errors import RebondError
from rebond.kernel.tenancy import all_shops
from rebond.web.backoffice.views.door import come_in, own_path
from rebond.web.ui.words import refusal_sentence

ASKED = "sso"
KEPT_FOR = 10 * 60


@never_cache
@require_GET
def begin(request: HttpRequest) -> HttpResponse:
    """Send the browser to the provider; who is logged in already shows anew who they are."""
    who = _provider()
    question = new_question(is_again=request.user.is_authenticated)
    try:
        there = way_there(who, question, back=_back())
    except IdentityNotProven as problem:
        return _refused(request, problem)
    request.session[ASKED] = {
        "question": asdict(question),
        "next": own_path(request.GET.get("next", "")),
        "until": now().timestamp() + KEPT_FOR,
    }
    return redirect(there)


@never_cache
@require_GET
@all_shops()
def back(request: HttpRequest) -> HttpResponse:
    """Let in, or confirm, who the provider says it is; a way is walked once."""
    who = _provider()
    asked = request.session.pop(ASKED, None)
    if asked is None or asked["until"] < now().timestamp():
        return _refused(request, IdentityNotProven(why="state"))
    question = Question(**asked["question"])
    try:
        identity = identity_of(who, question, request.GET.dict(), back=_back())
        if question.is_again:
            return _confirmed(request, identity, asked["next"])
        user = person_of(identity)
    except RebondError as problem:
        return _refused(request, problem)
    return come_in(request, user, asked["next"], with_factor=identity.has_factor)


def _confirmed(request: HttpRequest, identity: Identity, way_on: str) -> HttpResponse:
    user = request.user
    if not isinstance(user, User) or not is_theirs(identity, user):
        raise IdentityNotProven(why="token")
    confirm_session(request.desk_session)  # type: ignore[attr-defined]
    messages.success(request, _("Confirmed. Please send what you had filled in once more."))
    return redirect(way_on)


def _provider() -> Provider:
    who = provider()
    if who is None:
        raise Http404
    return who


def _back() -> str:
    """Our address, as the provider knows it, whatever the browser calls us."""
    return f"{settings.BASE_URL}{reverse('backoffice:sso_back')}"


def _refused(request: HttpRequest, problem: RebondError) -> HttpResponse:
    messages.error(request, refusal_sentence(problem))
    there = "backoffice:home" if request.user.is_authenticated else "backoffice:login"
    return redirect(there)
