"""How the goods of a return travel back, and where they are handed in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rebond.domain.returns.models import Return
from rebond.domain.shipping.actions import choose_method
from rebond.domain.shipping.methods import PICKUP, chosen_of, may_choose
from rebond.domain.shipping.models import ReturnPoint
from rebond.domain.shipping.pickups import pickup_is_offered
from rebond.domain.shipping.places import AT_A_POINT, has_points, points_near
from rebond.kernel.errors import RebondError
from rebond.web.portal.access import ShopRequest, Visit, with_return
from rebond.web.portal.ways import choose_way, rows_of
from rebond.web.ui.refusals import STATUS
from rebond.web.ui.words import refusal_sentence

LONGEST_POSTCODE = 12


@require_http_methods(["GET", "HEAD", "POST"])
@with_return
def ways(request: ShopRequest, visit: Visit) -> HttpResponse:
    """Choose how the goods travel back; next, where they are handed in."""
    rma = visit.rma
    if not rows_of(rma) or not may_choose(rma):
        return _to_return(request, visit)
    if request.method != "POST":
        return _ways_page(request, visit)
    method = request.POST.get("method", "")
    try:
        choose_way(rma, method, by="shopper")
    except RebondError as refused:
        return _ways_page(request, visit, refused=refused)
    if method in AT_A_POINT and _has_choice(rma, method):
        return redirect("portal:points", slug=request.shop.slug, token=visit.token)
    if method == PICKUP and visit.sees_all and pickup_is_offered(rma):
        return redirect("portal:pickup", slug=request.shop.slug, token=visit.token)
    messages.success(request, _("Noted: that is how you send it."))
    return _to_return(request, visit)


@require_http_methods(["GET", "HEAD", "POST"])
@with_return
def points(request: ShopRequest, visit: Visit) -> HttpResponse:
    """Choose where the goods are handed in, the nearest place first."""
    rma = visit.rma
    chosen = chosen_of(rma)
    if chosen is None or not may_choose(rma) or not has_points(rma.shop, chosen.method):
        return _to_return(request, visit)
    if request.method != "POST":
        return _points_page(request, visit, chosen.method)
    try:
        point_id = UUID(request.POST.get("point", ""))
    except ValueError:
        return _points_page(request, visit, chosen.method, is_missing=True)
    try:
        choose_method(rma.pk, method=chosen.method, point_id=point_id, by="shopper")
    except RebondError as refused:
        return _points_page(request, visit, chosen.method, refused=refused)
    messages.success(request, _("Noted: that is where you hand it in."))
    return _to_return(request, visit)


def _has_choice(rma: Return, method: str) -> bool:
    known = chosen_of(rma)
    return has_points(rma.shop, method) and not (known and known.point)


def _ways_page(
    request: ShopRequest, visit: Visit, *, refused: RebondError | None = None
) -> HttpResponse:
    page: dict[str, Any] = {
        "visit": visit,
        "rma": visit.rma,
        "rows": rows_of(visit.rma),
        "way": chosen_of(visit.rma),
        "currency": visit.rma.order.currency if visit.rma.order else request.shop.currency,
        "refused": refusal_sentence(refused) if refused else "",
    }
    status = STATUS[refused.kind] if refused else 200
    return render(request, "portal/sending.html", page, status=status)


def _points_page(
    request: ShopRequest,
    visit: Visit,
    method: str,
    *,
    is_missing: bool = False,
    refused: RebondError | None = None,
) -> HttpResponse:
    postcode = request.POST.get("postcode", request.GET.get("postcode"))
    if postcode is None:
        postcode = _own_postcode(visit)
    postcode = postcode.strip()[:LONGEST_POSTCODE]
    chosen, near = chosen_of(visit.rma), points_near(visit.rma, method, postcode)
    page: dict[str, Any] = {
        "visit": visit,
        "rma": visit.rma,
        "method": method,
        "postcode": postcode,
        "near": near,
        "is_far": bool(near) and near[0].metres is None and isinstance(near[0].point, ReturnPoint),
        "chosen_id": chosen.point.get("id", "") if chosen else "",
        "is_missing": is_missing,
        "refused": refusal_sentence(refused) if refused else "",
    }
    status = STATUS[refused.kind] if refused else 422 if is_missing else 200
    return render(request, "portal/points.html", page, status=status)


def _own_postcode(visit: Visit) -> str:
    """The postcode of the delivery, for nobody but who may see the address."""
    order = visit.rma.order
    return order.postcode_key.upper() if order and visit.sees_all and not visit.rma.is_gift else ""


def _to_return(request: ShopRequest, visit: Visit) -> HttpResponse:
    return redirect("portal:return", slug=request.shop.slug, token=visit.token)
