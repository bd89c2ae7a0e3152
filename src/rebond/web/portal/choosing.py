"""The steps of a request that one order and a basket of several have in common."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages

from rebond.domain.exchanges.actions import agree_exchange
from rebond.domain.exchanges.wishes import Instead
from rebond.domain.law import conformity_due_on
from rebond.domain.orders.models import Order
from rebond.domain.policies.facts import DONATE, GOODS_INSTEAD, REPAIR, Terms
from rebond.domain.policies.frozen import freeze
from rebond.domain.policies.queries import policy_for
from rebond.domain.refunds.queries import Preview, preview_of
from rebond.domain.refunds.ways import Channel, Yes
from rebond.domain.returns.actions import LONGEST_COMMENT, MOST_PHOTOS
from rebond.domain.returns.errors import PhotoTooLarge, TooManyPhotos
from rebond.domain.returns.images import MOST_BYTES, clean_image
from rebond.domain.returns.models import Reason, Return
from rebond.kernel.clock import now, today
from rebond.kernel.errors import RebondError
from rebond.outbound.telling.sums import titles_of
from rebond.web.portal.access import ShopRequest
from rebond.web.portal.drafts import Draft, add_photo, drop_photo
from rebond.web.portal.forms.choose import Card, dropped, photo_field
from rebond.web.portal.outcomes import gifts_of, parts_of
from rebond.web.portal.outcomes import rows_of as outcomes_of
from rebond.web.portal.views.exchange import can_be_exchanged
from rebond.web.portal.ways import Choice, rows_for, settle_way
from rebond.web.ui.words import refusal_sentence


def take_photos(request: ShopRequest, order: Order, draft: Draft, cards: list[Card]) -> None:
    """Keep the pictures that were added, and drop those that were taken out."""
    for card in cards:
        if card.blocked:
            continue
        for sha256 in dropped(card, request.POST):
            drop_photo(draft, card.line.pk, sha256)
        for upload in request.FILES.getlist(photo_field(card)):
            try:
                if draft.photo_count >= MOST_PHOTOS:
                    raise TooManyPhotos(limit=MOST_PHOTOS)
                if upload.size is None or upload.size > MOST_BYTES:
                    raise PhotoTooLarge(limit="10 MB")
                image = clean_image(upload.read())
            except RebondError as error:
                card.form.is_valid()
                card.form.add_error(None, refusal_sentence(error))
                break
            add_photo(draft, card.line.pk, image, shop_id=order.shop_id)


def note_choice(draft: Draft, cards: list[Card], comment: str) -> None:
    """Write what the forms hold into the draft, as far as it can be read."""
    draft.comment = comment
    for card in cards:
        line = draft.line(card.line.pk)
        card.draft = line
        line.quantity = 0
        if card.blocked:
            continue
        if not card.form.is_valid():
            line.comment = str(card.form["comment"].data or "")[:LONGEST_COMMENT]
            continue
        values = card.form.cleaned_data
        line.reason, line.comment = values["reason"], values["comment"].strip()
        line.answers = card.answers_in(card.form.data)
        if values["chosen"]:
            line.quantity = values["quantity"]


def ask_policy(order: Order, draft: Draft) -> Preview:
    """What the policy says of the draft as it is."""
    moment = now()
    policy = policy_for(order, moment)

    def ask() -> Preview:
        return preview_of(
            order,
            draft.wishes(with_photos=False),
            policy=policy,
            asked_at=moment,
            comment=draft.comment,
            method="" if draft.is_all_given else draft.method,
        )

    asked = ask()
    return ask() if _take_gifts_back(draft, asked.decision.terms) else asked


def _take_gifts_back(draft: Draft, terms: Terms) -> bool:
    """Wish for the money alone where no charity is named any more; whether there was any."""
    offered, gone = terms.charities or {}, False
    for key, line in draft.lines.items():
        if line.outcome == DONATE and line.quantity and not offered.get(key):
            line.outcome, gone = "refund", True
    return gone


def open_ways(order: Order, draft: Draft, asked: Preview) -> list[Choice]:
    """The ways back to choose from; none where the goods are given away."""
    is_sent = not draft.is_all_given
    return rows_for(order.shop, asked.decision.terms, order.shopper) if is_sent else []


def preview_shown(
    request: ShopRequest, order: Order, draft: Draft, asked: Preview
) -> dict[str, Any]:
    """What the preview shows of one order; where there is one way back alone, it is taken."""
    lines = {str(line.pk): line for line in order.lines.all()}
    titles = titles_of(order)
    ways = open_ways(order, draft, asked)
    settle_way(draft, ways)
    return {
        "draft": draft,
        "asked": asked,
        "ways": ways,
        "choices": outcomes_of(order, draft, asked.decision.terms),
        "parts": parts_of(asked, titles),
        "terms": asked.decision.terms,
        "gifts": gifts_of(order, draft, asked.decision.terms),
        "donates": draft.is_all_given,
        "findings": freeze(asked.decision)["findings"],
        "is_repair": any(line.outcome == REPAIR for line in draft.lines.values() if line.quantity),
        "repair_by": _repair_by(order),
        "chosen": [(lines[key], line) for key, line in draft.lines.items() if line.quantity],
        "titles": titles,
        "is_tax_derived": "vat" in order.derived,
        "reasons": reason_words(order, request.LANGUAGE_CODE),
    }


def still_to_choose(request: ShopRequest, rma: Return) -> bool:
    """Whether other goods are to be chosen next; the same article again is held at once."""
    lines = [line for line in rma.lines.order_by("position") if line.outcome in GOODS_INSTEAD]
    if not lines or not can_be_exchanged(rma):
        return False
    if any(line.outcome == "exchange" for line in lines):
        return True
    shopper = rma.shopper
    name = (shopper.email or shopper.name if shopper else "") or rma.number
    again = [Instead(line.pk, line.sku, line.quantity) for line in lines]
    try:
        agree_exchange(rma.pk, again, Yes(Channel.LINK, name), by="shopper")
    except RebondError as error:
        messages.warning(request, refusal_sentence(error))
        return True
    return False


def has_to_choose(rma: Return) -> bool:
    """Whether the page to choose other goods is what comes next."""
    return rma.lines.filter(outcome__in=GOODS_INSTEAD).exists() and can_be_exchanged(rma)


def _repair_by(order: Order) -> date | None:
    """The last day by law to repair what is asked for today. Source: C. conso. L217-10."""
    country = order.country or order.shop.country
    return conformity_due_on(today(order.shop.time_zone)) if country == "FR" else None


def reason_words(order: Order, language: str) -> dict[str, str]:
    """The shop's reasons in words, by code."""
    return {
        reason.code: reason.label(language) for reason in Reason.objects.filter(shop=order.shop_id)
    }
