"""A shop's own words in its letters: a subject, and what stands before and after ours.

What happened, the articles, amounts, dates and what the law wants said are always ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from rebond.domain.conversations.errors import UnknownPlaceholder
from rebond.domain.conversations.filling import filled, unknown_placeholder
from rebond.domain.returns.errors import TextTooLong
from rebond.domain.returns.models import Return
from rebond.domain.shops.models import Shop
from rebond.kernel.actions import action
from rebond.kernel.events import record
from rebond.outbound.notifications.content import Content
from rebond.outbound.notifications.errors import UnknownLetter
from rebond.outbound.notifications.events import LetterWordsChanged
from rebond.outbound.notifications.models import LetterWords

LONGEST_SUBJECT, LONGEST_WORDS = 150, 2000
ABOUT_A_RETURN = ("name", "number", "order", "shop")
ABOUT_PEOPLE = ("name", "shop")

KINDS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(
        (
            "return_requested",
            "return_changed",
            "return_approved",
            "return_declined",
            "return_cancelled",
            "return_expired",
            "label_ready",
            "sending_reminded",
            "parcel_received",
            "discussion_opened",
            "discussion_reminded",
            "pieces_sent_back",
            "grade_answered",
            "shop_wrote",
            "repair_failed",
            "repair_refused",
            "repair_sent_back",
            "repair_turned",
            "price_reduced",
            "missing_reported",
            "missing_answered",
            "missing_ended",
        ),
        ABOUT_A_RETURN,
    ),
    **dict.fromkeys(("refunded", "refund_failed", "gift_card", "store_credit"), ABOUT_PEOPLE),
}
"""The letters that may carry own words, each with what can be put into them.

``number`` is that of the return, or of the report of goods that never arrived. What the law words,
codes and letters to the team carry none.
"""


@dataclass(frozen=True)
class Words:
    """Own words for one letter; an empty subject leaves ours."""

    subject: str = ""
    opening: str = ""
    closing: str = ""

    def __bool__(self) -> bool:
        return bool(self.subject or self.opening or self.closing)


@action
def keep_words(shop: Shop, kind: str, language: str, words: Words, *, by: str) -> Words:
    """Say ``words`` in letters of ``kind`` from now on; none at all where they are empty.

    Raises ``UnknownLetter`` (or a language that the shop does not speak), ``TextTooLong`` and
    ``UnknownPlaceholder``.
    """
    if kind not in KINDS or language not in shop.languages:
        raise UnknownLetter(kind=kind[:40], language=language[:10])
    kept = Words(" ".join(words.subject.split()), words.opening.strip(), words.closing.strip())
    for field, text, longest in (
        ("subject", kept.subject, LONGEST_SUBJECT),
        ("opening", kept.opening, LONGEST_WORDS),
        ("closing", kept.closing, LONGEST_WORDS),
    ):
        if len(text) > longest:
            raise TextTooLong(field=field, limit=longest)
        unknown = unknown_placeholder(text, KINDS[kind])
        if unknown:
            raise UnknownPlaceholder(name=unknown[:40])
    if kept:
        LetterWords.objects.update_or_create(
            shop=shop,
            kind=kind,
            language=language,
            defaults={
                "subject": kept.subject,
                "opening": kept.opening,
                "closing": kept.closing,
            },
        )
    else:
        LetterWords.objects.filter(shop=shop, kind=kind, language=language).delete()
    record(LetterWordsChanged(str(shop.pk), kind, language), shop_id=shop.pk, actor=by)
    return kept


def words_of(shop: Shop, kind: str, language: str) -> Words:
    """What the shop says in letters of ``kind``; empty where it says nothing of its own."""
    row = LetterWords.objects.filter(shop=shop, kind=kind, language=language).first()
    return Words(row.subject, row.opening, row.closing) if row is not None else Words()


def spoken(shop: Shop) -> dict[str, list[str]]:
    """The languages in which a letter carries own words, by its kind."""
    found: dict[str, list[str]] = {}
    rows = LetterWords.objects.filter(shop=shop).order_by("kind", "language")
    for kind, language in rows.values_list("kind", "language"):
        found.setdefault(kind, []).append(language)
    return found


def with_words(content: Content, words: Words, values: Mapping[str, str]) -> Content:
    """``content`` with ``words`` filled in; nothing of what it says is lost."""
    subject = filled(words.subject, values)[:200]
    return replace(
        content,
        subject=" ".join(subject.split()) or content.subject,
        opening=_paragraphs(filled(words.opening, values)),
        closing=_paragraphs(filled(words.closing, values)),
    )


def values_for(shop: Shop, name: str, rma: Return | None) -> dict[str, str]:
    """What placeholders stand for in a letter to ``name``."""
    values = {"name": name, "shop": shop.name}
    if rma is not None:
        order = rma.order.number if rma.order is not None else ""
        values |= {"number": rma.number, "order": order}
    return values


def _paragraphs(text: str) -> list[str]:
    return [part.strip() for part in text.splitlines() if part.strip()]
