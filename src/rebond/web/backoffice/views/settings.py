"""Settings: the shop itself, its looks, its people, its reasons, its articles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rebond.domain.products.actions import NewProduct, keep_products
from rebond.domain.products.models import Product
from rebond.domain.returns.errors import PhotoTooLarge, PhotoUnreadable
from rebond.domain.returns.images import clean_image
from rebond.domain.returns.models import Reason
from rebond.domain.returns.reasons import add_reason, change_reason, order_reasons
from rebond.domain.shops.access import Right, Role
from rebond.domain.shops.actions import change_place, change_shop, invite, require_second_factor
from rebond.domain.shops.addresses import home_of
from rebond.domain.shops.models import OwnRole, RoleTerms, Staff
from rebond.domain.sign_in.models import Factor
from rebond.kernel.errors import RebondError
from rebond.kernel.files import keep
from rebond.web.backoffice.access import DeskRequest, at_desk
from rebond.web.backoffice.forms.settings import (
    BrandForm,
    PersonForm,
    ProductForm,
    ReasonForm,
    ShopForm,
)
from rebond.web.backoffice.views.pages import show
from rebond.web.ui.words import active_language

USUAL_BRAND = "#0f6b57"
ROWS = 50


@require_GET
@at_desk(Right.CONFIGURE)
def index(request: DeskRequest) -> HttpResponse:
    """Everything that can be set, each with a sentence."""
    return show(request, "settings.html", {})


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Right.CONFIGURE)
def shop(request: DeskRequest) -> HttpResponse:
    """Names, languages, addresses, legal details."""
    typed = request.POST if request.method == "POST" else None
    is_first = "steps" in (request.GET.get("next"), request.POST.get("next"))
    form = ShopForm(request.shop, typed, is_first=is_first)
    page = {"form": form, "is_first": is_first}
    if request.method != "POST":
        return show(request, "settings_shop.html", page)
    if not form.is_valid():
        return show(request, "settings_shop.html", page, status=422)
    change_shop(request.shop, form.values, by=request.by)
    return _kept(request, "first_steps" if is_first else "settings_shop")


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Right.CONFIGURE)
def brand(request: DeskRequest) -> HttpResponse:
    """The shop's colour and logo."""
    colour = request.shop.colours.get("brand", USUAL_BRAND)
    page: dict[str, Any] = {"portal": home_of(request.shop)}
    if request.method != "POST":
        page["form"] = BrandForm(initial={"brand": colour})
        return show(request, "settings_brand.html", page)
    page["form"] = form = BrandForm(request.POST, request.FILES)
    if not form.is_valid():
        return show(request, "settings_brand.html", page, status=422)
    values: dict[str, Any] = {"colours": form.colours}
    try:
        values |= _logo(request, form)
    except (PhotoTooLarge, PhotoUnreadable) as refusal:
        return show(request, "settings_brand.html", page, refusal=refusal)
    change_shop(request.shop, values, by=request.by)
    return _kept(request, "settings_brand")


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Right.CONFIGURE, confirmed=True)
def people(request: DeskRequest) -> HttpResponse:
    """Who works here, and as what; somebody new gets a letter."""
    if request.method != "POST":
        return _people_page(request, PersonForm(initial={"role": Role.AGENT}))
    form = PersonForm(request.POST)
    kind = _kind(request)
    if not form.is_valid() or kind is None:
        return _people_page(request, form, status=422)
    told = form.cleaned_data
    try:
        invite(request.shop, email=told["email"], name=told["name"], by=request.by, **kind)
    except RebondError as refusal:
        return _people_page(request, form, refusal=refusal)
    messages.success(
        request,
        _("{name} may work here now. Somebody new gets a letter with a link.").format(
            name=told["name"]
        ),
    )
    return redirect("backoffice:settings_people", slug=request.shop.slug)


@require_POST
@at_desk(Right.CONFIGURE, confirmed=True)
def second_factor(request: DeskRequest) -> HttpResponse:
    """Say which roles need a second factor."""
    wanted = [role for role in Role if role.value in request.POST.getlist("roles")]
    require_second_factor(request.shop, wanted, by=request.by)
    return _kept(request, "settings_people")


@require_POST
@at_desk(Right.CONFIGURE, confirmed=True)
def person(request: DeskRequest, staff_id: UUID) -> HttpResponse:
    """Give somebody another role, or take their place away."""
    kind = _kind(request)
    found = Staff.objects.filter(shop=request.shop, pk=staff_id).first()
    if found is None or kind is None:
        raise Http404
    is_active = request.POST.get("do") != "end"
    try:
        change_place(request.shop, staff_id, is_active=is_active, by=request.by, **kind)
    except RebondError as refusal:
        return _people_page(request, PersonForm(), refusal=refusal)
    return _kept(request, "settings_people")


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Right.CONFIGURE)
def reasons(request: DeskRequest) -> HttpResponse:
    """All reasons as shoppers meet them; up and down change their order."""
    known = _reasons(request)
    if request.method == "POST":
        codes = _moved([r.code for r in known], request.POST.get("move", ""))
        order_reasons(request.shop, codes, by=request.by)
        return redirect("backoffice:settings_reasons", slug=request.shop.slug)
    language = active_language()
    below: dict[UUID, list[Any]] = {}
    for reason in known:
        if reason.parent_id is not None:
            below.setdefault(reason.parent_id, []).append((reason, reason.label(language)))
    rows = [
        (reason, reason.label(language), below.get(reason.pk, []))
        for reason in known
        if reason.parent_id is None
    ]
    return show(request, "settings_reasons.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Right.CONFIGURE)
def reason(request: DeskRequest, reason_id: UUID | None = None) -> HttpResponse:
    """One reason: its words and what it asks for."""
    known = _reasons(request)
    found = next((one for one in known if one.pk == reason_id), None)
    if reason_id is not None and found is None:
        raise Http404
    mains = [one for one in known if one.parent_id is None]
    data = request.POST if request.method == "POST" else None
    form = ReasonForm(found, mains, active_language(), data)
    page = {"form": form, "reason": found}
    if request.method != "POST":
        return show(request, "settings_reason.html", page)
    if not form.is_valid():
        return show(request, "settings_reason.html", page, status=422)
    try:
        if found is None:
            add_reason(request.shop, form.wish, by=request.by)
        else:
            change_reason(request.shop, found.pk, form.wish, by=request.by)
    except RebondError as refusal:
        return show(request, "settings_reason.html", page, refusal=refusal)
    return _kept(request, "settings_reasons")


@require_GET
@at_desk(Right.SEE)
def products(request: DeskRequest) -> HttpResponse:
    """Articles by stock code; searched by the beginning of the code or by words of the name."""
    wanted, after = request.GET.get("q", "").strip()[:80], request.GET.get("after", "")[:64]
    rows = Product.objects.filter(shop=request.shop, sku__gt=after).order_by("sku")
    if wanted:
        rows = rows.filter(Q(sku__istartswith=wanted) | Q(title__icontains=wanted))
    found = list(rows[: ROWS + 1])
    page = {
        "products": found[:ROWS],
        "q": wanted,
        "after": found[ROWS - 1].sku if len(found) > ROWS else "",
        "is_first": not after,
    }
    return show(request, "settings_products.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Right.CONFIGURE)
def product(request: DeskRequest, product_id: UUID) -> HttpResponse:
    """One article: what policies and parcels need to know of it."""
    found = Product.objects.filter(shop=request.shop, pk=product_id).first()
    if found is None:
        raise Http404
    form = ProductForm(found, request.POST if request.method == "POST" else None)
    page = {"form": form, "product": found}
    if request.method != "POST":
        return show(request, "settings_product.html", page)
    if not form.is_valid():
        return show(request, "settings_product.html", page, status=422)
    try:
        keep_products(request.shop, [NewProduct(sku=found.sku, **form.cleaned_data)], by=request.by)
    except RebondError as refusal:
        return show(request, "settings_product.html", page, refusal=refusal)
    return _kept(request, "settings_products")


def _logo(request: DeskRequest, form: BrandForm) -> dict[str, str]:
    upload = request.FILES.get("logo")
    if form.cleaned_data["no_logo"]:
        return {"logo": ""}
    if upload is None:
        return {}
    picture = clean_image(upload.read())
    return {"logo": keep(picture.jpeg, shop_id=request.shop.pk, folder="brand", suffix=".jpg")}


def _kind(request: DeskRequest) -> dict[str, Any] | None:
    """The role that was chosen: one of all shops, or one of this shop's own; None for neither."""
    text = request.POST.get("role", "")
    if text in list(Role):
        return {"role": Role(text)}
    own = next((o for o in OwnRole.objects.filter(shop=request.shop) if str(o.pk) == text), None)
    return None if own is None else {"role": Role(own.based_on), "own_role": own}


def _people_page(
    request: DeskRequest,
    form: PersonForm,
    *,
    status: int = 200,
    refusal: RebondError | None = None,
) -> HttpResponse:
    places = Staff.objects.filter(shop=request.shop).select_related("user")
    people = [place.user_id for place in places]
    strict = RoleTerms.objects.filter(shop=request.shop, needs_second_factor=True)
    page = {
        "strict": list(strict.values_list("role", flat=True)),
        "with_factor": set(
            Factor.objects.filter(user__in=people).values_list("user_id", flat=True)
        ),
        "form": form,
        "places": places.order_by("-is_active", "user__name"),
        "roles": [role.value for role in Role],
        "own_roles": list(OwnRole.objects.filter(shop=request.shop).order_by("title")),
    }
    return show(request, "settings_people.html", page, status=status, refusal=refusal)


def _reasons(request: DeskRequest) -> list[Reason]:
    rows = Reason.objects.filter(shop=request.shop).select_related("parent")
    return list(rows.order_by("position", "code"))


def _moved(codes: Sequence[str], wish: str) -> list[str]:
    """``codes`` with the one that ``wish`` (``up:damaged``) names moved by one place."""
    verb, _sep, code = wish.partition(":")
    order = list(codes)
    if code in order and verb in {"up", "down"}:
        place = order.index(code)
        other = place + (-1 if verb == "up" else 1)
        if 0 <= other < len(order):
            order[place], order[other] = order[other], order[place]
    return order


def _kept(request: DeskRequest, name: str) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect(f"backoffice:{name}", slug=request.shop.slug)
