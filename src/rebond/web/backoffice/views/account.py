"""One's own account: second factors, sessions, password; whatever the shop."""

from __future__ import annotations

import re
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rebond.domain.sign_in.actions import (
    add_passkey,
    add_totp,
    choose_password,
    has_factor,
    remove_factor,
    renew_codes,
)
from rebond.domain.sign_in.sessions import end_session, end_sessions, standing_sessions
from rebond.domain.sign_in.totp import address_of, new_secret
from rebond.kernel.barcodes import Symbology, drawing_of
from rebond.kernel.errors import RebondError
from rebond.web.backoffice import passkeys
from rebond.web.backoffice.access import OwnRequest, in_person, places_of
from rebond.web.backoffice.forms.settings import PasswordForm
from rebond.web.backoffice.sessions import let_in
from rebond.web.backoffice.views.door import own_path
from rebond.web.ui.refusals import STATUS
from rebond.web.ui.words import refusal_sentence

SECRET = "app_secret"


@require_GET
@in_person()
def account(request: OwnRequest) -> HttpResponse:
    """What opens the desk for this person, and where it is open now."""
    return _page(request)


@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
@in_person(confirmed=True)
def app(request: OwnRequest) -> HttpResponse:
    """Add an app that shows codes: the square to read, then a code as the proof."""
    if request.method != "POST":
        request.session[SECRET] = new_secret()
        return _app_page(request)
    if SECRET not in request.session:
        return redirect("backoffice:account_app")
    try:
        fresh = add_totp(
            request.user,
            secret=request.session[SECRET],
            code=request.POST.get("code", "")[:20],
            title=_title(request, _("App")),
            by=_by(request),
        )
    except RebondError as refusal:
        return _app_page(request, refusal)
    del request.session[SECRET]
    return _added(request, fresh)


@require_POST
@in_person()
def passkey_question(request: OwnRequest) -> HttpResponse:
    """What the browser needs to make a passkey."""
    return JsonResponse(passkeys.registration_question(request, request.user))


@require_POST
@in_person(confirmed=True)
def passkey(request: OwnRequest) -> HttpResponse:
    """Keep the passkey that the browser made."""
    try:
        fresh = add_passkey(
            request.user,
            credential=passkeys.registered(request, request.POST.get("passkey", "")),
            title=_title(request, _("Passkey")),
            by=_by(request),
        )
    except RebondError as refusal:
        return _page(request, refusal=refusal)
    return _added(request, fresh)


@require_POST
@in_person(confirmed=True)
def remove(request: OwnRequest, factor_id: UUID) -> HttpResponse:
    """Take a second factor away."""
    remove_factor(request.user, factor_id, by=_by(request))
    messages.success(request, _("Taken away."))
    return redirect("backoffice:account")


@require_POST
@in_person(confirmed=True)
def codes(request: OwnRequest) -> HttpResponse:
    """New recovery codes in place of the old ones."""
    if not has_factor(request.user):
        return redirect("backoffice:account")
    return _codes_page(request, renew_codes(request.user, by=_by(request)))


@require_POST
@in_person()
def end_one(request: OwnRequest, session_id: UUID) -> HttpResponse:
    """Log out in one browser."""
    if end_session(request.user, session_id):
        messages.success(request, _("That session is over."))
    return redirect("backoffice:account")


@require_POST
@in_person()
def end_others(request: OwnRequest) -> HttpResponse:
    """Log out everywhere but here."""
    end_sessions(request.user, but=request.desk_session.pk)
    messages.success(request, _("You are logged out everywhere else."))
    return redirect("backoffice:account")


@sensitive_post_parameters("password")
@require_POST
@in_person(confirmed=True)
def password(request: OwnRequest) -> HttpResponse:
    """Choose another password; every other session ends with it."""
    form = PasswordForm(request.user, request.POST)
    if not form.is_valid():
        return _page(request, form=form, status=422)
    with_factor = request.desk_session.with_factor
    choose_password(request.user, form.cleaned_data["password"])
    let_in(request, request.user, with_factor=with_factor)
    messages.success(request, _("Your new password holds. Every other session is over."))
    return redirect("backoffice:account")


@require_http_methods(["GET", "HEAD", "POST"])
@in_person(confirmed=True)
def confirm(request: OwnRequest) -> HttpResponse:
    """Having shown who they are, on to the page that asked for it."""
    return redirect(own_path(request.POST.get("next", "")))


def _page(
    request: OwnRequest,
    *,
    form: PasswordForm | None = None,
    status: int = 200,
    refusal: RebondError | None = None,
) -> HttpResponse:
    user = request.user
    page = {
        "factors": list(user.factors.order_by("made_at")),
        "codes_left": user.recovery_codes.filter(used_at=None).count(),
        "sessions": standing_sessions(user),
        "here": request.desk_session.pk,
        "zone": _zone(request),
        "form": form or PasswordForm(user),
        "can_have_passkey": passkeys.can_have(request),
        "refusal": refusal_sentence(refusal) if refusal else "",
    }
    shown = STATUS[refusal.kind] if refusal else status
    return render(request, "backoffice/account.html", page, status=shown)


def _app_page(request: OwnRequest, refusal: RebondError | None = None) -> HttpResponse:
    secret = request.session[SECRET]
    address = address_of(secret, account=request.user.email, issuer="Rebond")
    page = {
        "square": _square(address),
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        "refusal": refusal_sentence(refusal) if refusal else "",
    }
    status = STATUS[refusal.kind] if refusal else 200
    return render(request, "backoffice/account_app.html", page, status=status)


def _square(text: str) -> SafeString:
    """``text`` as a square that fills its box; the drawing holds nothing of what was typed."""
    drawing = drawing_of(text, Symbology.SQUARES)
    sized = re.sub(r'<svg width="(\d+)" height="(\d+)"', r'<svg viewBox="0 0 \1 \2"', drawing)
    return mark_safe(sized[sized.index("<svg") :])


def _added(request: OwnRequest, fresh: list[str]) -> HttpResponse:
    """The recovery codes, this once; without new ones the account."""
    messages.success(request, _("Your second factor is set up."))
    return _codes_page(request, fresh) if fresh else redirect("backoffice:account")


def _codes_page(request: OwnRequest, fresh: list[str]) -> HttpResponse:
    return render(request, "backoffice/account_codes.html", {"codes": fresh})


def _title(request: HttpRequest, usual: str) -> str:
    return request.POST.get("title", "").strip()[:60] or usual


def _by(request: OwnRequest) -> str:
    return f"staff:{request.user.name}"


def _zone(request: OwnRequest) -> str:
    places = places_of(request.user)
    return places[0].shop.time_zone if places else "UTC"
