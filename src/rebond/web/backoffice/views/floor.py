"""The warehouse's home, and the receiving desk: one field for whatever is scanned."""

from datetime import datetime
from uuid import UUID, uuid4

from csp.constants import WASM_UNSAFE_EVAL
from csp.decorators import csp_update
from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_POST, require_safe

from rebond.domain.shops.access import Right
from rebond.domain.warehouse.actions import NewScan, match_parcel, take_scan
from rebond.domain.warehouse.kinds import Command
from rebond.domain.warehouse.models import LooseParcel, Scan
from rebond.kernel.clock import now
from rebond.kernel.errors import RebondError
from rebond.web.backoffice.access import DeskRequest, at_desk
from rebond.web.backoffice.queries.floor import HEIGHT, WIDTH, bench_of, home_of
from rebond.web.backoffice.views.pages import show

FROM_SCRIPT = "rebond-scan"
WASM = {"script-src": [WASM_UNSAFE_EVAL]}


@require_safe
@at_desk(Right.RECEIVE)
def home(request: DeskRequest) -> HttpResponse:
    """What arrived and what waits."""
    return _home(request)


@csp_update(WASM)
@require_safe
@at_desk(Right.RECEIVE)
def receiving(request: DeskRequest) -> HttpResponse:
    """The receiving desk. Without JavaScript the person is the station."""
    last = _scan_named(request, request.GET.get("last", ""))
    station = last.station if last else _station(request)
    page = {
        "last": last,
        "bench": bench_of(request.shop, station),
        "key": uuid4(),
        "station": station,
    }
    return show(request, "warehouse_receiving.html", page)


@require_POST
@at_desk(Right.RECEIVE)
def scan(request: DeskRequest) -> HttpResponse:
    """Take one scan; the same key again gets the same answer and changes nothing."""
    told = _told(request)
    if told is None:
        return HttpResponseBadRequest()
    made = take_scan(request.shop, told, by=request.by)
    if request.headers.get("X-Requested-With") == FROM_SCRIPT:
        bench = bench_of(request.shop, made.station)
        may = {right.value: True for right in request.rights}
        page = {"last": made, "bench": bench, "shop": request.shop, "may": may}
        return render(request, "backoffice/warehouse_heard.html", page)
    here = reverse("backoffice:receiving", kwargs={"slug": request.shop.slug})
    return redirect(f"{here}?last={made.pk}")


@require_POST
@at_desk(Right.RECEIVE)
def match(request: DeskRequest, parcel_id: UUID) -> HttpResponse:
    """Say whose parcel it is; then it can be received like any other."""
    if not LooseParcel.objects.filter(shop=request.shop, pk=parcel_id).exists():
        raise Http404
    try:
        found = match_parcel(request.shop, parcel_id, request.POST.get("number", ""), by=request.by)
    except RebondError as refusal:
        return _home(request, refusal=refusal)
    if found.rma is not None:
        return redirect("backoffice:return", slug=request.shop.slug, number=found.rma.number)
    assert found.order is not None
    return redirect("backoffice:order", slug=request.shop.slug, number=found.order.number)


def _home(request: DeskRequest, *, refusal: RebondError | None = None) -> HttpResponse:
    page = {"home": home_of(request.shop), "width": WIDTH, "height": HEIGHT}
    return show(request, "warehouse_home.html", page, refusal=refusal)


def _told(request: DeskRequest) -> NewScan | None:
    """What the station sent; None where it cannot be read."""
    sent = request.POST
    try:
        key, command = UUID(sent.get("key", "")), Command(sent.get("command", "code"))
    except ValueError:
        return None
    code = sent.get("code", "").strip() or (
        sent.get("last_code", "") if command is Command.SET_ASIDE else ""
    )
    if len(code) > 500 or "\0" in code:
        return None
    station = sent.get("station", "")[:40] or _station(request)
    return NewScan(key, station.replace("\0", ""), command, code, _moment(sent))


def _moment(sent: dict[str, str]) -> datetime:
    """The station's clock, ours where it says none or nonsense."""
    try:
        told = parse_datetime(sent.get("made_at", ""))
    except ValueError:
        told = None
    return told if told is not None and told.tzinfo is not None else now()


def _station(request: DeskRequest) -> str:
    return str(request.user.pk)


def _scan_named(request: DeskRequest, text: str) -> Scan | None:
    try:
        return Scan.objects.filter(shop=request.shop, pk=UUID(text)).first()
    except ValueError:
        return None
