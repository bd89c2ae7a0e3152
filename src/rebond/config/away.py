"""What is answered when nothing went as it should: the database is away, the disk is full, a bug.

An answer that passes says so: 503 with Retry-After, so that machines come again and people know it
is not their doing. Asks neither the database nor the disk.
"""

from __future__ import annotations

import errno
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language

from rebond.api.errors import problem

SECONDS = 5
MACHINES = ("/api/", "/hooks/")
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EMFILE, errno.ENFILE}


def answer_for_failure(request: HttpRequest) -> HttpResponse:
    """Django's ``handler500``: called while the failure is being handled."""
    passes = _passes(sys.exc_info()[1])
    status, code = (503, "away_for_a_moment") if passes else (500, "failed")
    if request.path.startswith(MACHINES):
        answer = problem(status, code)
    else:
        page = {"language": get_language() or "en", "passes": passes}
        answer = HttpResponse(render_to_string("ui/away.html", page), status=status)
    if passes:
        answer.headers["Retry-After"] = str(SECONDS)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _passes(error: BaseException | None) -> bool:
    """Whether the same request may well succeed in a moment."""
    if isinstance(error, OperationalError | InterfaceError):
        return True
    return isinstance(error, OSError) and error.errno in FULL
