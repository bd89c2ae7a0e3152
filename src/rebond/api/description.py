"""The description of the API, with the headers that its requests carry and its answers bring."""

from __future__ import annotations

from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

# Posts that write nothing, that carry a reference of their own, or that change nothing when they
# are asked again.
WITHOUT_KEY = frozenset(
    {
        "quote",
        "legal_answer",
        "preview_refund",
        "preview_decision",
        "credit_balance",
        "hold_credit",
        "capture_credit",
        "release_credit",
        "make_portal_link",
        "make_return_slips",
        "stop_return_run",
        "resume_return_run",
        "stop_policy_trial",
        "resume_policy_trial",
    }
)
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "schema": {"type": "string", "minLength": 1, "maxLength": 200},
    "description": "The same key with the same body: the same answer, one effect, for 30 days.",
}
IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "schema": {"type": "string"},
    "description": "The `ETag` that was read, or `*`. 412 when somebody else was quicker.",
}


class DescribedAPI(NinjaAPI):
    """An API whose document names the headers that the code asks for."""

    def get_openapi_schema(self, **more: Any) -> OpenAPISchema:
        """The document, OpenAPI 3.1."""
        document = super().get_openapi_schema(**more)
        for methods in document["paths"].values():
            for method, told in methods.items():
                headers = []
                if method == "post" and told["operationId"] not in WITHOUT_KEY:
                    headers.append(IDEMPOTENCY_KEY)
                if 428 in told["responses"] or "428" in told["responses"]:
                    headers.append(IF_MATCH)
                for answer in told["responses"].values():
                    _as_problem(answer)
                if headers:
                    told["parameters"] = [*told.get("parameters", []), *headers]
        return document


def _as_problem(answer: dict[str, Any]) -> None:
    """Errors have a media type of their own. Source: RFC 9457, 3."""
    content = answer.get("content", {})
    shown = content.get("application/json", {}).get("schema", {}).get("$ref", "")
    if shown.endswith("/Problem"):
        content["application/problem+json"] = content.pop("application/json")
