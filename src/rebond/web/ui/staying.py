"""Tells a page that sends its form itself where to go next, in place of a redirection.

A browser follows a redirection on its own, and the messages of the page it leads to would be read
by nobody.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

ASKS, SAYS = "rebond-stay", "Rebond-Next"


class StayingMiddleware:
    """204 with ``Rebond-Next`` in place of a redirection, where ``Rebond-Stay`` asks for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if ASKS in request.headers and response.has_header("Location"):
            response.status_code = 204
            response.headers[SAYS] = response.headers["Location"]
            del response.headers["Location"]
        return response
