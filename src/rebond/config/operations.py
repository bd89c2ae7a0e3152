"""What a host's machines ask: is it alive, may it be sent visitors, how is it doing."""

from __future__ import annotations

import os
from hmac import compare_digest
from ipaddress import ip_address
from pathlib import Path
from shutil import disk_usage
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from rebond.config.gauges import gauges
from rebond.kernel.backup import postgresql
from rebond.kernel.meters import page
from rebond.kernel.row_security import why_not_apart
from rebond.kernel.tenancy import all_shops

TOO_FULL = 32 * 1024 * 1024
"""Bytes that must be left on the disk of the home folder."""
COUNTED = {
    "rebond_request_seconds": "Time until a request was answered.",
    "rebond_job_seconds": "Time that a job of the queue took.",
    "rebond_job_failures_total": "Tries of jobs that failed.",
    "rebond_requests_turned_away_total": "Requests that waited too long for a thread.",
}
_migrated: set[str] = set()


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """200 while this process answers; asks nobody."""
    return JsonResponse({"status": "ok"})


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 when visitors may be sent here; else 503 and what is missing."""
    missing = why_not_ready()
    if missing:
        answer = JsonResponse({"status": "not ready", "missing": missing}, status=503)
        answer["Retry-After"] = "5"
        return answer
    return JsonResponse({"status": "ok"})


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures for Prometheus, for who has the token; 404 for everybody else."""
    if not _may_measure(request):
        raise Http404
    folder = Path(settings.STATIC_ROOT).parent / "backups"
    with all_shops():
        text = page(COUNTED, gauges(folder))
    return HttpResponse(text, content_type="text/plain; version=0.0.4; charset=utf-8")


def why_not_ready() -> list[str]:
    """What keeps this process from answering visitors: nothing, or words for the host."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if postgresql.is_begun():
            return ["a restore was begun and not ended"]
        missing = _why_not_migrated()
    except DatabaseError:
        return ["the database does not answer"]
    if disk_usage(settings.STATIC_ROOT.parent).free < TOO_FULL:
        missing.append("the disk of REBOND_HOME is full")
    return missing


def _why_not_migrated() -> list[str]:
    """Asked until nothing is missing; then it stays so for the life of this process."""
    name = str(connection.settings_dict["NAME"])
    if name in _migrated:
        return []
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return ["the database is not up to date: rebond migrate"]
    missing = why_not_apart()
    if not missing:
        _migrated.add(name)
    return missing


def _may_measure(request: HttpRequest) -> bool:
    """With the token; without one only from this machine to an installation that is not public."""
    token = os.environ.get("REBOND_METRICS_TOKEN", "")
    if token:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return compare_digest(given.encode(), token.encode())
    base = urlsplit(settings.BASE_URL)
    near = request.META.get("REMOTE_ADDR", "")
    return base.scheme == "http" and _is_loopback(near) and "X-Forwarded-For" not in request.headers


def _is_loopback(text: str) -> bool:
    try:
        return ip_address(text).is_loopback
    except ValueError:
        return False
