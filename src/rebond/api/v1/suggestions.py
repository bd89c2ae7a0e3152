"""What brings a return forward now, over the API: the same as at the desk."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from rebond.api.access import Key
from rebond.api.errors import Problem
from rebond.api.v1.return_shapes import find_return
from rebond.domain.machines.scopes import Scope
from rebond.domain.work.standing import suggestions_for

router = Router(tags=["returns"])
REFUSED = {401: Problem, 403: Problem, 404: Problem}


class SuggestionOut(Schema):
    """The one thing to do next, such as ``decide``, ``receive`` or ``refund``.

    ``who`` has the ball: ``shop``, ``shopper``, ``carrier``, ``bank`` or ``nobody``. ``step`` is
    the verb that does it, null where it is only waited for or takes more than one.
    """

    code: str
    who: str
    step: str | None


@router.get(
    "/returns/{number}/suggestion",
    auth=Key(Scope.RETURNS_READ),
    response={200: SuggestionOut, **REFUSED},
    operation_id="suggest_next_step",
)
def suggestion(request: HttpRequest, number: str) -> dict[str, Any]:
    """What to do next with the return."""
    rma = find_return(request, number)
    found = suggestions_for(rma.shop, [rma])[rma.pk]
    step = found.step.value if found.step is not None else None
    return {"code": found.code.value, "who": found.who.value, "step": step}
