"""Statements of withdrawal at the desk: read, match to an order, make a return, answer."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from rebond.domain.shops.access import Right
from rebond.domain.withdrawals.actions import (
    accept_withdrawal,
    answer_withdrawal,
    match_statement,
)
from rebond.domain.withdrawals.models import WithdrawalCase
from rebond.domain.withdrawals.states import AnswerReason
from rebond.kernel.errors import RebondError
from rebond.web.backoffice.access import DeskRequest, at_desk
from rebond.web.backoffice.forms.withdrawals import AnswerForm, MatchForm, PiecesForm
from rebond.web.backoffice.queries.withdrawals import (
    cases_page,
    evidence_of,
    find_case,
    shown,
    waiting,
)
from rebond.web.backoffice.views.pages import show

VIEWS = ("open", "all", "flood")


@require_GET
@at_desk(Right.SEE_PEOPLE)
def listed(request: DeskRequest) -> HttpResponse:
    """Who withdrew: what waits for a person, and all."""
    view = request.GET.get("view", "")
    view = view if view in VIEWS else VIEWS[0]
    page = cases_page(request.shop, view=view, cursor=request.GET.get("at", ""))
    return show(
        request,
        "withdrawals.html",
        {"page": page, "view": view, "views": VIEWS, "waiting": waiting(request.shop)},
    )


@require_GET
@at_desk(Right.SEE_PEOPLE)
def one(request: DeskRequest, statement_id: UUID) -> HttpResponse:
    """One statement, word for word, and what can be done with it."""
    return _page(request, find_case(request.shop, statement_id))


@require_GET
@at_desk(Right.SEE_PEOPLE)
def file(request: DeskRequest, statement_id: UUID) -> HttpResponse:
    """The evidence as a file: the statement, what followed, and what was written."""
    case = find_case(request.shop, statement_id)
    written = json.dumps(evidence_of(case), ensure_ascii=False, indent=2)
    response = HttpResponse(written, content_type="application/json; charset=utf-8")
    name = f"{case.statement.reference}.json"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_POST
@at_desk(Right.DECIDE)
def match(request: DeskRequest, statement_id: UUID) -> HttpResponse:
    """Say which order is meant."""
    case = find_case(request.shop, statement_id)
    form = MatchForm(request.POST)
    if not form.is_valid():
        return _page(request, case, match=form)
    try:
        match_statement(statement_id, form.cleaned_data["number"], by=request.by)
    except RebondError as refusal:
        return _page(request, case, refusal=refusal, match=form)
    messages.success(request, _("The order is found. Now decide on the return."))
    return _back(request, statement_id)


@require_POST
@at_desk(Right.DECIDE)
def accept(request: DeskRequest, statement_id: UUID) -> HttpResponse:
    """Make it a return."""
    case = find_case(request.shop, statement_id)
    form = PiecesForm(shown(case).left, request.POST)
    if not form.is_valid():
        return _page(request, case, pieces=form)
    try:
        rma = accept_withdrawal(statement_id, form.pieces, by=request.by)
    except RebondError as refusal:
        if case.rma is not None:
            return redirect("backoffice:return", slug=request.shop.slug, number=case.rma.number)
        return _page(request, case, refusal=refusal, pieces=form)
    messages.success(request, _("Return {number} is filed.").format(number=rma.number))
    return redirect("backoffice:return", slug=request.shop.slug, number=rma.number)


@require_POST
@at_desk(Right.DECIDE)
def answer(request: DeskRequest, statement_id: UUID) -> HttpResponse:
    """Write why no return follows."""
    case = find_case(request.shop, statement_id)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, case, answer=form)
    try:
        answer_withdrawal(
            statement_id,
            AnswerReason(form.cleaned_data["reason"]),
            note=form.cleaned_data["note"],
            by=request.by,
        )
    except RebondError as refusal:
        return _page(request, case, refusal=refusal, answer=form)
    messages.success(request, _("Answered. The customer gets your words and the article."))
    return _back(request, statement_id)


def _page(
    request: DeskRequest,
    case: WithdrawalCase,
    *,
    refusal: RebondError | None = None,
    **forms: Any,
) -> HttpResponse:
    seen = shown(case)
    typed = [form for form in forms.values() if not form.is_valid()]
    page = {
        "seen": seen,
        "case": case,
        "statement": case.statement,
        "match_form": forms.get("match") or MatchForm(),
        "pieces_form": forms.get("pieces") or PiecesForm(seen.left),
        "answer_form": forms.get("answer") or AnswerForm(),
    }
    status = 422 if typed else 200
    return show(request, "withdrawal.html", page, status=status, refusal=refusal)


def _back(request: DeskRequest, statement_id: UUID) -> HttpResponse:
    return redirect("backoffice:withdrawal", slug=request.shop.slug, statement_id=statement_id)
