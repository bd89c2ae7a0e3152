"""Another size, colour or article instead of the money: chosen on the page of the return."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rebond.domain.exchanges.actions import BEFORE_SETTLEMENT, agree_exchange
from rebond.domain.exchanges.queries import exchange_of
from rebond.domain.policies.facts import GOODS_INSTEAD
from rebond.domain.refunds.ways import Channel, Yes
from rebond.domain.returns.models import Return
from rebond.domain.returns.states import MoneyState
from rebond.kernel.errors import RebondError
from rebond.web.portal.access import ShopRequest, Visit, with_return
from rebond.web.ui.instead import InsteadForm, instead_form
from rebond.web.ui.refusals import STATUS
from rebond.web.ui.words import refusal_sentence

MOST_TYPED = 80


@require_http_methods(["GET", "HEAD", "POST"])
@with_return
def choose(request: ShopRequest, visit: Visit) -> HttpResponse:
    """Choose other goods. They are held at once; the money stays the way out."""
    if not can_be_exchanged(visit.rma):
        return redirect("portal:return", slug=request.shop.slug, token=visit.token)
    typed = request.POST if request.method == "POST" else request.GET
    form = instead_form(visit.rma, typed, search=typed.get("q", "")[:MOST_TYPED])
    if request.method != "POST":
        return _page(request, visit, form)
    if not form.is_valid():
        return _page(request, visit, form, status=422)
    shopper = visit.rma.shopper
    name = (shopper.email or shopper.name if shopper else "") or visit.rma.number
    try:
        agree_exchange(visit.rma.pk, form.wishes, Yes(Channel.LINK, name), by="shopper")
    except RebondError as error:
        return _page(request, visit, form, refused=error)
    messages.success(request, _("We keep it for you. Please send the article back now."))
    return redirect("portal:return", slug=request.shop.slug, token=visit.token)


def can_be_exchanged(rma: Return) -> bool:
    """Whether other goods can still be chosen: nothing is decided, none are chosen yet."""
    is_early = rma.request_state in BEFORE_SETTLEMENT and rma.money_state == MoneyState.NONE
    if rma.order is None or rma.is_gift or rma.keeps_goods or not is_early or not _is_offered(rma):
        return False
    if rma.is_repair:
        return False
    exchange = exchange_of(rma)
    return exchange is None or exchange.state in {"lapsed", "cancelled"}


def _is_offered(rma: Return) -> bool:
    """Whether the terms of the return allow it; terms that say nothing do."""
    terms = rma.terms.get("terms", {})
    offered = terms.get("outcomes")
    every = [offered or (), *(terms.get("line_outcomes") or {}).values()]
    return offered is None or any(GOODS_INSTEAD & set(one) for one in every)


def _page(
    request: ShopRequest,
    visit: Visit,
    form: InsteadForm,
    *,
    status: int = 200,
    refused: RebondError | None = None,
) -> HttpResponse:
    page = {
        "visit": visit,
        "rma": visit.rma,
        "form": form,
        "refused": refusal_sentence(refused) if refused else form.error,
    }
    return render(
        request, "portal/exchange.html", page, status=STATUS[refused.kind] if refused else status
    )
