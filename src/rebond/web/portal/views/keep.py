"""The article is kept for less: the shopper says yes to a part of the price instead of a return."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from rebond.domain.orders.models import Order
from rebond.domain.policies.queries import policy_for
from rebond.domain.refunds.actions import keep_with_discount
from rebond.kernel.clock import now
from rebond.kernel.errors import RebondError
from rebond.web.portal.access import ShopRequest, with_order
from rebond.web.portal.drafts import draft_of, forget_photos, keep_draft
from rebond.web.portal.views.choose import back_to_choice
from rebond.web.ui.templatetags.ui import money


@require_POST
@with_order
def keep(request: ShopRequest, order: Order, draft: str) -> HttpResponse:
    """Pay the discount that was shown, once; the return can still be asked for afterwards."""
    kept = draft_of(request, order, draft)
    if kept is None or kept.sent:
        return redirect("portal:order", slug=request.shop.slug, number=order.number)
    shown = request.POST.get("shown_minor", "")
    moment = now()
    try:
        settlement = keep_with_discount(
            order.pk,
            kept.wishes(with_photos=False),
            policy=policy_for(order, moment),
            asked_at=moment,
            shown_minor=int(shown) if shown.isascii() and shown.isdigit() else 0,
            by="shopper",
            comment=kept.comment,
        )
    except RebondError as error:
        return back_to_choice(request, order, kept, error)
    forget_photos(kept)
    kept.lines.clear()
    keep_draft(request, kept)
    said = _("{amount} are on their way to you. You keep the article, nothing has to be sent.")
    messages.success(
        request, said.format(amount=money(settlement.gross_minor, settlement.currency))
    )
    return redirect("portal:order", slug=request.shop.slug, number=order.number)
