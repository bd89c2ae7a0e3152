"""Our books beside the providers': the table, one day, what differs, what nobody understood."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from rebond.domain.refunds.actions import explain, put_message_aside, release_payouts
from rebond.domain.refunds.models import Discrepancy, PayoutHold, ProviderEvent
from rebond.domain.shops.access import Right
from rebond.kernel import spreadsheet
from rebond.kernel.errors import RebondError
from rebond.kernel.money import Money
from rebond.web.backoffice.access import DeskRequest, at_desk
from rebond.web.backoffice.queries.elsewhere import (
    compared,
    differences_of,
    find_report,
    holds_of,
    messages_without_effect,
    open_differences,
)
from rebond.web.backoffice.views.pages import show


@require_GET
@at_desk(Right.SEE_MONEY)
def overview(request: DeskRequest) -> HttpResponse:
    """A month of comparisons, with what is open above it."""
    return _overview(request)


@require_GET
@at_desk(Right.SEE_MONEY)
def overview_csv(request: DeskRequest) -> HttpResponse:
    """The same month as a table for a spreadsheet: a line for each report, amounts with a point."""
    seen = compared(request.shop, request.GET.get("until", ""))
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    name = f"{request.shop.slug}-{seen.first}-{seen.last}-providers.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    headings = (
        *(_("Day"), _("Provider"), _("Currency"), _("Ours, count"), _("Ours, amount")),
        *(_("Theirs, count"), _("Theirs, amount"), _("Difference"), _("Open differences")),
    )
    response.write(spreadsheet.line(headings))
    for report in seen.reports:
        sums = [report.ours_minor, report.theirs_minor, report.difference_minor]
        ours, theirs, difference = [_plain(minor, report.currency) for minor in sums]
        counts = [report.ours_count, report.theirs_count]
        open_count = report.open_count or 0  # type: ignore[attr-defined]
        place = [report.day, report.provider, report.currency]
        sums_told = [counts[0], ours, counts[1], theirs, difference, open_count]
        response.write(spreadsheet.line([*place, *sums_told]))
    return response


@require_GET
@at_desk(Right.SEE_MONEY)
def one_report(request: DeskRequest, report_id: UUID) -> HttpResponse:
    """One day with one provider, and every refund in which the two sides differ."""
    return _report(request, report_id)


@require_POST
@at_desk(Right.REFUND, Right.DOCUMENTS)
def explain_difference(request: DeskRequest, discrepancy_id: UUID) -> HttpResponse:
    """Say why the two books do not agree in one refund."""
    row = Discrepancy.objects.filter(shop=request.shop, pk=discrepancy_id).first()
    if row is None:
        raise Http404
    text = request.POST.get("explanation", "")
    try:
        explain(request.shop.pk, row.pk, explanation=text, by=request.by)
    except RebondError as refusal:
        return _report(request, row.report_id, refusal=refusal)
    messages.success(request, _("Kept. It stays beside the difference, with your name."))
    return redirect("backoffice:comparison", slug=request.shop.slug, report_id=row.report_id)


@require_POST
@at_desk(Right.REFUND)
def put_aside(request: DeskRequest, message_id: UUID) -> HttpResponse:
    """Note that somebody looked at a message without effect."""
    if not ProviderEvent.objects.filter(shop=request.shop, pk=message_id).exists():
        raise Http404
    try:
        put_message_aside(request.shop.pk, message_id, by=request.by)
    except RebondError as refusal:
        return _overview(request, refusal=refusal)
    messages.success(request, _("Put aside."))
    return redirect("backoffice:reconciliation", slug=request.shop.slug)


@require_POST
@at_desk(Right.CONFIGURE)
def release(request: DeskRequest, hold_id: UUID) -> HttpResponse:
    """Let payouts go on that wait since a backup was restored."""
    hold = PayoutHold.objects.filter(shop=request.shop, pk=hold_id).first()
    if hold is None:
        raise Http404
    reason = request.POST.get("reason", "")
    try:
        release_payouts(request.shop.pk, hold.provider, by=request.by, reason=reason)
    except RebondError as refusal:
        return _overview(request, refusal=refusal)
    messages.success(request, _("The payouts go on."))
    return redirect("backoffice:reconciliation", slug=request.shop.slug)


def _overview(request: DeskRequest, *, refusal: RebondError | None = None) -> HttpResponse:
    page = {
        "seen": compared(request.shop, request.GET.get("until", "")),
        "differences": open_differences(request.shop),
        "silent": messages_without_effect(request.shop),
        "holds": holds_of(request.shop),
    }
    return show(request, "reconciliation.html", page, refusal=refusal)


def _report(
    request: DeskRequest, report_id: UUID, *, refusal: RebondError | None = None
) -> HttpResponse:
    report = find_report(request.shop, report_id)
    page = {"report": report, "differences": differences_of(report)}
    return show(request, "comparison.html", page, refusal=refusal)


def _plain(minor: int | None, currency: str) -> str:
    return "" if minor is None else str(Money(minor, currency)).partition(" ")[0]
