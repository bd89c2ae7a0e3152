"""The desk's page about the public policy: where it is, how to show it, the text for mails."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.html import escape
from django.views.decorators.http import require_safe

from rebond.domain.shops.access import Right
from rebond.domain.shops.addresses import policy_page
from rebond.kernel.clock import now
from rebond.outbound.published.confirmation import confirmation_text
from rebond.web.backoffice.access import DeskRequest, at_desk
from rebond.web.backoffice.views.pages import show
from rebond.web.ui.context import look


@require_safe
@at_desk(Right.SEE)
def public(request: DeskRequest) -> HttpResponse:
    """Addresses and texts to copy, in each language of the shop."""
    moment = now()
    texts = [
        (code, name, confirmation_text(request.shop, moment, code))
        for code, name in look(request)["languages"]
    ]
    address = policy_page(request.shop)
    snippet = (
        f'<div data-rebond-policy><a href="{address}">{escape(request.shop.name)}</a></div>\n'
        f'<script src="{address}embed.js" defer></script>'
    )
    page = {"address": address, "snippet": snippet, "texts": texts}
    return show(request, "policy_public.html", page)
