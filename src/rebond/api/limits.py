"""How many requests a key may make in a minute, told with every answer.

Counted in the cache of the process that answers: with several processes the true limit is higher,
never lower. It keeps a runaway script from the others; money has limits of its own.
Source: draft-ietf-httpapi-ratelimit-headers-10; RFC 9110, 10.2.3 (Retry-After).
"""

from __future__ import annotations

from collections.abc import Callable

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

from rebond.domain.machines.errors import TooManyRequests
from rebond.domain.machines.models import ApiKey
from rebond.kernel.clock import now

WINDOW = 60
POLICY, RATE = "RateLimit-Policy", "RateLimit"


def count_request(request: HttpRequest, key: ApiKey) -> None:
    """Count one request of ``key``. Raises ``TooManyRequests`` when there were too many."""
    second = int(now().timestamp())
    left_seconds = WINDOW - second % WINDOW
    name = f"api:requests:{key.pk}:{second // WINDOW}"
    cache.add(name, 0, WINDOW * 2)
    try:
        made = cache.incr(name)
    except ValueError:  # the cache forgot it between the two lines
        made = 1
    left = max(0, key.per_minute - made)
    setattr(request, "rate_limit", (key.per_minute, left, left_seconds))  # noqa: B010
    if made > key.per_minute:
        raise TooManyRequests(limit=key.per_minute, retry_after=left_seconds)


class RateLimitMiddleware:
    """Says on each answer to a key what is left of the minute, and that nobody may keep it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer with its headers."""
        answer = self.get_response(request)
        told = getattr(request, "rate_limit", None)
        if told is not None:
            answer.headers.setdefault("Cache-Control", "no-store")
            limit, left, seconds = told
            answer.headers[POLICY] = f'"minute";q={limit};w={WINDOW}'
            answer.headers[RATE] = f'"minute";r={left};t={seconds}'
            if answer.status_code == 429:
                answer.headers["Retry-After"] = str(seconds)
        return answer
