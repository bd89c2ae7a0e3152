"""Chooses the language of a page: what the reader picked, else what their browser prefers."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

COOKIE = "language"
YEAR = 365 * 24 * 3600


class LanguageMiddleware:
    """Activates a language for the request. ``?lang=fr`` picks one and is remembered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        picked = request.GET.get("lang", "")
        language = _first_known(
            picked,
            request.COOKIES.get(COOKIE, ""),
            translation.get_language_from_request(request)
            if "HTTP_ACCEPT_LANGUAGE" in request.META
            else "",
        )
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        if picked == language:
            response.set_cookie(
                COOKIE,
                language,
                max_age=YEAR,
                samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )
        return response


def _first_known(*wanted: str) -> str:
    known = [code for code, _ in settings.LANGUAGES]
    for tag in wanted:
        if tag in known:
            return tag
    return known[0]
