"""Times each request by its route and tells it, with an id that stands in every line about it."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from rebond.kernel.clock import monotonic
from rebond.kernel.ids import uuid7
from rebond.kernel.meters import took
from rebond.kernel.spans import Kind, Told, span

log = logging.getLogger("rebond.requests")

NAME = "rebond_request_seconds"
GIVEN = re.compile(r"[A-Za-z0-9-]{8,64}")


class ObservingMiddleware:
    """Stands outermost, so that it times what a visitor waits for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, with its ``X-Request-Id``: the proxy's where it sent a decent one."""
        given = request.headers.get("X-Request-Id", "")
        name = given if GIVEN.fullmatch(given) else str(uuid7())
        method = str(request.method) if request.method in _METHODS else "other"
        began = monotonic()
        with span(method, Kind.SERVER, http__request__method=method) as told:
            answer = self.get_response(request)
            match = request.resolver_match
            route = f"/{match.route}" if match else "none"
            _tell(told, request, f"{method} {route}", route, answer.status_code)
        seconds = monotonic() - began
        took(NAME, seconds, route=route, method=method, status=f"{answer.status_code // 100}xx")
        answer.headers["X-Request-Id"] = name
        said = {"method": method, "route": route, "status": answer.status_code, "request": name}
        log.info("answered", extra={**said, "milliseconds": round(seconds * 1000)})
        return answer


def _tell(told: Told, request: HttpRequest, name: str, route: str, status: int) -> None:
    """Say in the span what was answered, and for which shop."""
    told.name(name)
    told.say(http__route=route, http__response__status_code=status)
    shop = getattr(request, "shop", None) or getattr(getattr(request, "auth", None), "shop", None)
    if shop is not None:
        told.say(rebond__shop=str(shop.pk))
    if status >= 500:
        told.failed(str(status))


_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
