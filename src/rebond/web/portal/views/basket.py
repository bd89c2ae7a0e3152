"""Several orders at once: choose what comes back of each, see what that means, send it all."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rebond.domain.orders.models import Order
from rebond.domain.refunds.queries import Preview
from rebond.domain.returns.actions import LONGEST_COMMENT
from rebond.domain.returns.models import Return
from rebond.domain.shipping.actions import request_basket
from rebond.domain.shipping.actions.baskets import OfOrder
from rebond.domain.shipping.errors import BasketRefused
from rebond.domain.shipping.methods import bearers
from rebond.domain.shipping.sharing import MOST_IN_A_BOX
from rebond.kernel.clock import local_date, now
from rebond.kernel.errors import RebondError
from rebond.outbound.telling.ways import WAYS
from rebond.web.portal.access import ShopRequest, in_shop, is_theirs, lost, proven_mailbox
from rebond.web.portal.choosing import (
    ask_policy,
    has_to_choose,
    note_choice,
    open_ways,
    preview_shown,
    still_to_choose,
    take_photos,
)
from rebond.web.portal.drafts import (
    Basket,
    Draft,
    basket_of,
    begin_sending,
    forget_photos,
    give_up_sending,
    keep_basket,
    new_basket,
    note_sent,
    sent_as,
)
from rebond.web.portal.forms.choose import Card, cards_for, page_count, why_blocked
from rebond.web.portal.outcomes import take_outcomes
from rebond.web.portal.progress import Ball, ball_of
from rebond.web.portal.ways import Choice
from rebond.web.ui.letters import letters_leave
from rebond.web.ui.refusals import STATUS
from rebond.web.ui.words import refusal_sentence

ANOTHER_CLICK_TAKES = 10.0


@dataclass
class Part:
    """One order of the basket, with what was filled in and what the policy says of it."""

    order: Order
    draft: Draft
    place: int
    cards: list[Card]
    asked: Preview | None = None
    shown: dict[str, Any] | None = None

    @property
    def before(self) -> str:
        """What the names of its fields begin with."""
        return f"o{self.place}-"

    @property
    def is_empty(self) -> bool:
        """Whether nothing of it comes back."""
        return not any(line.quantity for line in self.draft.lines.values())

    @property
    def is_sent(self) -> bool:
        """Whether it is part of what is sent."""
        return self.asked is not None and not self.asked.is_declined


@dataclass(frozen=True)
class Made:
    """A return that was asked for, where it stands, and whether other goods are to be chosen."""

    rma: Return
    ball: Ball
    chooses: bool


@require_POST
@in_shop
def begin(request: ShopRequest) -> HttpResponse:
    """Take the orders that were ticked; one alone goes its own way."""
    mailbox = proven_mailbox(request)
    wanted = {number.lower() for number in request.POST.getlist("order")}
    if not mailbox:
        return lost(request)
    if not 1 <= len(wanted) <= MOST_IN_A_BOX:
        messages.warning(request, _too_many() if wanted else _("Please tick the orders first."))
        return redirect("portal:own_orders", slug=request.shop.slug)
    orders = list(
        Order.objects.filter(
            shop=request.shop, shopper__email_key=mailbox, number_key__in=wanted
        ).order_by("-ordered_at", "-id")
    )
    if len(orders) < len(wanted):
        return lost(request)
    alone = next((order for order in orders if page_count(order) > 1), None)
    if alone is not None and len(orders) > 1:
        sentence = _("Order {number} has very many articles: please open it by itself.")
        messages.warning(request, sentence.format(number=alone.number))
        return redirect("portal:own_orders", slug=request.shop.slug)
    if len(orders) == 1:
        return redirect("portal:order", slug=request.shop.slug, number=orders[0].number)
    basket = new_basket(orders)
    keep_basket(request, basket)
    return redirect("portal:basket", slug=request.shop.slug, token=basket.token)


@require_http_methods(["GET", "HEAD", "POST"])
@in_shop
def choose(request: ShopRequest, token: str) -> HttpResponse:
    """Show the lines of all orders, or take what was chosen and go on to the preview."""
    basket = basket_of(request, token)
    parts = _parts(request, basket, data=request.POST if request.method == "POST" else None)
    if basket is None or parts is None:
        return lost(request)
    if basket.sent:
        return redirect("portal:basket_done", slug=request.shop.slug, token=token)
    if request.method != "POST":
        return _choice_page(request, basket, parts)
    for part in parts:
        take_photos(request, part.order, part.draft, part.cards)
        comment = request.POST.get(f"{part.before}comment", "")
        note_choice(part.draft, part.cards, comment)
    keep_basket(request, basket)
    if any(card.errors for part in parts for card in part.cards if not card.blocked):
        return _choice_page(request, basket, parts, status=422)
    if all(part.is_empty for part in parts):
        refused = _("Please choose at least one article.")
        return _choice_page(request, basket, parts, refused=refused, status=422)
    for part in parts:
        try:
            if not part.is_empty:
                ask_policy(part.order, part.draft)
        except RebondError as error:
            return _refused_page(request, basket, parts, part.order.number, error)
    return redirect("portal:basket_preview", slug=request.shop.slug, token=token)


@require_http_methods(["GET", "HEAD", "POST"])
@in_shop
def preview(request: ShopRequest, token: str) -> HttpResponse:
    """Show what would come back for all orders, before anything is sent."""
    basket = basket_of(request, token)
    parts = _parts(request, basket)
    if basket is None or parts is None:
        return lost(request)
    if basket.sent:
        return redirect("portal:basket_done", slug=request.shop.slug, token=token)
    if all(part.is_empty for part in parts):
        return redirect("portal:basket", slug=request.shop.slug, token=token)
    if request.method == "POST":
        _take_choices(basket, request.POST)
        keep_basket(request, basket)
        return redirect("portal:basket_preview", slug=request.shop.slug, token=token)
    try:
        ways = _judge(request, basket, parts)
    except BasketRefused as error:
        return _basket_refused(request, basket, parts, error)
    return _preview_page(request, basket, parts, ways)


@require_POST
@in_shop
def send(request: ShopRequest, token: str) -> HttpResponse:
    """Send all, once: a second click or a reload leads to the same returns."""
    basket = basket_of(request, token)
    parts = _parts(request, basket)
    if basket is None or parts is None:
        return lost(request)
    if not basket.sent and _take_choices(basket, request.POST):
        keep_basket(request, basket)
        messages.info(request, _("You changed your choice. This is what it means."))
        return redirect("portal:basket_preview", slug=request.shop.slug, token=token)
    if not begin_sending(basket):
        basket.sent = basket.sent or sent_as(basket, wait_seconds=ANOTHER_CLICK_TAKES)
        keep_basket(request, basket)
        done = "portal:basket_done" if basket.sent else "portal:basket_preview"
        return redirect(done, slug=request.shop.slug, token=token)
    try:
        return _send(request, basket, parts)
    except RebondError as error:
        give_up_sending(basket)
        return _basket_refused(request, basket, parts, error)


@require_safe
@in_shop
def done(request: ShopRequest, token: str) -> HttpResponse:
    """The returns that were made of it, each with its next step."""
    basket = basket_of(request, token)
    if basket is None or not basket.sent or not proven_mailbox(request):
        return lost(request)
    numbers = basket.sent.split()
    mine = Q(number__in=numbers) | Q(split_from__number__in=numbers)
    found = Return.objects.filter(mine, shop=request.shop)
    found = found.select_related("shop", "order__shopper", "shopper").order_by("number")
    made = [
        Made(rma, ball_of(rma), has_to_choose(rma))
        for rma in found
        if rma.order is not None and is_theirs(request, rma.order)
    ]
    sent = sum(not one.rma.keeps_goods for one in made)
    return render(request, "portal/basket/done.html", {"made": made, "sends_many": sent > 1})


def _parts(request: ShopRequest, basket: Basket | None, data: Any = None) -> list[Part] | None:
    """The orders of the basket; None where one is not of the mailbox that was proven."""
    if basket is None:
        return None
    ids = [draft.order_id for draft in basket.drafts]
    rows = Order.objects.filter(shop=request.shop, pk__in=ids).select_related("shop", "shopper")
    orders = {str(order.pk): order for order in rows}
    if not all(key in orders and is_theirs(request, orders[key]) for key in ids):
        return None
    parts = []
    for place, draft in enumerate(basket.drafts):
        part = Part(orders[draft.order_id], draft, place, [])
        part.cards = cards_for(
            part.order,
            page=1,
            lines=draft.lines,
            data=data,
            language=request.LANGUAGE_CODE,
            before=part.before,
        )
        parts.append(part)
    return parts


def _take_choices(basket: Basket, posted: Any) -> bool:
    """Write what was chosen on the preview into the basket; whether anything is different now."""
    changed = False
    for draft in basket.drafts:
        changed = take_outcomes(draft, posted) or changed
    method = str(posted.get("method", ""))[:16]
    if method in WAYS and method != basket.method:
        basket.method, changed = method, True
    return changed


def _judge(request: ShopRequest, basket: Basket, parts: list[Part]) -> list[Choice]:
    """Ask the policy about each order; returns the ways back that all of them offer.

    The fee of a way is charged once: it stands in the sum of the order that bears it. Raises
    ``BasketRefused``.
    """
    wanted = [part for part in parts if not part.is_empty]
    offered: list[dict[str, Choice]] = []
    for part in wanted:
        part.draft.method = ""
        part.asked = _asked(part)
        ways = [] if part.asked.is_declined else open_ways(part.order, part.draft, part.asked)
        offered.append({way.method: way for way in ways})
    ways = _common(offered)
    if basket.method not in {way.method for way in ways}:
        basket.method = ways[0].method if len(ways) == 1 else ""
    fees = [
        (part.order.currency, rows[basket.method].fee_minor if basket.method in rows else None)
        for part, rows in zip(wanted, offered, strict=True)
    ]
    bearing = bearers(fees)
    for place, part in enumerate(wanted):
        if place in bearing and fees[place][1]:
            part.draft.method = basket.method
            part.asked = _asked(part)
        assert part.asked is not None
        part.shown = preview_shown(request, part.order, part.draft, part.asked)
    return ways


def _asked(part: Part) -> Preview:
    try:
        return ask_policy(part.order, part.draft)
    except RebondError as problem:
        refused = BasketRefused(order=part.order.number, limit=MOST_IN_A_BOX, why=problem.code)
        raise refused from problem


def _common(offered: list[dict[str, Choice]]) -> list[Choice]:
    """The ways that every order has which has any, each at its lowest fee."""
    with_ways = [rows for rows in offered if rows]
    if not with_ways:
        return []
    first, *others = with_ways
    return [
        min((rows[way] for rows in with_ways), key=lambda row: row.fee_minor)
        for way in first
        if all(way in rows for rows in others)
    ]


def _send(request: ShopRequest, basket: Basket, parts: list[Part]) -> HttpResponse:
    ways = _judge(request, basket, parts)
    sent = [part for part in parts if part.is_sent]
    shown = set(request.POST.getlist("sends"))
    if not sent or {part.order.number for part in sent} != shown:
        give_up_sending(basket)
        messages.warning(request, _("Something has changed meanwhile. Please look once more."))
        return redirect("portal:basket_preview", slug=request.shop.slug, token=basket.token)
    if ways and not basket.method:
        give_up_sending(basket)
        messages.info(request, _("Please choose how you send it."))
        return redirect("portal:basket_preview", slug=request.shop.slug, token=basket.token)
    for part in sent:
        assert part.asked is not None
        if part.asked.decision.terms.keeps_goods:
            for line in part.draft.lines.values():
                line.outcome = "refund"
    made = request_basket(
        [
            OfOrder(part.order, part.draft.wishes(with_photos=True), part.draft.comment)
            for part in sent
        ],
        method=basket.method,
        asked_at=now(),
        language=request.LANGUAGE_CODE,
        by="shopper",
    )
    for rma in made:
        still_to_choose(request, rma)
    note_sent(basket, " ".join(rma.number for rma in made))
    for part in parts:
        forget_photos(part.draft)
    keep_basket(request, basket)
    messages.success(
        request,
        _("Your request is sent. We have also written you one e-mail with all you need.")
        if letters_leave()
        else _("Your request is sent."),
    )
    return redirect("portal:basket_done", slug=request.shop.slug, token=basket.token)


def _choice_page(
    request: ShopRequest,
    basket: Basket,
    parts: list[Part],
    *,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    zone = request.shop.time_zone
    page = {
        "basket": basket,
        "parts": [(part, local_date(part.order.ordered_at, zone)) for part in parts],
        "cards": [card for part in parts for card in part.cards],
        "has_problems": any(card.errors for part in parts for card in part.cards),
        "is_nothing_left": all(
            why_blocked(part.order, card.line) for part in parts for card in part.cards
        ),
        "longest": LONGEST_COMMENT,
        "refused": refused,
    }
    return render(request, "portal/basket/choose.html", page, status=status)


def _preview_page(
    request: ShopRequest, basket: Basket, parts: list[Part], ways: list[Choice]
) -> HttpResponse:
    judged = [part for part in parts if part.asked is not None]
    sent = [part for part in judged if part.is_sent]
    totals: Counter[str] = Counter()
    for part in sent:
        if part.asked is not None and part.asked.breakdown:
            totals[part.order.currency] += part.asked.breakdown["total_minor"]
    page = {
        "basket": basket,
        "judged": judged,
        "sent": sent,
        "is_declined": not sent,
        "ways": ways,
        "currency": sent[0].order.currency if sent else "",
        "totals": sorted(totals.items()),
        "by_hand": any(part.asked is not None and not part.asked.breakdown for part in sent),
        "has_choices": any(part.shown and part.shown["choices"] for part in sent),
        "to_send": [
            part
            for part in sent
            if part.asked is not None
            and not (part.asked.decision.terms.keeps_goods or part.draft.is_all_given)
        ],
        "is_immediate": all(part.asked is not None and part.asked.is_immediate for part in sent),
    }
    return render(request, "portal/basket/preview.html", page, status=409 if not sent else 200)


def _basket_refused(
    request: ShopRequest, basket: Basket, parts: list[Part], error: RebondError
) -> HttpResponse:
    cause = error.__cause__ if isinstance(error.__cause__, RebondError) else error
    return _refused_page(request, basket, parts, str(error.facts.get("order", "")), cause)


def _refused_page(
    request: ShopRequest, basket: Basket, parts: list[Part], number: str, error: RebondError
) -> HttpResponse:
    refused = refusal_sentence(error)
    if number:
        told = _("Order {number}: {problem} Nothing was sent.")
        refused = told.format(number=number, problem=refused)
    status = STATUS[error.kind]
    return _choice_page(request, basket, parts, refused=refused, status=status)


def _too_many() -> str:
    return ngettext(
        "At most {n} order at once, please.", "At most {n} orders at once, please.", MOST_IN_A_BOX
    ).format(n=MOST_IN_A_BOX)
