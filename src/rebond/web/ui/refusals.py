"""Shows a refusal as a page, in the reader's language, with the status that fits."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from rebond.kernel.errors import Kind, RebondError
from rebond.web.ui.words import refusal_sentence

STATUS = {
    Kind.INVALID: 422,
    Kind.MISSING: 404,
    Kind.FORBIDDEN: 403,
    Kind.CONFLICT: 409,
    Kind.OUTSIDE: 502,
}


class RefusalMiddleware:
    """Turns a ``RebondError`` that no view took care of into a kind page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A page for an expected refusal; anything else is a bug and goes on its way."""
        if not isinstance(error, RebondError):
            return None
        page = {"sentence": refusal_sentence(error), "code": error.code}
        return render(request, "ui/refusal.html", page, status=STATUS[error.kind])
