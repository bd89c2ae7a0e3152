"""The shop's own words in its letters: which carry some, and how one reads."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from rebond.domain.conversations.errors import UnknownPlaceholder
from rebond.domain.conversations.filling import unknown_placeholder
from rebond.domain.conversations.queries import newest_return
from rebond.domain.shops.access import Right
from rebond.domain.shops.models import Shop
from rebond.kernel.errors import RebondError
from rebond.outbound.notifications.content import Content
from rebond.outbound.notifications.own_words import (
    KINDS,
    LONGEST_SUBJECT,
    LONGEST_WORDS,
    Words,
    keep_words,
    spoken,
    values_for,
    with_words,
    words_of,
)
from rebond.outbound.notifications.queries import last_letter
from rebond.web.backoffice.access import DeskRequest, at_desk
from rebond.web.backoffice.letter_words import GROUPS, TITLES
from rebond.web.backoffice.views.pages import show
from rebond.web.ui.words import refusal_sentence


@require_safe
@at_desk(Right.CONFIGURE)
def listed(request: DeskRequest) -> HttpResponse:
    """Every letter that may carry own words, and in which languages it does."""
    own = spoken(request.shop)
    languages = _languages(request.shop)
    groups = [
        (
            _(title),
            [
                (kind, _(TITLES[kind]), [(c, n, c in own.get(kind, ())) for c, n in languages])
                for kind in kinds
            ],
        )
        for title, kinds in GROUPS
    ]
    return show(request, "letters.html", {"groups": groups, "has_words": bool(own)})


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Right.CONFIGURE)
def one(request: DeskRequest, kind: str, language: str) -> HttpResponse:
    """One letter: its own words, how they read, and the last one that was sent."""
    languages = dict(_languages(request.shop))
    if kind not in KINDS or language not in languages:
        raise Http404
    words, refusal = words_of(request.shop, kind, language), None
    if request.method == "POST":
        words = Words(
            *(request.POST.get(name, "")[: LONGEST_WORDS * 2] for name in Words.__annotations__)
        )
        if "look" not in request.POST:
            try:
                keep_words(request.shop, kind, language, words, by=request.by)
            except RebondError as problem:
                refusal = problem
            else:
                messages.success(request, _("Kept. The next letter of this kind says so."))
                return redirect("backoffice:letter", request.shop.slug, kind, language)
    page = {
        "kind": kind,
        "letter_title": _(TITLES[kind]),
        "letter_language": language,
        "tongues": [(code, name, code == language) for code, name in languages.items()],
        "words": words,
        "longest_subject": LONGEST_SUBJECT,
        "longest": LONGEST_WORDS,
        "placeholders": [f"{{{name}}}" for name in KINDS[kind]],
        "last": last_letter(request.shop, kind, language)
        if Right.SEE_PEOPLE in request.rights
        else None,
        **_look(request.shop, kind, words),
    }
    return show(request, "letter_words.html", page, refusal=refusal)


def _look(shop: Shop, kind: str, words: Words) -> dict[str, Any]:
    """How ``words`` would read in a letter about the newest return."""
    rma = newest_return(shop)
    if rma is None or not words:
        return {"read": None, "read_for": rma, "unread": ""}
    every = "\n".join([words.subject, words.opening, words.closing])
    unknown = unknown_placeholder(every, KINDS[kind])
    if unknown:
        refused = refusal_sentence(UnknownPlaceholder(name=unknown[:40]))
        return {"read": None, "read_for": rma, "unread": refused}
    name = rma.shopper.name if rma.shopper is not None else ""
    read = with_words(Content("", []), words, values_for(shop, name, rma))
    return {"read": read, "read_for": rma, "unread": ""}


def _languages(shop: Shop) -> list[tuple[str, str]]:
    return [(code, name) for code, name in settings.LANGUAGES if code in shop.languages]
