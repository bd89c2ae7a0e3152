"""The board of everything that is due, by law or by the shop's own word."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from rebond.domain.duties.kinds import DutyKind
from rebond.domain.duties.queries import counts_of
from rebond.domain.shops.access import Right
from rebond.kernel.clock import today
from rebond.web.backoffice.access import DeskRequest, at_desk
from rebond.web.backoffice.queries.duties import board_of
from rebond.web.backoffice.views.pages import show


@require_GET
@at_desk(Right.SEE)
def board(request: DeskRequest) -> HttpResponse:
    """What is due, the most urgent first; what is late, and what it costs."""
    day = today(request.shop.time_zone)
    kind = request.GET.get("kind", "")
    page = {
        "board": board_of(request.shop, day, kind=kind, place=request.GET.get("from", "")),
        "kinds": [one.value for one in DutyKind],
        "kind": kind,
        "counts": counts_of(request.shop, day),
        "place": request.GET.get("from", ""),
    }
    return show(request, "duties.html", page)
