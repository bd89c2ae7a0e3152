"""A request that moves money may be sent again: the same key, the same answer, one effect.

Source: IETF draft-ietf-httpapi-idempotency-key-header-07 (400 without a key, 409 while the first
is being answered, 422 for another request under the same key).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from inspect import signature
from typing import Any, TypeVar
from uuid import UUID

from django.http import HttpResponse

from rebond.api.errors import problem, refusal_problem
from rebond.domain.machines.actions import Answered, Refused, Request, answer_once
from rebond.domain.machines.errors import IdempotencyKeyNeeded
from rebond.kernel.errors import RebondError

F = TypeVar("F", bound=Callable[..., HttpResponse])

LONGEST = 200


def once(request: Any, route: str, do: Callable[[str], HttpResponse]) -> HttpResponse:
    """The answer of ``do``, or the one that was given to the same request before.

    What ``do`` changes and its answer are one transaction: whoever asks again, also after a
    process died halfway, finds both or neither. ``do`` gets a name that its effect may bear.
    Refusals are answers too, and undo what was begun; an error of ours is none, and may be tried
    again. An answer with a ``kept_body`` is kept as that: a secret is shown once.
    """
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key or len(key) > LONGEST:
        return problem(400, IdempotencyKeyNeeded.code)
    fingerprint = hashlib.sha256(route.encode() + b"\0" + request.body).hexdigest()
    made: list[tuple[Answered, HttpResponse]] = []

    def answered(row_id: UUID) -> Answered:
        try:
            fresh = do(f"api:{row_id}")
        except RebondError as refusal:
            fresh = refusal_problem(refusal)
            made.append((_kept(fresh), fresh))
            raise Refused(made[0][0]) from refusal
        made.append((_kept(fresh), fresh))
        return made[0][0]

    try:
        given = answer_once(Request(request.auth, route, key, fingerprint), answered)
    except RebondError as refusal:
        return refusal_problem(refusal)
    if made and given is made[0][0]:
        return made[0][1]
    return HttpResponse(given.body, status=given.status, content_type=given.content_type)


def keyed(view: F) -> F:
    """Let a view that changes something and answers with a response be asked again: see ``once``.

    Stands below the route. The address is part of what the key is for.
    """

    @wraps(view)
    def asked(request: Any, *args: Any, **named: Any) -> HttpResponse:
        route = f"{request.method} {request.path}"
        return once(request, route, lambda _: view(request, *args, **named))

    # The types of the view are named in its own module, where the wrapper does not stand.
    asked.__signature__ = signature(view, eval_str=True)  # type: ignore[attr-defined]
    return asked  # type: ignore[return-value]


def _kept(answer: HttpResponse) -> Answered:
    body = getattr(answer, "kept_body", None) or answer.content.decode()
    return Answered(answer.status_code, body, answer["Content-Type"])
