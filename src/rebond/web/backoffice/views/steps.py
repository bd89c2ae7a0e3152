"""What somebody at the desk does with one return: each a form that is sent, then the page anew."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rebond.domain.discussions.actions import close_return
from rebond.domain.refunds.actions import settle_return
from rebond.domain.refunds.queries import edited_for
from rebond.domain.returns.actions import (
    approve_return,
    cancel_return,
    decline_return,
    reopen_return,
)
from rebond.domain.returns.errors import IllegalTransition
from rebond.domain.returns.models import Note, Return
from rebond.domain.returns.states import DeclineReason
from rebond.domain.returns.steps import Step, allowed_steps
from rebond.domain.shops.access import Right
from rebond.domain.work.actions import write_note
from rebond.kernel.clock import now
from rebond.kernel.errors import RebondError
from rebond.web.backoffice.access import DeskRequest, View, at_desk
from rebond.web.backoffice.forms.amount_edit import AmountEditForm
from rebond.web.backoffice.forms.returns import DeclineForm, NoteForm
from rebond.web.backoffice.queries.one_return import (
    find_return,
    lines_of,
    standing_of,
)
from rebond.web.backoffice.undo import offer_undo
from rebond.web.backoffice.views.pages import SAME_CLICK, is_same_click, version_of
from rebond.web.backoffice.views.returns import return_page

Do = Callable[[DeskRequest, Return], HttpResponse]


def step(which: Step, *, right: Right, event: str) -> Callable[[Do], View]:
    """A view that takes ``which`` step with the return named in the address.

    A refusal is told on the page as it stands now; a form sent twice counts once.
    """

    def make(do: Do) -> View:
        @require_POST
        @at_desk(right)
        @wraps(do)
        def view(request: DeskRequest, number: str) -> HttpResponse:
            rma = find_return(request.shop, number)
            try:
                _check(rma, which)
                return do(request, rma)
            except RebondError as refusal:
                if is_same_click(request, rma, event):
                    return back_to(rma)
                return return_page(request, find_return(request.shop, number), refusal=refusal)

        return view

    return make


def back_to(rma: Return) -> HttpResponse:
    """To the page of ``rma``."""
    return redirect("backoffice:return", slug=rma.shop.slug, number=rma.number)


def _check(rma: Return, which: Step) -> None:
    if which not in allowed_steps(standing_of(rma, lines_of(rma))):
        raise IllegalTransition(number=rma.number, was=rma.request_state, asked=str(which))


@step(Step.APPROVE, right=Right.DECIDE, event="return.approved")
def approve(request: DeskRequest, rma: Return) -> HttpResponse:
    """Accept the request."""
    approve_return(rma.pk, by=request.by, version=version_of(request))
    messages.success(request, _("Accepted. The customer is told how to send the goods."))
    return back_to(rma)


@step(Step.DECLINE, right=Right.DECIDE, event="return.declined")
def decline(request: DeskRequest, rma: Return) -> HttpResponse:
    """Turn the request down, with a reason."""
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return return_page(request, rma, decline=form)
    declined = decline_return(
        rma.pk,
        reason=DeclineReason(form.cleaned_data["reason"]),
        note=form.cleaned_data["note"],
        by=request.by,
        version=version_of(request),
    )
    messages.success(request, _("Declined. The customer is told why."))
    offer_undo(request, "reopen", rma.number, version=declined.version)
    return back_to(rma)


@step(Step.CANCEL, right=Right.DECIDE, event="return.cancelled")
def cancel(request: DeskRequest, rma: Return) -> HttpResponse:
    """Call the return off."""
    cancel_return(rma.pk, by=request.by, version=version_of(request))
    messages.success(request, _("Cancelled. Its pieces can be returned again."))
    return back_to(rma)


@step(Step.REOPEN, right=Right.DECIDE, event="return.reopened")
def reopen(request: DeskRequest, rma: Return) -> HttpResponse:
    """Take the return up again."""
    reopen_return(rma.pk, by=request.by, version=version_of(request))
    messages.success(request, _("Taken up again."))
    return back_to(rma)


@step(Step.CLOSE, right=Right.DECIDE, event="return.closed")
def close(request: DeskRequest, rma: Return) -> HttpResponse:
    """Put the return away."""
    closed = close_return(rma.pk, by=request.by, version=version_of(request))
    messages.success(request, _("Closed."))
    offer_undo(request, "reopen", rma.number, version=closed.version)
    return back_to(rma)


@step(Step.SETTLE, right=Right.REFUND, event="settlement.decided")
def settle(request: DeskRequest, rma: Return) -> HttpResponse:
    """Decide the refund and start it."""
    made = settle_return(rma.pk, by=request.by, staff=request.staff, version=version_of(request))
    if made.approvals.filter(is_granted=None).exists():
        messages.success(request, _("The refund waits for a second person."))
    else:
        messages.success(request, _("The refund is decided and on its way."))
    return back_to(rma)


@step(Step.SETTLE, right=Right.REFUND, event="settlement.decided")
def settle_otherwise(request: DeskRequest, rma: Return) -> HttpResponse:
    """Show what another amount would come to, then decide it."""
    form = AmountEditForm(request.POST, rma=rma)
    if not form.is_valid():
        return return_page(request, rma, edit=form)
    if "look" in request.POST:
        try:
            return return_page(request, rma, edit=form, edited=edited_for(rma, form.edit))
        except RebondError as refusal:
            return return_page(request, rma, edit=form, refusal=refusal)
    made = settle_return(
        rma.pk, by=request.by, staff=request.staff, version=version_of(request), edit=form.edit
    )
    if made.approvals.filter(is_granted=None).exists():
        messages.success(request, _("The refund waits for a second person."))
    else:
        messages.success(request, _("Decided, and the customer is told why."))
    return back_to(rma)


@require_POST
@at_desk(Right.DECIDE, Right.RECEIVE, Right.DOCUMENTS)
def note(request: DeskRequest, number: str) -> HttpResponse:
    """Write a remark for colleagues."""
    rma = find_return(request.shop, number)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return return_page(request, rma, note=form)
    text = form.cleaned_data["text"]
    if not _is_written(request, rma, text):
        write_note(rma.pk, text, by=request.by)
    return back_to(rma)


def _is_written(request: DeskRequest, rma: Return, text: str) -> bool:
    return Note.objects.filter(
        shop=request.shop, rma=rma, text=text, by=request.by, at__gte=now() - SAME_CLICK
    ).exists()
