"""Refusals become problem documents here and nowhere else. Source: RFC 9457."""

import json
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError

from rebond.kernel.errors import Kind, RebondError

STATUS = {
    Kind.INVALID: 422,
    Kind.MISSING: 404,
    Kind.FORBIDDEN: 403,
    Kind.CONFLICT: 409,
    Kind.OUTSIDE: 502,
}


CODES = {
    "key_refused": 401,
    "too_many_requests": 429,
    "changed_meanwhile": 412,
    "version_needed": 428,
}
"""Refusals whose status says more than their kind."""


class Problem(Schema):
    """What every error looks like. ``code`` is stable; ``facts`` holds its numbers."""

    type: str
    title: str
    status: int
    code: str
    facts: dict[str, Any] = {}


def problem(status: int, code: str, facts: dict[str, Any] | None = None) -> HttpResponse:
    """A problem document as a response."""
    body = {
        "type": f"/docs/errors#{code}",
        "title": _(HTTPStatus(status).phrase),
        "status": status,
        "code": code,
        "facts": facts or {},
    }
    return HttpResponse(
        json.dumps(body, default=str), status=status, content_type="application/problem+json"
    )


def refusal_problem(error: RebondError) -> HttpResponse:
    """A refusal as a problem document."""
    status = CODES.get(error.code) or STATUS[error.kind]
    return problem(status, error.code, error.facts)


@csrf_exempt
def nowhere(request: HttpRequest, rest: str) -> HttpResponse:
    """What stands at no address of the API."""
    return problem(404, "not_found")


def show_errors(api: NinjaAPI) -> None:
    """Answer every expected error of ``api`` as a problem document."""

    @api.exception_handler(RebondError)
    def refusal(request: HttpRequest, error: RebondError) -> HttpResponse:
        return refusal_problem(error)

    @api.exception_handler(ValidationError)
    def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        places = [
            {"at": ".".join(str(part) for part in item["loc"]), "problem": item["msg"]}
            for item in error.errors[:20]
        ]
        return problem(422, "invalid_body", {"places": places})

    @api.exception_handler(HttpError)
    def http(request: HttpRequest, error: HttpError) -> HttpResponse:
        code = "not_json" if error.status_code == 400 else "http_error"
        return problem(error.status_code, code)

    @api.exception_handler(Http404)
    def missing(request: HttpRequest, error: Http404) -> HttpResponse:
        return problem(404, "not_found")
