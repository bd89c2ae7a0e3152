"""What the shop owes in credit and cards, and the terms under which it does."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from rebond.domain.ledger.actions import set_terms
from rebond.domain.ledger.terms import terms_of
from rebond.domain.shops.access import Right
from rebond.kernel import spreadsheet
from rebond.kernel.errors import RebondError
from rebond.kernel.money import Money
from rebond.web.backoffice.access import DeskRequest, at_desk
from rebond.web.backoffice.forms.balances import TermsForm
from rebond.web.backoffice.queries.liability import owed_over, period_of
from rebond.web.backoffice.templatetags.balances import report_line
from rebond.web.backoffice.views.pages import show


@require_GET
@at_desk(Right.SEE_MONEY)
def report(request: DeskRequest) -> HttpResponse:
    """What was owed at the beginning and at the end of a period, and all between."""
    period = period_of(request.shop, request.GET.get("from", ""), request.GET.get("to", ""))
    shown = {"period": period, "owed": owed_over(request.shop, period)}
    return show(request, "balance_report.html", shown)


@require_GET
@at_desk(Right.SEE_MONEY)
def report_csv(request: DeskRequest) -> HttpResponse:
    """The same as a table for a spreadsheet: a line for each sum, amounts with a point."""
    period = period_of(request.shop, request.GET.get("from", ""), request.GET.get("to", ""))
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    name = f"{request.shop.slug}-{period.first}-{period.last}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    headings = (_("First day"), _("Last day"), _("Currency"), _("Line"), _("Amount"))
    response.write(spreadsheet.line(headings))
    for owed in owed_over(request.shop, period):
        for line, minor in owed.report.rows:
            sum_ = str(Money(minor, owed.report.currency)).partition(" ")[0]
            row = [period.first, period.last, owed.report.currency, report_line(line), sum_]
            response.write(spreadsheet.line(row))
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Right.CONFIGURE)
def terms(request: DeskRequest) -> HttpResponse:
    """Bonus, ends, points: what is given from now on."""
    in_force = terms_of(request.shop.pk)
    if request.method != "POST":
        return show(request, "balance_terms.html", {"form": TermsForm(terms=in_force)})
    form = TermsForm(request.POST, terms=in_force)
    if not form.is_valid():
        return show(request, "balance_terms.html", {"form": form}, status=422)
    try:
        set_terms(request.shop, form.terms, by=request.by)
    except RebondError as refusal:
        return show(request, "balance_terms.html", {"form": form}, refusal=refusal)
    messages.success(request, _("Saved. It holds for what is given from now on."))
    return redirect("backoffice:balance_terms", slug=request.shop.slug)
