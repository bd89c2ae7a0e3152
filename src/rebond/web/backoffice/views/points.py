"""How goods travel back, at the desk: the places on the list, and the way of one return."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from rebond.domain.shipping.actions import choose_method, replace_points
from rebond.domain.shipping.errors import PointsUnreadable
from rebond.domain.shipping.methods import telling_carrier
from rebond.domain.shipping.point_files import COLUMNS, MOST_BYTES, points_in
from rebond.domain.shipping.ports import carriers
from rebond.domain.shops.access import Right
from rebond.kernel.errors import RebondError
from rebond.web.backoffice.access import DeskRequest, at_desk
from rebond.web.backoffice.queries.one_return import find_return
from rebond.web.backoffice.queries.parcels import MOST_POINTS_SHOWN, point_counts, points_shown
from rebond.web.backoffice.views.pages import show
from rebond.web.backoffice.views.returns import return_page
from rebond.web.backoffice.views.steps import back_to
from rebond.web.ui.words import point_problem


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Right.CONFIGURE)
def points(request: DeskRequest) -> HttpResponse:
    """The places where customers hand something in, and a file that takes their place."""
    if request.method != "POST":
        return _page(request)
    upload = request.FILES.get("file")
    if upload is None:
        return _page(request, problems=[{"line": 0, "problem": "none"}], status=422)
    try:
        count = replace_points(request.shop, points_in(upload.read(MOST_BYTES + 1)), by=request.by)
    except PointsUnreadable as refused:
        problems: Any = refused.facts["problems"]
        return _page(request, problems=problems, status=422)
    messages.success(request, _("The list is replaced: {n} places.").format(n=count))
    return redirect("backoffice:points", slug=request.shop.slug)


@require_POST
@at_desk(Right.DECIDE)
def choose(request: DeskRequest, number: str) -> HttpResponse:
    """Choose for the customer how the goods travel back."""
    rma = find_return(request.shop, number)
    try:
        choose_method(rma.pk, method=request.POST.get("method", ""), by=request.by)
    except RebondError as refusal:
        return return_page(request, find_return(request.shop, number), refusal=refusal)
    messages.success(request, _("Noted."))
    return back_to(rma)


def _page(
    request: DeskRequest, *, problems: list[dict[str, object]] | None = None, status: int = 200
) -> HttpResponse:
    teller = telling_carrier(request.shop)
    page = {
        "teller": carriers[teller].title if teller else "",
        "points": points_shown(request.shop),
        "counts": point_counts(request.shop),
        "most": MOST_POINTS_SHOWN,
        "columns": COLUMNS,
        "problems": [
            {"line": one["line"], "words": point_problem(str(one["problem"]))}
            for one in problems or []
        ],
    }
    return show(request, "points.html", page, status=status)
