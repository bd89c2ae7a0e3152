"""The API for people: every request on one page, from the same document that machines read."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from rebond.api.description import DescribedAPI


def page_of(api: DescribedAPI) -> Any:
    """A view that shows ``api``. It asks nobody else for anything."""

    @require_safe
    def reference(request: HttpRequest) -> HttpResponse:
        """All requests by what they are about."""
        return render(request, "ui/api.html", {"groups": _groups(api.get_openapi_schema())})

    return reference


def _groups(document: dict[str, Any]) -> list[tuple[str, list[dict[str, Any]]]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    shapes = document["components"]["schemas"]
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            groups.setdefault((told.get("tags") or ["api"])[0], []).append(
                {
                    "id": told["operationId"],
                    "method": method.upper(),
                    "path": path,
                    "words": (told.get("description") or told["summary"]).replace("``", ""),
                    "parameters": [
                        {"name": one["name"], "where": one["in"], "kind": _kind(one["schema"])}
                        for one in told.get("parameters", [])
                    ],
                    "body": _fields(told, shapes),
                    "statuses": sorted(str(status) for status in told["responses"]),
                }
            )
    return list(groups.items())


def _fields(told: dict[str, Any], shapes: dict[str, Any]) -> list[dict[str, Any]]:
    """The fields of the body, one level deep: a field that is a shape names it."""
    contents = told.get("requestBody", {}).get("content", {})
    schema = contents.get("application/json", {}).get("schema", {})
    for one in [schema, *schema.get("anyOf", [])]:
        if "$ref" in one:
            schema = shapes[one["$ref"].rsplit("/", 1)[-1]]
    needed = set(schema.get("required", []))
    return [
        {"name": name, "kind": _kind(field), "needed": name in needed}
        for name, field in schema.get("properties", {}).items()
    ]


def _kind(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"].rsplit("/", 1)[-1])
    if "anyOf" in schema:
        return " | ".join(_kind(one) for one in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(str(value) for value in schema["enum"])
    if schema.get("type") == "array":
        return f"{_kind(schema.get('items', {}))}[]"
    return str(schema.get("format") or schema.get("type") or "any")
