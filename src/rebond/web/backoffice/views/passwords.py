"""Choosing a password: asked for at the door, chosen by the link of a letter."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from rebond.domain.shops.actions import ask_password_link
from rebond.domain.shops.passwords import user_behind
from rebond.domain.sign_in.actions import choose_password
from rebond.domain.sign_in.throttle import begin_try
from rebond.kernel.tenancy import all_shops
from rebond.web.backoffice.forms.settings import PasswordForm
from rebond.web.backoffice.sessions import try_of
from rebond.web.backoffice.views.door import come_in
from rebond.web.ui.letters import letters_leave


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@all_shops()
def forgotten(request: HttpRequest) -> HttpResponse:
    """Send the link. The answer is the same whether anybody works under the address or not."""
    if request.method != "POST":
        return render(request, "backoffice/password_forgotten.html")
    email = request.POST.get("email", "")[:254]
    if not begin_try(try_of(request, "link", email)):
        ask_password_link(email)
    messages.success(
        request,
        _("If you work here, a letter with a link is on its way to you.")
        if letters_leave()
        else _("If you work here, a letter with a link waits until it can be sent."),
    )
    return redirect("backoffice:login")


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest, person: str, token: str) -> HttpResponse:
    """Choose a password and come in; a link that no longer works says so."""
    user = user_behind(person, token)
    if user is None:
        return render(request, "backoffice/password_over.html", status=404)
    form = PasswordForm(user, request.POST or None)
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        page = {"form": form, "person": user}
        return render(request, "backoffice/password.html", page, status=status)
    choose_password(user, form.cleaned_data["password"])
    return come_in(request, user, reverse("backoffice:home"))
