"""A request that moves money may be sent again: the same key, the same answer, one effect.

Source: IETF draft-ietf-httpapi-idempotency-key-header-07 (400 without a key, 409 while the first
is being answered, 422 for another request under the same key).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django.http import HttpResponse

from rebond.api.errors import problem, refusal_problem
from rebond.domain.machines.actions import begin_answer, keep_answer, release_request
from rebond.domain.machines.errors import IdempotencyKeyNeeded
from rebond.kernel.errors import RebondError

LONGEST = 200


def once(request: Any, route: str, do: Callable[[str], HttpResponse]) -> HttpResponse:
    """The answer of ``do``, or the one that was given to the same request before.

    ``do`` gets a name for the effect that is the same for every repetition, so that even a
    request whose first process died halfway has one effect. Refusals are answers too; an error
    of ours is not, and may be tried again. An answer with a ``kept_body`` is kept as that: a
    secret is shown once.
    """
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key or len(key) > LONGEST:
        return problem(400, IdempotencyKeyNeeded.code)
    fingerprint = hashlib.sha256(route.encode() + b"\0" + request.body).hexdigest()
    try:
        given = begin_answer(request.auth, route=route, key=key, fingerprint=fingerprint)
    except RebondError as refusal:
        return refusal_problem(refusal)
    if given.status is not None:
        return HttpResponse(given.body, status=given.status, content_type=given.content_type)
    answer = None
    try:
        answer = _answer(do, f"api:{given.pk}")
    finally:
        if answer is None:
            release_request(given)
    body = getattr(answer, "kept_body", None) or answer.content.decode()
    keep_answer(given, status=answer.status_code, body=body, content_type=answer["Content-Type"])
    return answer


def _answer(do: Callable[[str], HttpResponse], name: str) -> HttpResponse:
    try:
        return do(name)
    except RebondError as refusal:
        return refusal_problem(refusal)
