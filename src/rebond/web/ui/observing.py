"""Times each request by its route and tells it, with an id that stands in every line about it."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from rebond.kernel.clock import monotonic
from rebond.kernel.ids import uuid7
from rebond.kernel.meters import took

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
        began = monotonic()
        answer = self.get_response(request)
        seconds = monotonic() - began
        match = request.resolver_match
        route = f"/{match.route}" if match else "none"
        method = request.method if request.method in _METHODS else "other"
        took(
            NAME, seconds, route=route, method=str(method), status=f"{answer.status_code // 100}xx"
        )
        answer.headers["X-Request-Id"] = name
        told = {"method": method, "route": route, "status": answer.status_code, "request": name}
        log.info("answered", extra={**told, "milliseconds": round(seconds * 1000)})
        return answer


_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
