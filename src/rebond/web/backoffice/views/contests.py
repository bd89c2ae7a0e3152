"""A contested grade, answered by somebody who did not give it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rebond.domain.contests.actions import answer_contest
from rebond.domain.contests.errors import NothingCorrected
from rebond.domain.contests.states import ContestOutcome
from rebond.domain.shops.access import Right
from rebond.kernel.errors import RebondError
from rebond.kernel.untrusted import uuid_in
from rebond.web.backoffice.access import DeskRequest, at_desk
from rebond.web.backoffice.queries.one_return import find_return
from rebond.web.backoffice.views.pages import version_of
from rebond.web.backoffice.views.returns import return_page
from rebond.web.backoffice.views.steps import back_to


@require_POST
@at_desk(Right.DECIDE)
def answer(request: DeskRequest, number: str) -> HttpResponse:
    """Say what the second look found; the customer is written to."""
    rma = find_return(request.shop, number)
    said = request.POST.get("outcome", "")
    try:
        if said not in set(ContestOutcome):
            raise NothingCorrected
        answer_contest(
            rma.pk,
            ContestOutcome(said),
            request.POST.get("answer", ""),
            staff=request.staff,
            by=request.by,
            corrected=_chosen(request),
            version=version_of(request),
        )
    except RebondError as refusal:
        return return_page(request, find_return(request.shop, number), refusal=refusal)
    messages.success(request, _("Answered. We have written to the customer."))
    return back_to(rma)


def _chosen(request: DeskRequest) -> list[UUID]:
    named = [uuid_in(text) for text in request.POST.getlist("corrected")]
    return [one for one in named if one is not None]
