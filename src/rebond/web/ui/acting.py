"""Whoever acts in a request acts no longer when it is answered."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from rebond.kernel.acting import apart


class ActingMiddleware:
    """Keeps who acts in one request from the next one in the same thread."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with apart():
            return self.get_response(request)
