"""Parcels at the desk: what comes, what is lost, labels, carriers."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rebond.domain.returns.models import Return
from rebond.domain.shipping.actions import (
    ask_label,
    end_claim,
    lay_in_label,
    say_what_became,
    set_shipping_terms,
    start_void,
)
from rebond.domain.shipping.customs import Form, declaration_of
from rebond.domain.shipping.customs_papers import customs_paper
from rebond.domain.shipping.models import Label, ParcelClaim, ShippingTerms
from rebond.domain.shipping.papers import packing_slip
from rebond.domain.shipping.queries import labels_in_stock, ready_label, terms_of
from rebond.domain.shipping.sharing import companions_of
from rebond.domain.shops.access import Right
from rebond.kernel.clock import now
from rebond.kernel.errors import RebondError
from rebond.kernel.files import content_of
from rebond.web.backoffice.access import DeskRequest, at_desk
from rebond.web.backoffice.forms.parcels import BecameForm, StockForm, TermsForm
from rebond.web.backoffice.forms.sums import minor_of
from rebond.web.backoffice.queries.arrivals import week_ahead
from rebond.web.backoffice.queries.one_return import find_return
from rebond.web.backoffice.queries.parcels import (
    VIEWS,
    carrier_rows,
    parcels_page,
)
from rebond.web.backoffice.views.pages import show
from rebond.web.backoffice.views.returns import return_page
from rebond.web.backoffice.views.steps import back_to

MOST_BYTES = 2 * 1024 * 1024


@require_GET
@at_desk(Right.SEE)
def listed(request: DeskRequest) -> HttpResponse:
    """What is on its way, was never sent, is lost, weighs something else, has no sure label."""
    view = request.GET.get("view", "")
    view = view if view in VIEWS else VIEWS[0]
    cursor = request.GET.get("at", "")
    page = parcels_page(request.shop, view=view, cursor=cursor, moment=now())
    told = {"page": page, "view": view, "views": VIEWS}
    if view == VIEWS[0] and not cursor:
        told["week"] = week_ahead(request.shop)
    return show(request, "parcels.html", told)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Right.CONFIGURE)
def settings(request: DeskRequest) -> HttpResponse:
    """Who makes the shop's labels, when a parcel is lost, and the carriers there are."""
    terms = terms_of(request.shop)
    start = _start(terms)
    rows = carrier_rows(request.shop)
    if request.method != "POST":
        return _settings_page(request, TermsForm(rows, initial=start), StockForm())
    form = TermsForm(rows, request.POST)
    if not form.is_valid():
        return _settings_page(request, form, StockForm(), status=422)
    set_shipping_terms(request.shop, by=request.by, **form.cleaned_data)
    messages.success(request, _("Saved."))
    return redirect("backoffice:parcel_settings", slug=request.shop.slug)


def _start(terms: ShippingTerms) -> dict[str, object]:
    return {name: getattr(terms, name) for name in TermsForm.base_fields}


@require_POST
@at_desk(Right.CONFIGURE)
def lay_in(request: DeskRequest) -> HttpResponse:
    """Put a prepaid label into the stock."""
    form = StockForm(request.POST, request.FILES)
    terms = terms_of(request.shop)
    start = _start(terms)
    beside = TermsForm(carrier_rows(request.shop), initial=start)
    if not form.is_valid():
        return _settings_page(request, beside, form, status=422)
    try:
        lay_in_label(
            request.shop,
            carrier_name=form.cleaned_data["carrier_name"],
            tracking_number=form.cleaned_data["tracking_number"],
            pdf=form.cleaned_data["pdf"].read(MOST_BYTES + 1),
            by=request.by,
        )
    except RebondError as refusal:
        return _settings_page(request, beside, form, refusal=refusal)
    messages.success(request, _("The label is in stock."))
    return redirect("backoffice:parcel_settings", slug=request.shop.slug)


@require_GET
@at_desk(Right.SEE_PEOPLE)
def label(request: DeskRequest, label_id: UUID) -> HttpResponse:
    """A label as PDF; it bears a name and an address."""
    found = ready_label(request.shop, label_id)
    if found is None:
        raise Http404
    return _pdf(content_of(found.file), f"{found.parcel.rma.number}-label")


@require_GET
@at_desk(Right.SEE)
def slip(request: DeskRequest, number: str) -> HttpResponse:
    """The sheet that goes into the parcel."""
    rma = find_return(request.shop, number)
    together = [one.number for one in companions_of(rma)]
    made = packing_slip(rma, language=get_language() or "fr", made_at=now(), together=together)
    return _pdf(made, rma.number)


@require_GET
@at_desk(Right.SEE_PEOPLE)
def customs(request: DeskRequest, number: str, form: str) -> HttpResponse:
    """A paper for customs, where the parcel crosses a border."""
    rma = find_return(request.shop, number)
    told = declaration_of(rma)
    if told is None or form not in set(Form):
        raise Http404
    made = customs_paper(rma, told, Form(form), made_at=now())
    return _pdf(made, f"{rma.number}-{form}")


@require_POST
@at_desk(Right.DECIDE)
def give_label(request: DeskRequest, number: str) -> HttpResponse:
    """Have a prepaid label made for the customer."""
    rma = find_return(request.shop, number)
    try:
        ask_label(rma.pk, by=request.by)
    except RebondError as refusal:
        return return_page(request, find_return(request.shop, number), refusal=refusal)
    messages.success(request, _("Asked for. The customer gets it by e-mail."))
    return back_to(rma)


@require_POST
@at_desk(Right.DECIDE)
def void(request: DeskRequest, label_id: UUID) -> HttpResponse:
    """Give a label back that nobody used."""
    rma = _of_label(request, label_id)
    try:
        start_void(request.shop.pk, label_id, by=request.by)
    except RebondError as refusal:
        return return_page(request, rma, refusal=refusal)
    messages.success(request, _("The carrier is asked to take it back."))
    return back_to(rma)


@require_POST
@at_desk(Right.DECIDE)
def became(request: DeskRequest, label_id: UUID) -> HttpResponse:
    """Say what became of a label that the carrier never answered about."""
    rma = _of_label(request, label_id)
    form = BecameForm(request.POST, request.FILES)
    form.is_valid()
    file = form.cleaned_data.get("pdf")
    try:
        say_what_became(
            request.shop.pk,
            label_id,
            was_made=bool(form.cleaned_data.get("was_made")),
            tracking_number=form.cleaned_data.get("tracking_number") or "",
            pdf=file.read(MOST_BYTES + 1) if file else b"",
            by=request.by,
        )
    except RebondError as refusal:
        return return_page(request, rma, refusal=refusal)
    messages.success(request, _("Noted."))
    return back_to(rma)


@require_POST
@at_desk(Right.DECIDE)
def claim_ended(request: DeskRequest, claim_id: UUID) -> HttpResponse:
    """Say how a lost parcel ended."""
    claim = ParcelClaim.objects.filter(shop=request.shop, pk=claim_id).first()
    if claim is None:
        raise Http404
    rma = Return.objects.get(shop=request.shop, parcels__claims=claim)
    try:
        paid = minor_of(request.POST.get("paid", "")[:20], claim.currency)
        end_claim(
            request.shop.pk,
            claim_id,
            answer=request.POST.get("answer", ""),
            paid_minor=paid,
            note=request.POST.get("note", ""),
            by=request.by,
        )
    except RebondError as refusal:
        return return_page(request, find_return(request.shop, rma.number), refusal=refusal)
    messages.success(request, _("Noted."))
    return back_to(rma)


def _settings_page(
    request: DeskRequest,
    form: TermsForm,
    stock: StockForm,
    *,
    status: int = 200,
    refusal: RebondError | None = None,
) -> HttpResponse:
    page = {
        "form": form,
        "stock": stock,
        "carriers": carrier_rows(request.shop),
        "left": labels_in_stock(request.shop),
        "hook": request.build_absolute_uri(f"/hooks/carriers/{request.shop.slug}/"),
    }
    return show(request, "parcel_settings.html", page, status=status, refusal=refusal)


def _of_label(request: DeskRequest, label_id: UUID) -> Return:
    found = Label.objects.select_related("parcel__rma").filter(shop=request.shop, pk=label_id)
    label = found.first()
    if label is None:
        raise Http404
    return find_return(request.shop, label.parcel.rma.number)


def _pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
