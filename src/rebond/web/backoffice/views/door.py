"""Logging in and out, and the way from the door to one's own shop."""

from urllib.parse import urlsplit

from django.contrib.auth import authenticate, logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rebond.domain.shops.access import Right
from rebond.domain.shops.models import User
from rebond.domain.sign_in import oidc
from rebond.domain.sign_in.actions import has_factor, use_code
from rebond.domain.sign_in.models import FactorKind
from rebond.domain.sign_in.sessions import end_session
from rebond.domain.sign_in.throttle import begin_try, forget_tries
from rebond.kernel.clock import now
from rebond.kernel.tenancy import all_shops
from rebond.web.backoffice import passkeys
from rebond.web.backoffice.access import DeskRequest, at_desk, places_of, to_login
from rebond.web.backoffice.forms.login import LoginForm
from rebond.web.backoffice.sessions import let_in, try_of

HALF_WAY = "half_way"
HALF_WAY_FOR = 10 * 60


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@all_shops()
def enter(request: HttpRequest) -> HttpResponse:
    """The log-in page. An unknown address and a wrong password get the same answer."""
    way_on = own_path(request.POST.get("next") or request.GET.get("next", ""))
    if request.method != "POST":
        if request.user.is_authenticated:
            return redirect(way_on)
        return _page(request, LoginForm(), way_on)
    form = LoginForm(request.POST)
    if not form.is_valid():
        return _page(request, form, way_on, status=422)
    email = form.cleaned_data["email"].strip().lower()
    this = try_of(request, "password", email)
    seconds = begin_try(this)
    if seconds:
        return _paused(request, form, way_on, seconds)
    user = authenticate(request, username=email, password=request.POST["password"])
    if user is None:
        form.add_error(None, _("E-mail address or password is not right."))
        return _page(request, form, way_on, status=422)
    forget_tries(this)
    assert isinstance(user, User)
    return come_in(request, user, way_on)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@all_shops()
def second(request: HttpRequest) -> HttpResponse:
    """The second factor, after the password: a code of the app, a passkey, a recovery code."""
    user, way_on = _half_way(request)
    if user is None:
        return redirect("backoffice:login")
    if request.method != "POST":
        return _second_page(request, user)
    this = try_of(request, "second", user.email)
    seconds = begin_try(this)
    if seconds:
        told = _("Too many tries. Please try again in {minutes} min.")
        return _second_page(
            request, user, told.format(minutes=-(-seconds // 60)), status=429, after=seconds
        )
    answer = request.POST.get("passkey", "")
    is_right = (
        passkeys.is_answered(request, user, answer)
        if answer
        else use_code(user, request.POST.get("code", "")[:40])
    )
    if not is_right:
        return _second_page(request, user, _("That is not right. Please try again."), status=422)
    forget_tries(this)
    del request.session[HALF_WAY]
    let_in(request, user, with_factor=True)
    return redirect(way_on)


@never_cache
@require_POST
def passkey_question(request: HttpRequest) -> HttpResponse:
    """What the browser needs to ask for a passkey: at the door, or of who is logged in."""
    user = request.user if request.user.is_authenticated else _half_way(request)[0]
    if not isinstance(user, User):
        return JsonResponse({}, status=403)
    return JsonResponse(passkeys.question(request, user))


@never_cache
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Log out; the session is gone."""
    if request.user.is_authenticated:
        end_session(request.user, request.desk_session.pk)  # type: ignore[attr-defined]
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


def come_in(
    request: HttpRequest, user: User, way_on: str, *, with_factor: bool = False
) -> HttpResponse:
    """Let in somebody who showed who they are, after their second factor where they have one.

    ``with_factor``: they have shown a second one already, elsewhere.
    """
    if with_factor or not has_factor(user):
        let_in(request, user, with_factor=with_factor)
        return redirect(way_on)
    request.session.cycle_key()
    request.session[HALF_WAY] = {
        "user": str(user.pk),
        "hash": user.get_session_auth_hash(),
        "until": now().timestamp() + HALF_WAY_FOR,
        "next": way_on,
    }
    return redirect("backoffice:second")


def _half_way(request: HttpRequest) -> tuple[User | None, str]:
    """Whose password was right in this browser a moment ago, and where they want to go."""
    known = request.session.get(HALF_WAY)
    if not known or known["until"] < now().timestamp():
        return None, ""
    user = User.objects.filter(pk=known["user"], is_active=True).first()
    if user is None or user.get_session_auth_hash() != known["hash"]:
        return None, ""
    return user, known["next"]


def _second_page(
    request: HttpRequest, user: User, wrong: str = "", *, status: int = 200, after: int = 0
) -> HttpResponse:
    kinds = set(user.factors.values_list("kind", flat=True))
    page = {
        "has_app": FactorKind.TOTP in kinds,
        "has_passkey": FactorKind.PASSKEY in kinds and passkeys.can_have(request),
        "wrong": wrong,
    }
    response = render(request, "backoffice/second.html", page, status=status)
    if after:
        response.headers["Retry-After"] = str(after)
    return response


def _page(request: HttpRequest, form: LoginForm, way_on: str, *, status: int = 200) -> HttpResponse:
    shown = {"form": form, "next": way_on, "sso": oidc.provider()}
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


def own_path(wanted: str) -> str:
    """``wanted`` where it is a path of this desk, else the desk's first page."""
    own = reverse("backoffice:home")
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return own
    plain = not (parts.scheme or parts.netloc) and "\\" not in wanted and wanted.isprintable()
    return wanted if plain and wanted.startswith(own) else own
