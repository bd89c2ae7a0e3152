"""Papers for customs over the API: which there are for a return, and each as PDF."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router, Schema

from rebond.api.access import Key
from rebond.api.errors import Problem
from rebond.api.v1.return_shapes import find_return
from rebond.domain.machines.scopes import Scope
from rebond.domain.shipping.customs import Form, declaration_of
from rebond.domain.shipping.customs_papers import customs_paper
from rebond.kernel.clock import now

router = Router(tags=["returns"])
REFUSED = {401: Problem, 403: Problem, 404: Problem}


class CustomsOut(Schema):
    """The papers of a parcel that crosses a customs border; none where it does not.

    ``incomplete`` are titles of articles whose weight, customs code or origin is not known.
    """

    papers: list[str]
    currency: str | None
    value_minor: int
    grams: int | None
    incomplete: list[str]


@router.get(
    "/returns/{number}/customs-papers",
    auth=Key(Scope.RETURNS_READ),
    response={200: CustomsOut, **REFUSED},
    operation_id="list_customs_papers",
)
def listing(request: HttpRequest, number: str) -> dict[str, Any]:
    """Which papers the return needs for customs."""
    told = declaration_of(find_return(request, number))
    return {
        "papers": [form.value for form in told.forms] if told else [],
        "currency": told.currency if told else None,
        "value_minor": told.value_minor if told else 0,
        "grams": told.grams if told else None,
        "incomplete": told.incomplete if told else [],
    }


@router.get(
    "/returns/{number}/customs-papers/{form}",
    auth=Key(Scope.RETURNS_READ),
    response=REFUSED,
    operation_id="read_customs_paper",
    openapi_extra={"responses": {200: {"description": "PDF", "content": {"application/pdf": {}}}}},
)
def read(request: HttpRequest, number: str, form: str) -> HttpResponse:
    """One of them as PDF: ``cn22``, ``cn23`` or ``invoice``."""
    rma = find_return(request, number)
    told = declaration_of(rma)
    if told is None or form not in set(Form):
        raise Http404
    made = customs_paper(rma, told, Form(form), made_at=now())
    return HttpResponse(made, content_type="application/pdf")
