"""Prove to read a mailbox with a one-time code: for all its orders, or for what is masked."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rebond.domain.orders.models import Order
from rebond.domain.proofs.actions import LASTS, ask_code, use_code
from rebond.domain.proofs.errors import TooManyCodes
from rebond.kernel.clock import now
from rebond.web.portal.access import (
    ShopRequest,
    Visit,
    in_shop,
    lost,
    prove,
    proven_mailbox,
    with_return,
)
from rebond.web.portal.forms.mailbox import CodeForm, MailboxForm
from rebond.web.portal.limits import code_guess_of
from rebond.web.portal.views.find import too_many
from rebond.web.ui.letters import letters_leave

ASKED = "portal_code"
MOST_ORDERS = 50
AN_HOUR = 3600


@require_http_methods(["GET", "HEAD", "POST"])
@in_shop
def ask(request: ShopRequest) -> HttpResponse:
    """Ask for a code for a mailbox. The answer is the same whether the shop knows it or not."""
    if not letters_leave():
        return _ask_page(request, MailboxForm(), status=200 if request.method != "POST" else 503)
    form = MailboxForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _ask_page(request, form)
    if not form.is_valid():
        return _ask_page(request, form, status=422)
    return _send_code(request, form.cleaned_data["email"], back_to="")


@require_POST
@with_return
def ask_for_return(request: ShopRequest, visit: Visit) -> HttpResponse:
    """Ask for a code for the mailbox of the return's shopper, who is not named."""
    if visit.sees_all:
        return redirect("portal:return", slug=request.shop.slug, token=visit.token)
    if not letters_leave():
        return redirect("portal:mailbox", slug=request.shop.slug)
    shopper = visit.rma.shopper
    email = shopper.email if shopper is not None else ""
    return _send_code(request, email, back_to=visit.rma.number)


@require_http_methods(["GET", "HEAD", "POST"])
@in_shop
def enter(request: ShopRequest) -> HttpResponse:
    """Type the code that was mailed."""
    asked = request.session.get(ASKED, {})
    if asked.get("shop") != str(request.shop.pk):
        return redirect("portal:mailbox", slug=request.shop.slug)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _code_page(request, form)
    if not form.is_valid():
        return _code_page(request, form, status=422)
    guess = code_guess_of(request, request.shop)
    if guess.wait_seconds:
        return too_many(request, guess.wait_seconds)
    code_id = UUID(hex=asked["id"])
    if not use_code(request.shop, code_id, form.cleaned_data["code"], moment=now()):
        guess.failed()
        form.add_error(
            "code",
            _("This is not the code, or it no longer works. Please look again, or ask anew."),
        )
        return _code_page(request, form, status=422)
    del request.session[ASKED]
    prove(request, code_id)
    if asked["back_to"]:
        return redirect("portal:return", slug=request.shop.slug, token=asked["back_to"])
    return redirect("portal:own_orders", slug=request.shop.slug)


@require_safe
@in_shop
def own_orders(request: ShopRequest) -> HttpResponse:
    """All orders of the mailbox that this session proved to read, the newest first."""
    mailbox = proven_mailbox(request)
    if not mailbox:
        return lost(request)
    found = (
        Order.objects.filter(shop=request.shop, shopper__email_key=mailbox)
        .prefetch_related("lines")
        .order_by("-ordered_at", "-id")[: MOST_ORDERS + 1]
    )
    page = {
        "orders": found[:MOST_ORDERS],
        "has_several": len(found) > 1,
        "is_cut": len(found) > MOST_ORDERS,
    }
    return render(request, "portal/mailbox/orders.html", page)


def _send_code(request: ShopRequest, email: str, *, back_to: str) -> HttpResponse:
    guess = code_guess_of(request, request.shop)
    if guess.wait_seconds:
        return too_many(request, guess.wait_seconds)
    guess.failed()
    try:
        code = ask_code(request.shop, email, language=request.LANGUAGE_CODE, asked_at=now())
    except TooManyCodes:
        return too_many(request, AN_HOUR)
    request.session[ASKED] = {
        "shop": str(request.shop.pk),
        "id": code.pk.hex,
        "back_to": back_to,
    }
    return redirect("portal:mailbox_code", slug=request.shop.slug)


def _ask_page(request: ShopRequest, form: MailboxForm, *, status: int = 200) -> HttpResponse:
    return render(request, "portal/mailbox/ask.html", {"form": form}, status=status)


def _code_page(request: ShopRequest, form: CodeForm, *, status: int = 200) -> HttpResponse:
    minutes = int(LASTS.total_seconds()) // 60
    page = {"form": form, "minutes": minutes}
    return render(request, "portal/mailbox/code.html", page, status=status)
