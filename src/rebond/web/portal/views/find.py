"""The front page: find an order."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from rebond.domain.policies.queries import policy_in_force
from rebond.domain.returns.gifts import gift_terms
from rebond.domain.shipping.slip_codes import code_in, printed
from rebond.domain.shops.models import Shop
from rebond.kernel.clock import now
from rebond.kernel.files import content_of
from rebond.web.portal.access import (
    GIFT_ORDERS,
    GIFT_RETURNS,
    GRANTS,
    PROOFS,
    ShopRequest,
    find_order,
    grant,
    in_shop,
    order_key,
    postcode_key,
)
from rebond.web.portal.forms.find import LONGEST_NUMBER, FindForm
from rebond.web.portal.limits import guess_of
from rebond.web.portal.looks import sheet_of
from rebond.web.portal.promises import promises_of
from rebond.web.portal.views.files import picture


@require_http_methods(["GET", "HEAD", "POST"])
@in_shop
def start(request: ShopRequest) -> HttpResponse:
    """Show the two fields, or open the order that they name."""
    if request.method == "POST":
        return find(request)
    code = code_in(request.GET.get("code", ""))
    number = printed(code) if code else request.GET.get("number", "")[:LONGEST_NUMBER]
    return _page(request, FindForm(initial={"number": number}), status=200)


@require_safe
@in_shop
def colours(request: ShopRequest) -> HttpResponse:
    """The shop's own colours as a style sheet."""
    response = HttpResponse(sheet_of(request.shop.colours), content_type="text/css")
    response.headers["Cache-Control"] = "private, max-age=300"
    return response


@require_safe
@in_shop
def logo(request: ShopRequest) -> HttpResponse:
    """The shop's own logo, where it has one."""
    if not request.shop.logo:
        raise Http404
    response = picture(content_of(request.shop.logo))
    response.headers["Cache-Control"] = "private, max-age=300"
    return response


def find(request: ShopRequest) -> HttpResponse:
    """Open the order that was named and proven, or show the front page with what is wrong."""
    form = FindForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    number, proof = form.cleaned_data["number"], form.cleaned_data["proof"]
    guess = guess_of(request, request.shop, order=order_key(number), proof=postcode_key(proof))
    if guess.wait_seconds:
        return too_many(request, guess.wait_seconds)
    order = find_order(request.shop, number, proof)
    if order is None:
        guess.failed()
        form.add_error(
            None,
            _(
                "We could not find this order. Please check the number and the e-mail address "
                "or postcode."
            ),
        )
        return _page(request, form, status=422)
    grant(request, order)
    return redirect("portal:order", slug=request.shop.slug, number=order.number)


def too_many(request: ShopRequest, seconds: int) -> HttpResponse:
    """Ask for a pause."""
    page = {"minutes": -(-seconds // 60)}
    response = render(request, "portal/too_many.html", page, status=429)
    response.headers["Retry-After"] = str(seconds)
    return response


@require_http_methods(["POST"])
@in_shop
def leave(request: ShopRequest) -> HttpResponse:
    """Forget the orders that this session found."""
    for name in (GRANTS, PROOFS, GIFT_ORDERS, GIFT_RETURNS, "portal_drafts", "portal_code"):
        request.session.pop(name, None)
    messages.success(request, _("Your order is closed on this device."))
    return redirect("portal:start", slug=request.shop.slug)


def _page(request: ShopRequest, form: FindForm, *, status: int) -> HttpResponse:
    shop: Shop = request.shop
    gifts = gift_terms(policy_in_force(shop, now()))
    page = {"form": form, "promises": promises_of(shop, now()), "gifts": gifts}
    return render(request, "portal/start.html", page, status=status)
