"""Talking with the customer from the page of a return, and the shop's templates for it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from rebond.domain.conversations.actions import (
    keep_template,
    mark_answered,
    offer_template,
    values_of,
    write_to_shopper,
)
from rebond.domain.conversations.errors import UnknownPlaceholder
from rebond.domain.conversations.filling import PLACEHOLDERS, filled, unknown_placeholder
from rebond.domain.conversations.models import ConversationMessage, Side, Template
from rebond.domain.conversations.queries import newest_return, templates_of
from rebond.domain.returns.models import Return
from rebond.domain.shops.access import Right
from rebond.kernel.clock import now
from rebond.kernel.errors import RebondError
from rebond.web.backoffice.access import DeskRequest, at_desk
from rebond.web.backoffice.queries.one_return import find_return
from rebond.web.backoffice.undo import offer_undo
from rebond.web.backoffice.views.pages import SAME_CLICK, show, version_of
from rebond.web.backoffice.views.returns import return_page
from rebond.web.ui.words import finding_sentence, refusal_sentence


@require_POST
@at_desk(Right.DECIDE)
def write(request: DeskRequest, number: str) -> HttpResponse:
    """Write to the customer; with ``asks`` the request waits for their answer."""
    rma = find_return(request.shop, number)
    text = request.POST.get("text", "")
    try:
        unknown = unknown_placeholder(text)
        if unknown:
            raise UnknownPlaceholder(name=unknown[:40])
        if not _is_written(request, rma, text):
            write_to_shopper(
                rma.pk,
                text,
                by=request.by,
                clause=_clause(rma, request.POST.get("clause", "")),
                asks=bool(request.POST.get("asks")),
                version=version_of(request),
            )
            messages.success(request, _("Sent. The answer will appear here."))
    except RebondError as refusal:
        fresh = find_return(request.shop, number)
        return return_page(request, fresh, refusal=refusal, message=text)
    return redirect("backoffice:return", slug=request.shop.slug, number=rma.number)


@require_POST
@at_desk(Right.DECIDE)
def answered(request: DeskRequest, number: str) -> HttpResponse:
    """Say that the customer's message needs no answer."""
    rma = find_return(request.shop, number)
    mark_answered(rma.pk, by=request.by)
    return redirect("backoffice:return", slug=request.shop.slug, number=rma.number)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Right.DECIDE)
def templates(request: DeskRequest) -> HttpResponse:
    """The shop's templates; one can be written, looked at filled in, changed and put away."""
    typed = request.POST if request.method == "POST" else None
    refusal = None
    if typed is not None and "look" not in typed:
        try:
            return _kept(request)
        except RebondError as problem:
            refusal = problem
    chosen = None
    if request.GET.get("edit"):
        known = {str(one.pk): one for one in templates_of(request.shop)}
        chosen = known.get(request.GET["edit"])
    page = {
        "templates": templates_of(request.shop),
        "chosen": chosen,
        "typed": typed,
        "languages": [(c, n) for c, n in settings.LANGUAGES if c in request.shop.languages],
        "placeholders": [f"{{{name}}}" for name in PLACEHOLDERS],
        **_look(request, typed["text"] if typed else chosen.text if chosen else ""),
    }
    return show(request, "templates.html", page, refusal=refusal)


@require_POST
@at_desk(Right.DECIDE)
def put_away(request: DeskRequest, template_id: UUID) -> HttpResponse:
    """Offer a template no longer; with ``back``, offer it again."""
    found = get_object_or_404(Template, shop=request.shop, pk=template_id)
    is_back = bool(request.POST.get("back"))
    offer_template(request.shop, found.pk, is_offered=is_back)
    if is_back:
        messages.success(request, _("“{name}” is offered again.").format(name=found.title))
    else:
        messages.success(request, _("“{name}” is put away.").format(name=found.title))
        offer_undo(request, "template_away", found.pk, back=1)
    return redirect("backoffice:templates", slug=request.shop.slug)


def _kept(request: DeskRequest) -> HttpResponse:
    which = request.POST.get("template", "")
    known = {str(one.pk): one.pk for one in templates_of(request.shop)}
    language = request.POST.get("language", "")
    keep_template(
        request.shop,
        known.get(which),
        title=request.POST.get("title", ""),
        language=language if language in request.shop.languages else request.shop.language,
        text=request.POST.get("text", ""),
    )
    messages.success(request, _("Kept. It is offered on the page of every return."))
    return redirect("backoffice:templates", slug=request.shop.slug)


def _look(request: DeskRequest, text: str) -> dict[str, Any]:
    """How ``text`` would read in a message about the newest return."""
    rma = newest_return(request.shop)
    unknown = unknown_placeholder(text)
    if rma is None or not text.strip() or unknown:
        refused = refusal_sentence(UnknownPlaceholder(name=unknown[:40])) if unknown else ""
        return {"read": "", "read_for": rma, "unread": refused}
    return {"read": filled(text, values_of(rma)), "read_for": rma, "unread": ""}


def _clause(rma: Return, which: str) -> str:
    """The sentence of the policy with this place among the return's findings."""
    findings = rma.terms.get("findings") or []
    place = int(which) if which.isascii() and which.isdigit() and len(which) < 4 else 0
    if not 1 <= place <= len(findings):
        return ""
    names = {str(line.order_line_id): line.title for line in rma.lines.all()}
    with translation.override(rma.language):
        return finding_sentence(findings[place - 1], names)


def _is_written(request: DeskRequest, rma: Return, text: str) -> bool:
    return ConversationMessage.objects.filter(
        shop=request.shop,
        rma=rma,
        side=Side.SHOP,
        text=text.strip(),
        by=request.by,
        at__gte=now() - SAME_CLICK,
    ).exists()
