"""What changed for one shopper for a while, why, until when; and their way to a person."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from rebond.domain.fair_use.actions import LONGEST_WORDS, appeal
from rebond.domain.fair_use.links import restriction_behind
from rebond.domain.fair_use.models import Restriction
from rebond.kernel.clock import local_date, now
from rebond.kernel.errors import RebondError
from rebond.outbound.notifications.letters.fairness import contest, untouched
from rebond.outbound.telling.fairness import limit_word, reason_word
from rebond.web.portal.access import ShopRequest, in_shop, lost
from rebond.web.ui.refusals import STATUS
from rebond.web.ui.words import refusal_sentence


@require_http_methods(["GET", "HEAD", "POST"])
@in_shop
def appeal_page(request: ShopRequest, token: str) -> HttpResponse:
    """Read what was decided, and ask for another look."""
    restriction = restriction_behind(request.shop, token)
    if restriction is None:
        return lost(request)
    if request.method != "POST":
        return _page(request, restriction)
    text = request.POST.get("text", "")
    try:
        appeal(restriction.pk, text)
    except RebondError as refusal:
        return _page(request, restriction, text=text, refused=refusal)
    return redirect("portal:fair_use", slug=request.shop.slug, token=token)


def _page(
    request: ShopRequest,
    restriction: Restriction,
    *,
    text: str = "",
    refused: RebondError | None = None,
) -> HttpResponse:
    appeals = list(restriction.appeals.order_by("made_at"))
    waits = any(one.is_open for one in appeals)
    is_over = not restriction.can_be_lifted_at(now())
    zone = request.shop.time_zone
    page = {
        "restriction": restriction,
        "starts_on": local_date(restriction.starts_at, zone),
        "ends_on": local_date(restriction.ends_at, zone),
        "limits": [limit_word(limit) for limit in restriction.limits],
        "why": reason_word(restriction.reason),
        "appeals": appeals,
        "waits": waits,
        "is_over": is_over,
        "may_appeal": not waits and not is_over,
        "untouched": untouched(),
        "contest": contest(),
        "text": text,
        "longest": LONGEST_WORDS,
        "refused": refusal_sentence(refused) if refused else "",
    }
    status = STATUS[refused.kind] if refused else 200
    return render(request, "portal/fair_use.html", page, status=status)
