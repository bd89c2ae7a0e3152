"""Which version of a thing the caller has seen: ETag out, If-Match in. Source: RFC 9110, 13.1.1."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from rebond.domain.machines.errors import VersionNeeded


def etag_of(version: int) -> str:
    """The strong tag of ``version``."""
    return f'"{version}"'


def versioned(body: dict[str, Any], *, version: int, status: int = 200) -> HttpResponse:
    """``body`` with the tag that If-Match wants to see again."""
    return JsonResponse(body, status=status, headers={"ETag": etag_of(version)})


def unchanged(request: HttpRequest, version: int) -> HttpResponse | None:
    """304 where the caller holds this very version already."""
    known = [tag.strip() for tag in request.headers.get("If-None-Match", "").split(",")]
    if etag_of(version) not in known:
        return None
    return HttpResponse(status=304, headers={"ETag": etag_of(version)})


def seen_version(request: HttpRequest) -> int | None:
    """The version in ``If-Match``; None for ``*``, any version. Raises ``VersionNeeded``."""
    tag = request.headers.get("If-Match", "").strip()
    if tag == "*":
        return None
    number = tag.removeprefix('"').removesuffix('"')
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise VersionNeeded
    return int(number)
