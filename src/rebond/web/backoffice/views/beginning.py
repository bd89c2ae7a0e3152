"""The first start: five steps from an empty installation to a first return, paid and closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rebond.domain.orders.actions import enter_order
from rebond.domain.orders.models import Order
from rebond.domain.orders.new import (
    TEST_SOURCE,
    NewCharge,
    NewLine,
    NewOrder,
    NewPayment,
    NewShopper,
)
from rebond.domain.policies.actions import publish_policy
from rebond.domain.policies.presets import PRESETS
from rebond.domain.policies.queries import version_in_force
from rebond.domain.returns.actions import set_up_reasons
from rebond.domain.returns.default_reasons import DEFAULT_REASONS
from rebond.domain.returns.models import Return
from rebond.domain.returns.states import RequestState
from rebond.domain.shops.access import Right
from rebond.domain.shops.actions import begin as begin_shop
from rebond.domain.shops.addresses import home_of
from rebond.domain.shops.models import Shop
from rebond.kernel.clock import now, today
from rebond.kernel.errors import RebondError
from rebond.kernel.money import exponent_of
from rebond.kernel.tenancy import all_shops
from rebond.web.backoffice import first_key
from rebond.web.backoffice.access import DeskRequest, at_desk
from rebond.web.backoffice.forms.settings import BeginForm
from rebond.web.backoffice.policy.words import PRESET_WORDS
from rebond.web.backoffice.sessions import let_in
from rebond.web.backoffice.views.pages import show
from rebond.web.backoffice.views.policies import in_words
from rebond.web.ui.letters import letters_leave
from rebond.web.ui.words import active_language

TEST_NUMBER = "TEST-1"


@dataclass(frozen=True)
class Steps:
    """How far a shop is: each step is true once it is done."""

    shop: bool
    policy: bool
    order: Order | None
    test_return: Return | None

    @property
    def is_through(self) -> bool:
        """Whether a return went the whole way."""
        return (
            self.test_return is not None and self.test_return.request_state == RequestState.CLOSED
        )

    @property
    def next(self) -> str:
        """The first step that is still open."""
        if not self.shop:
            return "shop"
        if not self.policy:
            return "policy"
        if self.order is None:
            return "order"
        if self.test_return is None:
            return "return"
        return "done" if self.is_through else "way"


@dataclass(frozen=True)
class Readiness:
    """What customers need beyond the steps: each is true once it is there."""

    mail: bool
    address: bool
    orders: bool
    legal: bool


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@all_shops()
def begin(request: HttpRequest) -> HttpResponse:
    """The first person and the first shop: with the key, and only while nobody is here."""
    if not first_key.is_first_start():
        return redirect("backoffice:home")
    key = request.POST.get("key") or request.GET.get("key", "")
    if not first_key.fits(key):
        return render(
            request, "backoffice/begin_key.html", {"key": key}, status=403 if key else 200
        )
    form = BeginForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(request, "backoffice/begin.html", {"form": form, "key": key}, status=status)
    told = form.cleaned_data
    language = active_language()
    shop, owner = begin_shop(
        form.shop_fields(language),
        email=told["email"],
        name=told["name"],
        password=told["password"],
        language=language,
    )
    set_up_reasons(shop, DEFAULT_REASONS)
    let_in(request, owner.user, with_factor=False)
    return redirect("backoffice:first_steps", slug=shop.slug)


@require_GET
@at_desk(Right.CONFIGURE)
def steps(request: DeskRequest) -> HttpResponse:
    """What is done, and what comes next."""
    return show(request, "first_steps.html", _page(request))


@require_POST
@at_desk(Right.CONFIGURE)
def choose_policy(request: DeskRequest) -> HttpResponse:
    """Put a ready-made policy in force."""
    preset = request.POST.get("preset", "")
    if preset not in PRESETS:
        raise Http404
    try:
        publish_policy(request.shop, in_words(PRESETS[preset]), note="", by=request.by)
    except RebondError as refusal:
        return show(request, "first_steps.html", _page(request), refusal=refusal)
    messages.success(request, _("Your policy is in force. You can change it at any time."))
    return redirect("backoffice:first_steps", slug=request.shop.slug)


@require_POST
@at_desk(Right.CONFIGURE)
def test_order(request: DeskRequest) -> HttpResponse:
    """An order to try everything with, bought by whoever asks, delivered three days ago."""
    if not Order.objects.filter(shop=request.shop, number=TEST_NUMBER).exists():
        enter_order(
            request.shop,
            _an_order(request.shop, request.user.email, request.user.name),
            source=TEST_SOURCE,
            by=request.by,
        )
        messages.success(request, _("The test order is there."))
    return redirect("backoffice:first_steps", slug=request.shop.slug)


def steps_of(shop: Shop) -> Steps:
    """How far ``shop`` is on the way to its first return."""
    order = Order.objects.filter(shop=shop).order_by("-ordered_at").first()
    returns = Return.objects.filter(shop=shop).order_by("-requested_at", "-id")
    closed = returns.filter(request_state=RequestState.CLOSED).first()
    return Steps(
        shop=bool(shop.return_address and shop.legal.get("address")),
        policy=version_in_force(shop, now()) is not None,
        order=order,
        test_return=closed or returns.first(),
    )


def is_beginning(shop: Shop) -> bool:
    """Whether ``shop`` has no order of a customer yet."""
    return not Order.objects.filter(shop=shop).exclude(source=TEST_SOURCE).exists()


def _page(request: DeskRequest) -> dict[str, Any]:
    shop = request.shop
    portal = home_of(shop)
    return {
        "done": steps_of(shop),
        "ready": Readiness(
            mail=letters_leave(),
            address=portal.startswith("https://"),
            orders=not is_beginning(shop),
            legal=bool(shop.legal.get("host") and shop.legal.get("mediator")),
        ),
        "presets": [(key, _(name), _(words)) for key, (name, words) in PRESET_WORDS.items()],
        "portal": portal,
        "test_number": TEST_NUMBER,
        "test_email": request.user.email,
    }


def _an_order(shop: Shop, email: str, name: str) -> NewOrder:
    unit = 10 ** exponent_of(shop.currency)
    lines = (
        NewLine("TEST-SHIRT", _("Test shirt, blue, M"), 1, 39 * unit),
        NewLine("TEST-MUG", _("Test mug"), 2, 24 * unit),
    )
    charge = NewCharge(_("Delivery"), 5 * unit)
    total = sum(line.total_minor for line in lines) + charge.amount_minor
    bought = now() - timedelta(days=6)
    return NewOrder(
        number=TEST_NUMBER,
        currency=shop.currency,
        ordered_at=bought,
        shopper=NewShopper(email, name, country=shop.country, language=shop.language),
        lines=lines,
        charges=(charge,),
        payments=(NewPayment("paper", "card", TEST_NUMBER, total),),
        delivered_on=today(shop.time_zone) - timedelta(days=3),
        derived=("test",),
    )
