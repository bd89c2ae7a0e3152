"""A present comes back: by who got it, without the buyer, for a card or credit of their own."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from rebond.domain.orders.gift_codes import is_gift_code
from rebond.domain.orders.models import Order
from rebond.domain.policies.queries import policy_for, policy_in_force
from rebond.domain.policies.rules.gifts import Settings
from rebond.domain.refunds.queries import Preview, preview_of
from rebond.domain.returns.actions import request_return
from rebond.domain.returns.gifts import Gift, gift_terms
from rebond.domain.returns.models import Reason, Return
from rebond.kernel.clock import now
from rebond.kernel.errors import RebondError
from rebond.web.portal.access import (
    GIFT_ORDERS,
    GIFT_RETURNS,
    ShopRequest,
    grant_in,
    in_shop,
    is_granted_in,
    lost,
    order_key,
    postcode_key,
)
from rebond.web.portal.forms.choose import families_of, fitting_in
from rebond.web.portal.forms.gift import GiftForm, OpenGiftForm
from rebond.web.portal.limits import guess_of
from rebond.web.portal.views.find import too_many
from rebond.web.ui.refusals import STATUS
from rebond.web.ui.words import refusal_sentence


@require_http_methods(["GET", "HEAD", "POST"])
@in_shop
def find(request: ShopRequest) -> HttpResponse:
    """Open an order as who got it as a present."""
    terms = _terms(request)
    if terms is None:
        return lost(request)
    form = OpenGiftForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _find_page(request, form, terms)
    if not form.is_valid():
        return _find_page(request, form, terms, status=422)
    number, proof = form.cleaned_data["number"], form.cleaned_data["proof"]
    guess = guess_of(request, request.shop, order=order_key(number), proof=postcode_key(proof))
    if guess.wait_seconds:
        return too_many(request, guess.wait_seconds)
    order = _order_behind(request, number, proof, terms)
    if order is None:
        guess.failed()
        form.add_error(
            None, _("We could not find this present. Please check the number and the code.")
        )
        return _find_page(request, form, terms, status=422)
    grant_in(request, GIFT_ORDERS, order.pk)
    return redirect("portal:gift_order", slug=request.shop.slug, number=order.number)


@require_http_methods(["GET", "HEAD", "POST"])
@in_shop
def choose(request: ShopRequest, number: str) -> HttpResponse:
    """What comes back, why, and whom the value goes to; never what was paid."""
    terms = _terms(request)
    order = (
        Order.objects.select_related("shop", "shopper")
        .filter(shop=request.shop, number_key=number.lower())
        .first()
    )
    if terms is None or order is None or not is_granted_in(request, GIFT_ORDERS, order.pk):
        return lost(request)
    lines = [
        line
        for line in order.lines.order_by("position")
        if line.delivered_quantity > line.returned_quantity
    ]
    reasons = list(
        Reason.objects.filter(shop=request.shop, is_active=True).order_by("position", "code")
    )
    by_code = {reason.code: reason for reason in reasons}
    form = GiftForm(lines, by_code, request.POST if request.method == "POST" else None)
    page = _Page(request, order, terms, form, reasons)
    if request.method != "POST":
        return page.shown()
    if not form.is_valid():
        return page.shown(status=422)
    try:
        asked = _ask_policy(order, form)
        if asked.is_declined or "look" in request.POST or not request.POST.get("sure"):
            return page.shown(asked=asked, status=409 if asked.is_declined else 200)
        rma = _send(request, order, form, terms)
    except RebondError as refusal:
        return page.shown(refused=refusal)
    grant_in(request, GIFT_RETURNS, rma.pk)
    return redirect("portal:return", slug=request.shop.slug, token=rma.number)


class _Page:
    """The page of one present, as often as it has to be shown."""

    def __init__(
        self,
        request: ShopRequest,
        order: Order,
        terms: Settings,
        form: GiftForm,
        reasons: list[Reason],
    ) -> None:
        self.request, self.order, self.terms, self.form = request, order, terms, form
        self.families = families_of(fitting_in(reasons, ""), language=request.LANGUAGE_CODE)

    def shown(
        self,
        *,
        asked: Preview | None = None,
        refused: RebondError | None = None,
        status: int = 200,
    ) -> HttpResponse:
        """The form; with what the policy ``asked`` says of it, a button that sends it."""
        page: dict[str, Any] = {
            "present": self.order,
            "form": self.form,
            "families": self.families,
            "gift": self.terms,
            "asked": asked,
            "value_minor": _value(asked) if asked and self.terms.shows_value else None,
            "refused": refusal_sentence(refused) if refused else "",
        }
        shown = STATUS[refused.kind] if refused else status
        return render(self.request, "portal/gift/choose.html", page, status=shown)


def _terms(request: ShopRequest) -> Settings | None:
    return gift_terms(policy_in_force(request.shop, now()))


def _order_behind(request: ShopRequest, number: str, proof: str, terms: Settings) -> Order | None:
    """The order ``number`` if ``proof`` fits; wrong and unknown take the same steps."""
    found = Order.objects.select_related("shop").filter(
        shop=request.shop, number_key=order_key(number)
    )
    order = found.first()
    asked = order if order is not None else Order(shop=request.shop)
    is_code = is_gift_code(asked, proof)
    typed = postcode_key(proof)
    is_postcode = bool(typed) and asked.postcode_key == typed
    fits = is_code or (is_postcode and terms.proof == "code_or_postcode")
    return order if fits else None


def _find_page(
    request: ShopRequest, form: OpenGiftForm, terms: Settings, *, status: int = 200
) -> HttpResponse:
    return render(request, "portal/gift/find.html", {"form": form, "gift": terms}, status=status)


def _ask_policy(order: Order, form: GiftForm) -> Preview:
    moment = now()
    policy = policy_for(order, moment)
    return preview_of(order, form.wishes, policy=policy, asked_at=moment, is_gift=True)


def _send(request: ShopRequest, order: Order, form: GiftForm, terms: Settings) -> Return:
    values = form.cleaned_data
    moment = now()
    return request_return(
        order,
        form.wishes,
        policy=policy_for(order, moment),
        asked_at=moment,
        language=request.LANGUAGE_CODE,
        by="shopper",
        origin="gift",
        gift=Gift(values["name"], values["email"], terms.paid_as, terms.shows_value),
    )


def _value(asked: Preview) -> int | None:
    return int(asked.breakdown["total_minor"]) if asked.breakdown else None
