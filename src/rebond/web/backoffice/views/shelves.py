"""Stock: what stands where, how it came there, and corrections by hand."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from rebond.domain.shops.access import Right
from rebond.domain.warehouse.actions import add_location, adjust_stock
from rebond.domain.warehouse.errors import DetailMissing
from rebond.domain.warehouse.kinds import Place
from rebond.domain.warehouse.models import Balance, Location, Movement
from rebond.kernel.errors import RebondError
from rebond.outbound.stock.queries import open_counts
from rebond.web.backoffice.access import DeskRequest, at_desk
from rebond.web.backoffice.views.pages import show

MOST_BALANCES = 200
MOST_MOVEMENTS = 50


@require_safe
@at_desk(Right.RECEIVE)
def stock(request: DeskRequest) -> HttpResponse:
    """What stands at each place, and the last movements."""
    return _stock(request)


@require_POST
@at_desk(Right.RECEIVE)
def new_location(request: DeskRequest) -> HttpResponse:
    """Name a place."""
    try:
        place = request.POST.get("place", "")
        if place not in set(Place):
            raise DetailMissing()
        add_location(request.shop, request.POST.get("name", ""), Place(place), by=request.by)
    except RebondError as refusal:
        return _stock(request, refusal=refusal)
    messages.success(request, _("Place added."))
    return redirect("backoffice:stock", slug=request.shop.slug)


@require_POST
@at_desk(Right.RECEIVE)
def correct(request: DeskRequest) -> HttpResponse:
    """Correct what stands somewhere, with a reason."""
    sent = request.POST
    try:
        adjust_stock(
            request.shop,
            _location(request),
            sent.get("sku", ""),
            _signed(sent.get("pieces", "")),
            why=sent.get("why", ""),
            by=request.by,
        )
    except RebondError as refusal:
        return _stock(request, refusal=refusal)
    messages.success(request, _("Stock corrected."))
    return redirect("backoffice:stock", slug=request.shop.slug)


def _stock(request: DeskRequest, *, refusal: RebondError | None = None) -> HttpResponse:
    here = Balance.objects.filter(shop=request.shop, pieces__gt=0).select_related("location")
    moves = Movement.objects.filter(shop=request.shop).select_related(
        "location", "unit__inspection__line__rma"
    )
    page = {
        "balances": here.order_by("location__name", "sku")[:MOST_BALANCES],
        "movements": moves.order_by("-at", "-id")[:MOST_MOVEMENTS],
        "locations": list(Location.objects.filter(shop=request.shop).order_by("name")),
        "places": list(Place),
        "refused_reports": open_counts(request.shop)["refused"],
        "typed": request.POST,
    }
    return show(request, "warehouse_stock.html", page, refusal=refusal)


def _location(request: DeskRequest) -> UUID:
    try:
        wanted = UUID(request.POST.get("location", ""))
    except ValueError:
        raise DetailMissing() from None
    if not Location.objects.filter(shop=request.shop, pk=wanted).exists():
        raise Http404
    return wanted


def _signed(text: str) -> int:
    """A whole number with its sign; 0, which is refused, where it is none."""
    plain = text.strip().replace("−", "-").removeprefix("+")
    digits = plain.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 8):
        return 0
    return int(plain)
