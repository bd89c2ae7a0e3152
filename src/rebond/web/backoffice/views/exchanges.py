"""Other goods instead of money, at the desk."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rebond.domain.exchanges.actions import (
    WAIVED,
    agree_exchange,
    end_exchange,
    settle_difference,
    settle_exchange,
)
from rebond.domain.exchanges.documents import sale_pdf
from rebond.domain.exchanges.models import Exchange, SaleDocument
from rebond.domain.refunds.ways import Channel, Yes
from rebond.domain.returns.models import Return
from rebond.domain.shops.access import Right
from rebond.kernel.errors import RebondError
from rebond.web.backoffice.access import DeskRequest, at_desk
from rebond.web.backoffice.queries.one_return import find_return
from rebond.web.backoffice.views.pages import show, version_of
from rebond.web.backoffice.views.returns import return_page
from rebond.web.backoffice.views.steps import back_to
from rebond.web.ui.instead import InsteadForm, instead_form

DIFFERENCE_WAYS = ("card", "cash", "bank_transfer", "gift_card", WAIVED)
ENDED_BY_STAFF = "called_off"
PHONE, MAIL, COUNTER = Channel.PHONE, Channel.MAIL, Channel.COUNTER


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Right.DECIDE)
def agree(request: DeskRequest, number: str) -> HttpResponse:
    """Choose other goods with the customer."""
    rma = find_return(request.shop, number)
    search = request.GET.get("q", "")[:80]
    form = instead_form(rma, request.POST, search=request.POST.get("q", search)[:80])
    if request.method != "POST":
        return _agree_page(request, rma, form)
    said = request.POST.get("channel", "")
    if said not in {PHONE, MAIL, COUNTER}:
        form.error = _("Please say how the customer agreed.")
    if not form.is_valid():
        return _agree_page(request, rma, form, status=422)
    yes = Yes(Channel(said), _name_of(rma))
    try:
        agree_exchange(rma.pk, form.wishes, yes, by=request.by)
    except RebondError as refusal:
        return _agree_page(request, rma, form, refusal=refusal)
    messages.success(request, _("Agreed. The goods are held in stock."))
    return back_to(rma)


@require_POST
@at_desk(Right.REFUND)
def settle(request: DeskRequest, number: str) -> HttpResponse:
    """Let what came back pay for the goods now."""
    rma = find_return(request.shop, number)
    try:
        made = settle_exchange(
            rma.pk, by=request.by, who=request.staff, version=version_of(request)
        )
    except RebondError as refusal:
        return return_page(request, find_return(request.shop, number), refusal=refusal)
    if made is None:
        messages.info(request, _("The customer owes a difference first."))
    else:
        messages.success(request, _("Exchanged. The new order is ready to be sent."))
    return back_to(rma)


@require_POST
@at_desk(Right.REFUND)
def difference(request: DeskRequest, number: str) -> HttpResponse:
    """Note how the difference was paid, or that we let it go."""
    rma = find_return(request.shop, number)
    exchange = _exchange(rma)
    way = request.POST.get("way", "")
    try:
        if way not in DIFFERENCE_WAYS:
            raise Http404
        settle_difference(
            exchange.pk,
            amount_minor=exchange.due_minor or 0,
            way=way,
            reference=request.POST.get("reference", "")[:120],
            by=request.by,
        )
    except RebondError as refusal:
        return return_page(request, find_return(request.shop, number), refusal=refusal)
    messages.success(request, _("Noted. The exchange goes on by itself."))
    return back_to(rma)


@require_POST
@at_desk(Right.DECIDE)
def call_off(request: DeskRequest, number: str) -> HttpResponse:
    """End the exchange: the money goes back instead."""
    rma = find_return(request.shop, number)
    try:
        end_exchange(_exchange(rma).pk, why=ENDED_BY_STAFF, by=request.by)
    except RebondError as refusal:
        return return_page(request, find_return(request.shop, number), refusal=refusal)
    messages.success(request, _("Called off. The goods are free again, the money goes back."))
    return back_to(rma)


@require_GET
@at_desk(Right.SEE_MONEY, Right.DOCUMENTS)
def sale_document(request: DeskRequest, document_id: UUID) -> HttpResponse:
    """The invoice of the goods that were taken in exchange, as PDF."""
    note = SaleDocument.objects.filter(shop=request.shop, pk=document_id).first()
    if note is None:
        raise Http404
    response = HttpResponse(sale_pdf(note), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{note.label}.pdf"'
    return response


def _agree_page(
    request: DeskRequest,
    rma: Return,
    form: InsteadForm,
    *,
    status: int = 200,
    refusal: RebondError | None = None,
) -> HttpResponse:
    page = {"rma": rma, "form": form, "channel": request.POST.get("channel", "")}
    return show(request, "exchange_agree.html", page, status=status, refusal=refusal)


def _exchange(rma: Return) -> Exchange:
    found = Exchange.objects.filter(shop_id=rma.shop_id, rma=rma).order_by("-agreed_at", "-id")
    exchange = found.first()
    if exchange is None:
        raise Http404
    return exchange


def _name_of(rma: Return) -> str:
    shopper = rma.shopper
    return (shopper.name or shopper.email if shopper else "") or rma.number
