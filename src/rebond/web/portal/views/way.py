"""Another way for money that could not reach the shopper: their own choice, by a safe link."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from rebond.domain.bank_transfers.actions import keep_account
from rebond.domain.ledger.terms import terms_of
from rebond.domain.refunds.actions import send_another_way
from rebond.domain.refunds.links import refund_behind
from rebond.domain.refunds.models import Refund
from rebond.domain.refunds.ways import Channel, ChosenWay, Way, Yes
from rebond.kernel.errors import RebondError
from rebond.web.portal.access import ShopRequest, in_shop, lost
from rebond.web.portal.forms.way import BANK, WayForm
from rebond.web.ui.refusals import STATUS
from rebond.web.ui.words import refusal_sentence


@require_http_methods(["GET", "HEAD", "POST"])
@in_shop
def choose_way(request: ShopRequest, token: str) -> HttpResponse:
    """Say where the money shall go; afterwards the same link says that it is on its way."""
    refund = refund_behind(request.shop, token)
    if refund is None:
        return lost(request)
    offers_bank = refund.currency == "EUR"
    form = WayForm(request.POST if request.method == "POST" else None, offers_bank=offers_bank)
    if not refund.waits_for_a_way or request.method != "POST":
        return _page(request, refund, form)
    if not form.is_valid():
        return _page(request, refund, form, status=422)
    try:
        send_another_way(refund.pk, _chosen(refund, form), by="shopper")
    except RebondError as error:
        return _page(request, refund, form, refused=error)
    return redirect("portal:way", slug=request.shop.slug, token=token)


def _chosen(refund: Refund, form: WayForm) -> ChosenWay:
    shopper = refund.settlement.recipient
    yes = Yes(Channel.LINK, shopper.email or shopper.name or refund.settlement.order.number)
    if form.way == BANK:
        account = keep_account(shopper, holder=form.holder, iban=form.iban, by="shopper")
        return ChosenWay(Way.BANK, destination=f"account:{account.pk}", yes=yes)
    bonus = terms_of(refund.shop_id).bonus_percent
    more = f"?bonus={bonus}" if bonus else ""
    return ChosenWay(
        Way.STORE_CREDIT,
        destination=f"shopper:{shopper.pk}{more}",
        bonus_percent=bonus,
        yes=yes,
    )


def _page(
    request: ShopRequest,
    refund: Refund,
    form: WayForm,
    *,
    status: int = 200,
    refused: RebondError | None = None,
) -> HttpResponse:
    bonus = terms_of(refund.shop_id).bonus_percent
    page = {
        "refund": refund,
        "form": form,
        "bonus": bonus,
        "credit_minor": refund.amount_minor + refund.amount_minor * bonus // 100,
        "refused": refusal_sentence(refused) if refused else "",
    }
    shown = STATUS[refused.kind] if refused else status
    return render(request, "portal/way.html", page, status=shown)
