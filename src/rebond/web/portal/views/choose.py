"""The order: choose what comes back, see what that means, send it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rebond.domain.non_deliveries.queries import reports_of
from rebond.domain.orders.models import Order
from rebond.domain.policies.queries import policy_for
from rebond.domain.refunds.discounts import discounts_given, discounts_of, had_discount
from rebond.domain.refunds.queries import Preview
from rebond.domain.returns.actions import LONGEST_COMMENT, request_return
from rebond.domain.returns.models import Return
from rebond.kernel.clock import local_date, now
from rebond.kernel.errors import RebondError
from rebond.kernel.files import content_of
from rebond.web.portal.access import ShopRequest, lost, with_order
from rebond.web.portal.choosing import (
    ask_policy,
    note_choice,
    open_ways,
    preview_shown,
    still_to_choose,
    take_photos,
)
from rebond.web.portal.drafts import (
    Draft,
    begin_sending,
    draft_of,
    forget_photos,
    give_up_sending,
    keep_draft,
    new_draft,
    note_sent,
    sent_as,
)
from rebond.web.portal.forms.choose import (
    Card,
    cards_for,
    page_count,
    page_in,
    why_blocked,
)
from rebond.web.portal.outcomes import take_outcomes
from rebond.web.portal.views.files import picture
from rebond.web.portal.ways import choose_way, rows_of, settle_way, take_way
from rebond.web.ui.letters import letters_leave
from rebond.web.ui.refusals import STATUS
from rebond.web.ui.words import refusal_sentence

ANOTHER_CLICK_TAKES = 10.0


@require_http_methods(["GET", "HEAD", "POST"])
@with_order
def choose(request: ShopRequest, order: Order) -> HttpResponse:
    """Show the order's lines, or take what was chosen and go on to the preview."""
    if request.method == "POST":
        return _take(request, order)
    draft = draft_of(request, order, request.GET.get("draft", "")) or new_draft(order)
    cards = _cards(request, order, draft, data=None)
    return _choice_page(request, order, draft, cards, comment=draft.comment)


@require_http_methods(["GET", "HEAD", "POST"])
@with_order
def preview(request: ShopRequest, order: Order, draft: str) -> HttpResponse:
    """Show what would come back, when and how, before anything is sent."""
    kept = draft_of(request, order, draft)
    if kept is None:
        return redirect("portal:order", slug=request.shop.slug, number=order.number)
    if kept.sent:
        return _to_return(request, kept.sent)
    if request.method == "POST":
        take_outcomes(kept, request.POST)
        take_way(kept, request.POST)
        keep_draft(request, kept)
        return redirect("portal:preview", request.shop.slug, order.number, kept.token)
    try:
        return _preview_page(request, order, kept, ask_policy(order, kept))
    except RebondError as error:
        return back_to_choice(request, order, kept, error)


@require_POST
@with_order
def send(request: ShopRequest, order: Order, draft: str) -> HttpResponse:
    """Send it, once: a second click or a reload leads to the same return."""
    kept = draft_of(request, order, draft)
    if kept is None:
        return redirect("portal:order", slug=request.shop.slug, number=order.number)
    outcome_changed = not kept.sent and take_outcomes(kept, request.POST)
    way_changed = not kept.sent and take_way(kept, request.POST)
    if outcome_changed or way_changed:
        keep_draft(request, kept)
        messages.info(request, _("You changed your choice. This is what it means."))
        return redirect("portal:preview", request.shop.slug, order.number, kept.token)
    if not begin_sending(kept):
        number = kept.sent or sent_as(kept, wait_seconds=ANOTHER_CLICK_TAKES)
        if number:
            return _to_return(request, number)
        return redirect("portal:preview", request.shop.slug, order.number, kept.token)
    try:
        return _send(request, order, kept)
    except RebondError as error:
        give_up_sending(kept)
        return back_to_choice(request, order, kept, error)


@require_safe
@with_order
def draft_photo(request: ShopRequest, order: Order, draft: str, sha256: str) -> HttpResponse:
    """A picture that was just uploaded, for nobody but this session."""
    kept = draft_of(request, order, draft)
    photos = [p for line in kept.lines.values() for p in line.photos] if kept else []
    for photo in photos:
        if photo.sha256 == sha256:
            return picture(content_of(photo.file))
    return lost(request)


def _take(request: ShopRequest, order: Order) -> HttpResponse:
    draft = draft_of(request, order, request.POST.get("draft", "")) or new_draft(order)
    cards = _cards(request, order, draft, data=request.POST)
    comment = request.POST.get("comment", "")
    take_photos(request, order, draft, cards)
    note_choice(draft, cards, comment)
    keep_draft(request, draft)
    if any(card.errors for card in cards if not card.blocked):
        return _choice_page(request, order, draft, cards, comment=comment, status=422)
    if "go" in request.POST:
        there = urlencode(
            {"draft": draft.token, "page": page_in(request.POST.get("go", ""), order)}
        )
        return redirect(f"{request.path}?{there}")
    try:
        ask_policy(order, draft)
    except RebondError as error:
        return _choice_page(request, order, draft, cards, comment=comment, refused=error)
    return redirect("portal:preview", request.shop.slug, order.number, draft.token)


def _send(request: ShopRequest, order: Order, draft: Draft) -> HttpResponse:
    asked = ask_policy(order, draft)
    if asked.is_declined:
        give_up_sending(draft)
        return _preview_page(request, order, draft, asked, status=409)
    if not settle_way(draft, open_ways(order, draft, asked)):
        give_up_sending(draft)
        messages.info(request, _("Please choose how you send it."))
        return redirect("portal:preview", request.shop.slug, order.number, draft.token)
    if asked.decision.terms.keeps_goods:
        for line in draft.lines.values():
            line.outcome = "refund"
    moment = now()
    rma = request_return(
        order,
        draft.wishes(with_photos=True),
        policy=policy_for(order, moment),
        asked_at=moment,
        language=request.LANGUAGE_CODE,
        by="shopper",
        comment=draft.comment,
    )
    note_sent(draft, rma.number)
    forget_photos(draft)
    keep_draft(request, draft)
    messages.success(
        request,
        _("Your request is sent. We have also written you an e-mail with all you need.")
        if letters_leave()
        else _("Your request is sent."),
    )
    _note_way(request, rma, draft)
    if still_to_choose(request, rma):
        return redirect("portal:exchange", slug=request.shop.slug, token=rma.number)
    return _to_return(request, rma.number)


def _note_way(request: ShopRequest, rma: Return, draft: Draft) -> None:
    """Keep the chosen way; one that is gone meanwhile is asked for on the page of the return."""
    if draft.method and rows_of(rma):
        try:
            choose_way(rma, draft.method, by="shopper")
        except RebondError as error:
            messages.warning(request, refusal_sentence(error))


def _to_return(request: ShopRequest, number: str) -> HttpResponse:
    return redirect("portal:return", slug=request.shop.slug, token=number)


def back_to_choice(
    request: ShopRequest, order: Order, draft: Draft, error: RebondError
) -> HttpResponse:
    cards = _cards(request, order, draft, data=None)
    return _choice_page(request, order, draft, cards, comment=draft.comment, refused=error)


def _cards(request: ShopRequest, order: Order, draft: Draft, *, data: Any) -> list[Card]:
    return cards_for(
        order,
        page=_page_number(request, order),
        lines=draft.lines,
        data=data,
        language=request.LANGUAGE_CODE,
    )


def _page_number(request: ShopRequest, order: Order) -> int:
    return page_in(request.POST.get("page") or request.GET.get("page") or "", order)


def _choice_page(
    request: ShopRequest,
    order: Order,
    draft: Draft,
    cards: list[Card],
    *,
    comment: str,
    status: int = 200,
    refused: RebondError | None = None,
) -> HttpResponse:
    deliveries = list(order.deliveries.all())
    shown = {str(card.line.pk) for card in cards}
    page: dict[str, Any] = {
        "order": order,
        "draft": draft,
        "cards": cards,
        "has_problems": any(card.errors for card in cards),
        "is_nothing_left": all(why_blocked(order, line) for line in order.lines.all()),
        "page_number": _page_number(request, order),
        "page_count": page_count(order),
        "chosen_elsewhere": sum(
            line.quantity > 0 for key, line in draft.lines.items() if key not in shown
        ),
        "comment": comment,
        "longest": LONGEST_COMMENT,
        "refused": refusal_sentence(refused) if refused else "",
        "discounts": discounts_given(order),
        "returns": order.returns.filter(gift_paid_as="").order_by("-requested_at"),
        "missing": reports_of(order),
        "ordered_on": local_date(order.ordered_at, request.shop.time_zone),
        "delivered_on": max((d.delivered_on for d in deliveries if d.delivered_on), default=None),
        "is_delivery_derived": "delivered_on" in order.derived
        or any("delivered_on" in delivery.derived for delivery in deliveries),
    }
    return render(
        request, "portal/choose.html", page, status=STATUS[refused.kind] if refused else status
    )


def _preview_page(
    request: ShopRequest, order: Order, draft: Draft, asked: Preview, *, status: int = 200
) -> HttpResponse:
    shown = preview_shown(request, order, draft, asked)
    page = shown | {"order": order, "discount_minor": _discount(order, asked)}
    return render(request, "portal/preview.html", page, status=status)


def _discount(order: Order, asked: Preview) -> int:
    """What keeping everything brings, in minor units; 0 where it is not offered or was had."""
    found = discounts_of(order, asked.decision)
    return 0 if not found or had_discount(order, found) else sum(found.values())
