"""Change a return before anything was sent: choose again, see what that means, send it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from rebond.domain.orders.models import Order
from rebond.domain.policies.frozen import freeze
from rebond.domain.policies.queries import policy_for
from rebond.domain.refunds.queries import Preview, preview_of
from rebond.domain.returns.actions import LONGEST_COMMENT, pieces_held
from rebond.domain.returns.errors import NotChangeable
from rebond.domain.returns.models import Reason, Return
from rebond.domain.returns.wishes import CleanImage, Wish
from rebond.domain.shipping.actions import change_return
from rebond.domain.shipping.actions.changing import day_that_counts
from rebond.domain.shipping.changes import fixed_by, labels_of
from rebond.domain.shipping.methods import chosen_of
from rebond.kernel.clock import now
from rebond.kernel.errors import RebondError
from rebond.outbound.telling.sums import titles_of
from rebond.web.portal.access import ShopRequest, Visit, with_return
from rebond.web.portal.choosing import note_choice
from rebond.web.portal.drafts import Draft, DraftLine, draft_of, keep_draft, new_draft
from rebond.web.portal.forms.choose import Card, cards_for, page_count, page_in
from rebond.web.portal.forms.parcel import ParcelForm
from rebond.web.portal.outcomes import parts_of, rows_of, take_outcomes
from rebond.web.portal.views.returns import return_page
from rebond.web.ui.letters import letters_leave
from rebond.web.ui.refusals import STATUS
from rebond.web.ui.words import refusal_sentence


@require_http_methods(["GET", "HEAD", "POST"])
@with_return
def choose(request: ShopRequest, visit: Visit) -> HttpResponse:
    """Show the order's lines as they were chosen, or take what is chosen now."""
    order = visit.rma.order
    if order is None or fixed_by(visit.rma):
        return _fixed(request, visit)
    token = request.POST.get("draft") or request.GET.get("draft", "")
    draft = _draft_of(request, visit.rma, order, token) or _as_it_is(visit.rma, order)
    if request.method != "POST":
        return _choice_page(request, visit, order, draft, _cards(request, visit, draft, None))
    cards = _cards(request, visit, draft, request.POST)
    note_choice(draft, cards, request.POST.get("comment", "")[:LONGEST_COMMENT])
    keep_draft(request, draft)
    if any(card.errors for card in cards if not card.blocked):
        return _choice_page(request, visit, order, draft, cards, status=422)
    if "go" in request.POST:
        page = page_in(request.POST.get("go", ""), order)
        return redirect(f"{request.path}?{urlencode({'draft': draft.token, 'page': page})}")
    try:
        _ask_policy(visit.rma, order, draft)
    except RebondError as error:
        return _choice_page(request, visit, order, draft, cards, refused=error)
    return redirect("portal:change_preview", request.shop.slug, visit.token, draft.token)


@require_http_methods(["GET", "HEAD", "POST"])
@with_return
def preview(request: ShopRequest, visit: Visit, draft: str) -> HttpResponse:
    """Show what the change would mean, before it is made."""
    order = visit.rma.order
    if order is None or fixed_by(visit.rma):
        return _fixed(request, visit)
    kept = _draft_of(request, visit.rma, order, draft)
    if kept is None:
        return redirect("portal:change", request.shop.slug, visit.token)
    if request.method == "POST":
        take_outcomes(kept, request.POST)
        keep_draft(request, kept)
        return redirect("portal:change_preview", request.shop.slug, visit.token, kept.token)
    try:
        asked = _ask_policy(visit.rma, order, kept)
    except RebondError as error:
        cards = _cards(request, visit, kept, None)
        return _choice_page(request, visit, order, kept, cards, refused=error)
    return _preview_page(request, visit, order, kept, asked)


@require_POST
@with_return
def send(request: ShopRequest, visit: Visit, draft: str) -> HttpResponse:
    """Make the change, once: a second click leads to the return."""
    order = visit.rma.order
    if order is None or fixed_by(visit.rma):
        return _fixed(request, visit)
    kept = _draft_of(request, visit.rma, order, draft)
    if kept is None or kept.sent:
        return _to_return(request, visit)
    if take_outcomes(kept, request.POST):
        keep_draft(request, kept)
        messages.info(request, _("You changed your choice. This is what it means."))
        return redirect("portal:change_preview", request.shop.slug, visit.token, kept.token)
    moment = now()
    try:
        change_return(
            visit.rma.pk,
            _wishes(visit.rma, kept),
            policy=policy_for(order, moment),
            asked_at=moment,
            by="shopper",
            comment=kept.comment,
        )
    except RebondError as error:
        cards = _cards(request, visit, kept, None)
        return _choice_page(request, visit, order, kept, cards, refused=error)
    kept.sent = visit.rma.number
    keep_draft(request, kept)
    messages.success(
        request,
        _("Your return is changed. We have also written you an e-mail.")
        if letters_leave()
        else _("Your return is changed."),
    )
    return _to_return(request, visit)


def _draft_of(request: ShopRequest, rma: Return, order: Order, token: str) -> Draft | None:
    draft = draft_of(request, order, token)
    return draft if draft is not None and draft.changes == rma.number else None


def _as_it_is(rma: Return, order: Order) -> Draft:
    """A draft that says what the return asks for so far."""
    draft = new_draft(order)
    draft.changes, draft.comment = rma.number, rma.comment
    facts = (rma.terms.get("facts") or {}).get("lines") or []
    answers = {row.get("key"): row.get("answers") or {} for row in facts}
    for line in rma.lines.select_related("reason").order_by("position"):
        key = str(line.order_line_id)
        draft.lines[key] = DraftLine(
            quantity=line.quantity,
            reason=line.reason.code if line.reason else "",
            comment=line.comment,
            answers=dict(answers.get(key, {})),
            outcome=line.outcome,
        )
    return draft


def _cards(request: ShopRequest, visit: Visit, draft: Draft, data: Any) -> list[Card]:
    order = visit.rma.order
    assert order is not None
    asked = request.POST.get("page") or request.GET.get("page") or ""
    return cards_for(
        order,
        page=page_in(asked, order),
        lines=draft.lines,
        data=data,
        language=request.LANGUAGE_CODE,
        held=pieces_held(visit.rma),
    )


def _wishes(rma: Return, draft: Draft) -> list[Wish]:
    """What is asked for; photos that the return has already count, and are not kept again."""
    photos: dict[str, list[CleanImage]] = {}
    for photo in rma.photos.exclude(line=None).select_related("line"):
        assert photo.line is not None
        image = CleanImage(b"", photo.width, photo.height, photo.sha256)
        photos.setdefault(str(photo.line.order_line_id), []).append(image)
    return [
        Wish(
            wish.order_line_id,
            wish.quantity,
            wish.reason,
            comment=wish.comment,
            outcome=wish.outcome,
            answers=wish.answers,
            photos=tuple(photos.get(str(wish.order_line_id), ())),
        )
        for wish in draft.wishes(with_photos=False)
    ]


def _ask_policy(rma: Return, order: Order, draft: Draft) -> Preview:
    moment = now()
    wishes = _wishes(rma, draft)
    chosen = chosen_of(rma)
    return preview_of(
        order,
        wishes,
        policy=policy_for(order, moment),
        asked_at=day_that_counts(rma, wishes, moment),
        comment=draft.comment,
        method=chosen.method if chosen else "",
        instead_of=rma,
    )


def _choice_page(
    request: ShopRequest,
    visit: Visit,
    order: Order,
    draft: Draft,
    cards: list[Card],
    *,
    status: int = 200,
    refused: RebondError | None = None,
) -> HttpResponse:
    asked = request.POST.get("page") or request.GET.get("page") or ""
    page = {
        "visit": visit,
        "rma": visit.rma,
        "order": order,
        "draft": draft,
        "cards": cards,
        "has_problems": any(card.errors for card in cards),
        "page_number": page_in(asked, order),
        "page_count": page_count(order),
        "comment": draft.comment,
        "longest": LONGEST_COMMENT,
        "refused": refusal_sentence(refused) if refused else "",
    }
    status = STATUS[refused.kind] if refused else status
    return render(request, "portal/change.html", page, status=status)


def _preview_page(
    request: ShopRequest, visit: Visit, order: Order, draft: Draft, asked: Preview
) -> HttpResponse:
    lines = {str(line.pk): line for line in order.lines.all()}
    titles = titles_of(order)
    reasons = Reason.objects.filter(shop=order.shop_id)
    page = {
        "visit": visit,
        "rma": visit.rma,
        "order": order,
        "draft": draft,
        "asked": asked,
        "terms": asked.decision.terms,
        "choices": rows_of(order, draft, asked.decision.terms),
        "again": reverse(
            "portal:change_preview", args=[request.shop.slug, visit.token, draft.token]
        ),
        "parts": parts_of(asked, titles),
        "findings": freeze(asked.decision)["findings"],
        "chosen": [(lines[key], line) for key, line in draft.lines.items() if line.quantity],
        "titles": titles,
        "is_tax_derived": "vat" in order.derived,
        "reasons": {one.code: one.label(request.LANGUAGE_CODE) for one in reasons},
        "has_label": bool(labels_of(visit.rma)),
    }
    return render(request, "portal/change_preview.html", page)


def _fixed(request: ShopRequest, visit: Visit) -> HttpResponse:
    """Too late, or never: the page of the return says so at its top."""
    refusal = NotChangeable(number=visit.rma.number, why=fixed_by(visit.rma))
    return return_page(request, visit, ParcelForm(), refused=refusal, place="top")


def _to_return(request: ShopRequest, visit: Visit) -> HttpResponse:
    return redirect("portal:return", slug=request.shop.slug, token=visit.token)
