"""A draft of the policy, changed card by card; every button sends all cards, so nothing is lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from rebond.domain.policies.actions import replace_draft
from rebond.domain.policies.engine import RULES, UnreadablePolicy
from rebond.domain.policies.errors import PolicyAlreadyPublished, PolicyChangedMeanwhile
from rebond.domain.policies.marketplaces import MARKETPLACES, rules_for
from rebond.domain.policies.models import PolicyVersion, Standing
from rebond.domain.policies.retired import RETIRED
from rebond.domain.shops.access import Right
from rebond.kernel.errors import RebondError
from rebond.web.backoffice.access import DeskRequest, at_desk
from rebond.web.backoffice.forms.policy_sheet import PARTS, Card, Sheet, document_of
from rebond.web.backoffice.policy.sentences import change_sentences, kind_title
from rebond.web.backoffice.policy.words import KINDS
from rebond.web.backoffice.queries.policies import (
    Beside,
    beside_of,
    example_of,
    find_version,
    speaker_of,
)
from rebond.web.backoffice.views.pages import show

LIFTED = "policy_rule_removed"
KEEPS_NOTHING = frozenset({"look", "when", "unless", "drop"})
"""Buttons after which the page is shown again and nothing is written yet."""


@dataclass
class Work:
    """One draft on the desk, with the cards as they are typed."""

    draft: PolicyVersion
    sheet: Sheet
    revision: int
    opens: str = ""
    focus: str = ""
    theirs: list[tuple[str, str]] | None = None
    cards: list[Card] = field(default_factory=list)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(Right.CONFIGURE)
def edit(request: DeskRequest, number: int) -> HttpResponse:
    """The cards of a draft: change, add, order, try, keep."""
    draft, standing = find_version(request.shop, number)
    if standing is not Standing.DRAFT:
        return redirect("backoffice:policy_version", slug=request.shop.slug, number=number)
    say = speaker_of(request.shop)
    if request.method != "POST":
        opens, focus = request.GET.get("open", ""), request.GET.get("focus", "")
        sheet = Sheet.of(draft.document, say)
        return _page(request, Work(draft, sheet, draft.revision, opens, focus))
    work = Work(draft, Sheet.typed(request.POST, draft.document, say), _revision(request))
    verb = _do(request, work)
    if verb in KEEPS_NOTHING:
        return _page(request, work, is_typed=True)
    return _keep(request, work)


@require_POST
@at_desk(Right.CONFIGURE)
def look(request: DeskRequest, number: int) -> HttpResponse:
    """What follows from what is typed just now: sentences, the law, the example."""
    draft, _standing = find_version(request.shop, number)
    sheet = Sheet.typed(request.POST, draft.document, speaker_of(request.shop))
    work = Work(draft, sheet, _revision(request))
    return render(request, "backoffice/policy_look.html", _seen(request, work) | {"live": True})


def _do(request: DeskRequest, work: Work) -> str:
    """Do what the button says to the sheet; returns its verb."""
    verb, _sep, rest = request.POST.get("do", "save")[:120].partition(":")
    prefix, _sep, name = rest.partition(":")
    if verb == "add":
        _add(request, work)
    elif verb == "market":
        _add_marketplace(work, rest)
    elif verb == "restore":
        _restore(request, work)
    elif prefix in work.sheet.order:
        _do_to_rule(request, work, verb, prefix, name)
    return verb


def _do_to_rule(request: DeskRequest, work: Work, verb: str, prefix: str, name: str) -> None:
    sheet = work.sheet
    work.opens = prefix
    if verb in {"up", "down"}:
        sheet.move(prefix, -1 if verb == "up" else 1)
        work.focus, work.opens = verb, ""
    elif verb == "copy":
        entry = _entry(sheet, prefix)
        fresh = {**entry, "id": _free_name(sheet, str(entry.get("id") or entry["kind"]))}
        work.opens = sheet.put(fresh, sheet.order.index(prefix) + 1)
    elif verb == "remove":
        _remove(request, work, prefix)
    elif verb in PARTS:
        asked = request.POST.get(f"{prefix}-{verb}-add", "")
        sheet.show_condition(prefix, verb, asked)
    elif verb == "drop":
        part, _sep, condition = name.partition(".")
        if part in PARTS:
            sheet.hide_condition(prefix, part, condition)


def _add(request: DeskRequest, work: Work) -> None:
    kind = request.POST.get("kind", "")
    if kind in RULES and kind not in RETIRED:
        entry = {"kind": kind, "id": _free_name(work.sheet, kind_title(kind))}
        work.opens = work.sheet.put(entry, len(work.sheet.order))


def _add_marketplace(work: Work, key: str) -> None:
    """Put a marketplace's rules before the others, so that they count for its orders."""
    if key not in {one.key for one in MARKETPLACES}:
        return
    own = [card.entry for card in work.sheet.cards]
    for place, rule in enumerate(rules_for(key, own)):
        fresh = {**rule, "id": _free_name(work.sheet, rule["id"])}
        work.opens = work.sheet.put(fresh, place)


def _remove(request: DeskRequest, work: Work, prefix: str) -> None:
    """Take a rule out; for a while it can be put back."""
    place = work.sheet.order.index(prefix)
    request.session[LIFTED] = {
        "draft": work.draft.number,
        "place": place,
        "rule": _entry(work.sheet, prefix),
    }
    work.sheet.order.remove(prefix)
    work.opens = ""


def _restore(request: DeskRequest, work: Work) -> None:
    lifted = request.session.pop(LIFTED, None)
    if lifted and lifted["draft"] == work.draft.number:
        work.opens = work.sheet.put(lifted["rule"], lifted["place"])


def _keep(request: DeskRequest, work: Work) -> HttpResponse:
    """Write the draft; where that is not possible, the same page with everything typed."""
    work.cards = work.sheet.cards
    try:
        document = document_of(work.cards, work.sheet.base)
    except UnreadablePolicy as problem:
        return _page(request, work, error=str(problem), is_typed=True)
    try:
        replace_draft(
            request.shop,
            work.draft.number,
            document,
            note=work.draft.note,
            revision=work.revision,
            by=request.by,
        )
    except PolicyChangedMeanwhile as refusal:
        return _crossed(request, work, document, refusal)
    except PolicyAlreadyPublished as refusal:
        return _page(request, work, refusal=refusal, is_typed=True)
    if request.POST.get("do", "save") == "save":
        messages.success(request, _("Kept. Nothing changes for customers until you publish."))
    return redirect(_address(request, work))


def _crossed(
    request: DeskRequest, work: Work, document: Mapping[str, Any], refusal: RebondError
) -> HttpResponse:
    """Somebody else kept the draft meanwhile: both are shown, the next click decides."""
    theirs, _standing = find_version(request.shop, work.draft.number)
    work.draft, work.revision = theirs, theirs.revision
    work.theirs = change_sentences(theirs.document, document, work.sheet.say)
    return _page(request, work, refusal=refusal, is_typed=True)


def _page(
    request: DeskRequest,
    work: Work,
    *,
    error: str = "",
    refusal: RebondError | None = None,
    is_typed: bool = False,
) -> HttpResponse:
    lifted = request.session.get(LIFTED) or {}
    page = _seen(request, work) | {
        "draft": work.draft,
        "revision": work.revision,
        "kinds": sorted(((kind, kind_title(kind), _(KINDS[kind][1])) for kind in RULES
                         if kind not in RETIRED), key=lambda one: one[1]),
        "marketplaces": MARKETPLACES,
        "error": error,
        "theirs": work.theirs,
        "is_typed": is_typed,
        "lifted": lifted.get("rule") if lifted.get("draft") == work.draft.number else None,
    }  # fmt: skip
    return show(request, "policy_edit.html", page, status=422 if error else 200, refusal=refusal)


def _seen(request: DeskRequest, work: Work) -> dict[str, Any]:
    """The cards with what is wrong with each, the example, and what stands beside."""
    cards = work.cards or work.sheet.cards
    example = example_of(request.shop, request.POST if request.method == "POST" else None)
    document = _readable(cards, work.sheet)
    beside = beside_of(request.shop, document, example)
    _mark(cards, document, beside)
    for card in cards:
        card.is_open = card.has_errors or card.prefix == work.opens
        card.focus = work.focus if card.prefix == (work.opens or request.GET.get("rule")) else ""
    by_name = {card.id.strip(): card.prefix for card in cards}
    return {"cards": cards, "example": example, "beside": beside, "by_name": by_name}


def _readable(cards: list[Card], sheet: Sheet) -> dict[str, Any] | None:
    try:
        return document_of(cards, sheet.base)
    except UnreadablePolicy:
        return None


def _mark(cards: list[Card], document: dict[str, Any] | None, beside: Beside) -> None:
    """Tell each card what the law and the other rules say of it."""
    for card, entry in zip(cards, document["rules"] if document else (), strict=False):
        name = entry["id"]
        card.breaches = [one for one in beside.refused if one.rule == name]
        card.problems = [sentence for rule, sentence in beside.problems if rule == name]


def _entry(sheet: Sheet, prefix: str) -> dict[str, Any]:
    return next(card.entry for card in sheet.cards if card.prefix == prefix)


def _free_name(sheet: Sheet, wanted: str) -> str:
    taken = {card.id.strip() for card in sheet.cards}
    name, n = wanted[:50], 2
    while name in taken:
        name, n = f"{wanted[:50]} {n}", n + 1
    return name


def _address(request: DeskRequest, work: Work) -> str:
    """The page again, at the rule that was worked on; prefixes are counted anew."""
    path = reverse("backoffice:policy_edit", args=[request.shop.slug, work.draft.number])
    verb, _sep, rest = request.POST.get("do", "").partition(":")
    touched = work.opens or rest.partition(":")[0]
    if touched not in work.sheet.order:
        return path
    here = f"r{work.sheet.order.index(touched)}"
    if work.focus:
        # A browser gives no focus by itself to a page that is opened at a place of its own.
        return f"{path}?{urlencode({'rule': here, 'focus': verb})}"
    return f"{path}?{urlencode({'open': here})}#{here}"


def _revision(request: DeskRequest) -> int:
    text = request.POST.get("revision", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
