"""Refuses what is not text: a NUL, which PostgreSQL cannot keep and nobody types."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, QueryDict

NUL = "\0"


class TextMiddleware:
    """Answers 400 to an address or a form with a NUL in it, before any view reads it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, *_rest: object) -> None:
        """Raise ``BadRequest``. The body of a machine's call is left for its view to read."""
        if NUL in request.path:
            raise BadRequest("a NUL in the address")
        if not getattr(view, "csrf_exempt", False) and _has_nul(request.POST):
            raise BadRequest("a NUL in the form")


def _has_nul(typed: QueryDict) -> bool:
    return any(NUL in name or any(NUL in text for text in texts) for name, texts in typed.lists())
