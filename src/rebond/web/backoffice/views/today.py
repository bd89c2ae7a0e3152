"""The home page of the desk: what waits for me, what waits for us, and the week in figures."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from rebond.domain.returns.models import Return
from rebond.domain.shops.access import Right
from rebond.domain.work.queries import assigned_to, newest_runs, unread_mentions
from rebond.web.backoffice.access import DeskRequest, at_desk
from rebond.web.backoffice.forms.bulk import KINDS
from rebond.web.backoffice.queries.queue import tabs, with_row_details
from rebond.web.backoffice.queries.today import figures_of
from rebond.web.backoffice.views.beginning import is_beginning
from rebond.web.backoffice.views.pages import show

MOST_MINE = 8


@require_GET
@at_desk(Right.SEE)
def today(request: DeskRequest) -> HttpResponse:
    """Notes that name me, my returns, the queue in numbers, three drawings."""
    mine = Return.objects.filter(shop=request.shop, pk__in=assigned_to(request.staff)[:MOST_MINE])
    can_run = {Right.DECIDE, Right.REFUND} & request.rights
    runs = newest_runs(request.shop) if can_run else []
    begins = Right.CONFIGURE in request.rights and is_beginning(request.shop)
    counted = [tab for tab in tabs(request.shop, request.staff, "") if tab.count is not None]
    page = {
        "begins": begins,
        "mentions": unread_mentions(request.staff),
        "mine": list(with_row_details(mine, request.shop.pk).order_by("requested_at")),
        "tabs": [tab for tab in counted if tab.count or not begins],
        "figures": figures_of(request.shop),
        "runs": [(run, KINDS[run.kind][1]) for run in runs],  # type: ignore[index]
    }
    return show(request, "today.html", page)
