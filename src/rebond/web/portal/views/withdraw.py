"""The online withdrawal function: three fields, one look again, done. Nobody is turned away.

It needs no account, no session, no cookie and no script, and it has no last day. What was typed
travels from one step to the next under our signature, so a page that was open for days still
sends. Source: Dir. 2011/83/EU art. 11a; C. conso. L221-21, D221-5.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid5

from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rebond.domain.orders.models import Order, OrderLine
from rebond.domain.returns.links import return_behind
from rebond.domain.shops.addresses import withdrawal_page
from rebond.domain.shops.models import Shop
from rebond.domain.withdrawals.actions import submit_statement
from rebond.domain.withdrawals.errors import StatementDiffers
from rebond.domain.withdrawals.links import statement_behind, statement_token
from rebond.domain.withdrawals.models import Statement
from rebond.domain.withdrawals.sealing import Declared, text_of
from rebond.domain.withdrawals.wording import LANGUAGES, confirm_label, link_label, words_in
from rebond.kernel import formats
from rebond.kernel.clock import today
from rebond.kernel.ids import uuid7
from rebond.web.portal.access import ShopRequest, in_shop, is_granted, lost, order_key
from rebond.web.portal.forms.withdraw import WithdrawForm
from rebond.web.portal.limits import is_flood
from rebond.web.ui.languages import COOKIE


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@in_shop
def declare(request: ShopRequest) -> HttpResponse:
    """The three fields; when they are filled in, the statement to be read again."""
    if request.method != "POST":
        return _form_page(request, _order_of(request), key=uuid7())
    opened = _unsealed(request.shop, request.POST.get("sealed", ""))
    if opened is not None and "change" in request.POST:
        said, key = opened
        return _form_page(request, _known_order(request, said.order_id), key=key, said=said)
    return _recap(request)


@csrf_exempt
@require_POST
@in_shop
def confirm(request: ShopRequest) -> HttpResponse:
    """Receive the statement as it was read, and show the proof."""
    opened = _unsealed(request.shop, request.POST.get("sealed", ""))
    if opened is None:
        words = words_in(_language(request))
        return _form_page(request, None, key=uuid7(), notice=words["seal_broken"], status=422)
    statement = _received(request, *opened)
    token = statement_token(statement)
    address = redirect("portal:statement", slug=request.shop.slug, token=token)
    address["Location"] += f"?lang={statement.language}"
    return address


@require_safe
@in_shop
def statement(request: ShopRequest, token: str) -> HttpResponse:
    """The proof: what was declared, and when."""
    found = statement_behind(request.shop, token)
    if found is None:
        return lost(request)
    return _page(request, "done.html", found.language, _proof(found) | {"token": token})


@require_safe
@in_shop
def statement_file(request: ShopRequest, token: str) -> HttpResponse:
    """The proof as a file of its own, which needs nothing of ours to be read."""
    found = statement_behind(request.shop, token)
    if found is None:
        return lost(request)
    response = _page(request, "file.html", found.language, _proof(found))
    name = f"{found.reference}.html"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def recap_of(request: ShopRequest, said: Declared, key: UUID | None = None) -> HttpResponse:
    """The statement to be read again, with the control that sends it."""
    sealed = _sealed(request.shop, said, key or uuid7())
    page = {
        "text": text_of(request.shop, said),
        "sealed": sealed,
        "back": reverse("portal:withdraw", args=[request.shop.slug]),
    }
    return _page(request, "recap.html", said.language, page)


def _recap(request: ShopRequest) -> HttpResponse:
    order = _known_order(request, _uuid(request.POST.get("order", "")))
    key = _uuid(request.POST.get("key", "")) or uuid7()
    language = _language(request)
    form = WithdrawForm(words_in(language), _lines(order), request.POST)
    if not form.is_valid():
        return _form_page(request, order, key=key, form=form, status=422)
    said = Declared(
        language=language,
        name=form.cleaned_data["name"],
        contract=form.cleaned_data["contract"],
        email=form.cleaned_data["email"],
        note=form.cleaned_data["note"],
        order_id=order.pk if order is not None else None,
        pieces=form.pieces,
    )
    return recap_of(request, said, key)


def _received(request: ShopRequest, said: Declared, key: UUID) -> Statement:
    """The statement, kept. Sent again with other words under one key, it corrects the first."""
    flood = is_flood(request, request.shop)
    try:
        return submit_statement(request.shop, said, key=key, is_flood=flood)
    except StatementDiffers:
        first = Statement.objects.filter(shop=request.shop, key=key).first()
        other = uuid5(key, text_of(request.shop, said))
        return submit_statement(request.shop, said, key=other, corrects=first, is_flood=flood)


def _form_page(
    request: ShopRequest,
    order: Order | None,
    *,
    key: UUID,
    form: WithdrawForm | None = None,
    said: Declared | None = None,
    notice: str = "",
    status: int = 200,
) -> HttpResponse:
    language = _language(request)
    lines = _lines(order)
    initial = _typed(said, lines) if said is not None else _known(request, order)
    shown = form or WithdrawForm(words_in(language), lines, initial=initial)
    page = {"form": shown, "key": key, "order": order, "notice": notice}
    return _page(request, "form.html", language, page, status=status)


def _page(
    request: ShopRequest,
    template: str,
    language: str,
    page: Mapping[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    on = today(request.shop.time_zone)
    frame = {
        "language": language,
        "languages": list(LANGUAGES.items()),
        "w": words_in(language),
        "link_label": link_label(language, on),
        "confirm_label": confirm_label(language, on),
        "address": withdrawal_page(request.shop),
    }
    response = render(request, f"portal/withdraw/{template}", frame | dict(page), status=status)
    response.headers["Content-Language"] = language
    return response


def _proof(found: Statement) -> dict[str, Any]:
    zone = found.shop.time_zone
    return {
        "statement": found,
        "moment": formats.moment(found.submitted_at, found.language, zone),
    }


def _language(request: ShopRequest) -> str:
    """What the reader picked, else what their browser prefers, among those of the function."""
    wanted = (
        request.POST.get("lang", ""),
        request.GET.get("lang", ""),
        request.COOKIES.get(COOKIE, ""),
        *_preferred(request),
        request.shop.language,
    )
    return next((tag for tag in wanted if tag in LANGUAGES), "en")


def _preferred(request: ShopRequest) -> list[str]:
    said = request.headers.get("Accept-Language", "")
    return [part.partition(";")[0].strip().lower()[:2] for part in said.split(",")[:10]]


def _order_of(request: ShopRequest) -> Order | None:
    """The order of the page that led here, where this reader may see it."""
    number = request.GET.get("order", "")
    rma = return_behind(request.shop, request.GET.get("r", ""))
    if rma is not None and rma.order is not None:
        return rma.order
    found = (
        Order.objects.filter(shop=request.shop, number_key=order_key(number)).first()
        if number
        else None
    )
    return found if found is not None and is_granted(request, found.pk) else None


def _known_order(request: ShopRequest, order_id: UUID | None) -> Order | None:
    """The order named in the form, again only where this reader may see it."""
    if order_id is None:
        return None
    found = Order.objects.filter(shop=request.shop, pk=order_id).first()
    rma = return_behind(request.shop, request.GET.get("r", ""))
    by_link = rma is not None and rma.order_id == order_id
    return found if found is not None and (by_link or is_granted(request, found.pk)) else None


def _known(request: ShopRequest, order: Order | None) -> dict[str, Any]:
    """What is known of the reader already; name and address only by the link from our mail."""
    if order is None:
        return {}
    rma = return_behind(request.shop, request.GET.get("r", ""))
    told = {"contract": order.number}
    if rma is not None and rma.shopper is not None:
        told |= {"name": rma.shopper.name, "email": rma.shopper.email}
    return told


def _typed(said: Declared, lines: list[tuple[OrderLine, int]]) -> dict[str, Any]:
    counts = {piece["line"]: piece["quantity"] for piece in said.pieces}
    pieces = {f"pieces_{line.position}": counts.get(str(line.pk), 0) for line, _ in lines}
    typed = {"name": said.name, "contract": said.contract, "email": said.email}
    return typed | {"note": said.note} | pieces


def _lines(order: Order | None) -> list[tuple[OrderLine, int]]:
    """Each line with the pieces that are not in a return yet, on their way or delivered."""
    if order is None:
        return []
    lines = order.lines.order_by("position")
    return [
        (o, o.quantity - o.returned_quantity) for o in lines if o.quantity > o.returned_quantity
    ]


def _sealed(shop: Shop, said: Declared, key: UUID) -> str:
    content = {
        "key": str(key),
        "language": said.language,
        "name": said.name,
        "contract": said.contract,
        "email": said.email,
        "note": said.note,
        "order": str(said.order_id or ""),
        "pieces": list(said.pieces),
    }
    return signing.dumps(content, salt=_salt(shop), compress=True)


def _unsealed(shop: Shop, sealed: str) -> tuple[Declared, UUID] | None:
    try:
        content = signing.loads(sealed, salt=_salt(shop))
    except signing.BadSignature:
        return None
    said = Declared(
        language=content["language"],
        name=content["name"],
        contract=content["contract"],
        email=content["email"],
        note=content["note"],
        order_id=_uuid(content["order"]),
        pieces=content["pieces"],
    )
    return said, UUID(content["key"])


def _salt(shop: Shop) -> str:
    return f"withdraw:{shop.pk}"


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
