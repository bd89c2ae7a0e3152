"""Logging in and out, and the way from the door to one's own shop."""

from urllib.parse import urlsplit

from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rebond.domain.shops.access import Right
from rebond.web.backoffice import attempts
from rebond.web.backoffice.access import DeskRequest, at_desk, places_of, to_login
from rebond.web.backoffice.forms.login import LoginForm


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """The log-in page. An unknown address and a wrong password get the same answer."""
    way_on = _own_path(request.POST.get("next") or request.GET.get("next", ""))
    if request.method != "POST":
        if request.user.is_authenticated:
            return redirect(way_on)
        return _page(request, LoginForm(), way_on)
    form = LoginForm(request.POST)
    if not form.is_valid():
        return _page(request, form, way_on, status=422)
    email, address = form.cleaned_data["email"], request.META.get("REMOTE_ADDR", "")
    seconds = attempts.pause_left(email, address)
    if seconds:
        return _paused(request, form, way_on, seconds)
    user = authenticate(request, username=email.strip().lower(), password=request.POST["password"])
    if user is None:
        attempts.note_failure(email, address)
        form.add_error(None, _("E-mail address or password is not right."))
        return _page(request, form, way_on, status=422)
    attempts.forget(email, address)
    login(request, user)
    return redirect(way_on)


@never_cache
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Log out; the session is gone."""
    logout(request)
    return redirect("backoffice:login")


@never_cache
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """To the queue of the one shop, or to a choice where somebody works in several."""
    if not request.user.is_authenticated:
        return to_login(request)
    places = places_of(request.user)
    if len(places) == 1:
        return redirect("backoffice:returns", slug=places[0].shop.slug)
    return render(request, "backoffice/shops.html", {"places": places})


@require_GET
@at_desk(Right.SEE)
def into_shop(request: DeskRequest) -> HttpResponse:
    """From a shop's own address to its queue."""
    return redirect("backoffice:returns", slug=request.shop.slug)


def _page(request: HttpRequest, form: LoginForm, way_on: str, *, status: int = 200) -> HttpResponse:
    shown = {"form": form, "next": way_on}
    return render(request, "backoffice/login.html", shown, status=status)


def _paused(request: HttpRequest, form: LoginForm, way_on: str, seconds: int) -> HttpResponse:
    minutes = -(-seconds // 60)
    form.add_error(
        None,
        _("Too many wrong passwords. Please try again in {minutes} min.").format(minutes=minutes),
    )
    response = _page(request, form, way_on, status=429)
    response.headers["Retry-After"] = str(seconds)
    return response


def _own_path(wanted: str) -> str:
    """``wanted`` where it is a path of this desk, else the desk's first page."""
    own = reverse("backoffice:home")
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return own
    plain = not (parts.scheme or parts.netloc) and "\\" not in wanted and wanted.isprintable()
    return wanted if plain and wanted.startswith(own) else own
