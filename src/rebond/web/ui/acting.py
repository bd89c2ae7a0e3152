"""Whoever acts in a request acts no longer when it is answered, and whose rows it saw is over."""

from collections.abc import Callable, Iterable, Iterator

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

from rebond.kernel import tenancy
from rebond.kernel.acting import apart


class ActingMiddleware:
    """Keeps who acts in one request, and for which shop, from the next one in the same thread.

    Until a door has told the shop, no shop's rows are seen.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with apart(), tenancy.as_told():
            response = self.get_response(request)
            if isinstance(response, StreamingHttpResponse):
                rest: Iterable[bytes] = response.streaming_content
                response.streaming_content = _as_told(tenancy.told(), rest)
            return response


def _as_told(whose: str, content: Iterable[bytes]) -> Iterator[bytes]:
    """``content``, each part of it made for the shop of its request, which has ended by then."""
    parts = iter(content)
    while True:
        with tenancy.as_told(whose):
            part = next(parts, None)
        if part is None:
            return
        yield part
