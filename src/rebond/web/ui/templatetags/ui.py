"""Filters for templates: amounts, dates, words. Known to every template without loading."""

from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from babel.numbers import format_decimal
from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from rebond.kernel import formats
from rebond.kernel.models import Event as EventRow
from rebond.outbound.telling import sums
from rebond.web.ui import words

register = template.Library()

ICONS = Path(__file__).parents[1] / "static" / "ui" / "vendor" / "lucide-static"


@register.simple_tag
def icon(name: str, classes: str = "") -> SafeString:
    """``{% icon "package" %}``: a drawing for the eye only; words beside it say the same."""
    return format_html(
        '<svg class="icon {}" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
        'stroke-width="2" stroke-linecap="round" stroke-linejoin="round" '
        'aria-hidden="true" focusable="false">{}</svg>',
        classes,
        _strokes(name),
    )


@cache
def _strokes(name: str) -> SafeString:
    drawing = (ICONS / f"{name}.svg").read_text(encoding="utf-8")
    inside = drawing[drawing.index(">", drawing.index("<svg")) + 1 : drawing.rindex("</svg>")]
    return mark_safe(" ".join(inside.split()))


TONES = {
    "request": {
        "requested": "wait",
        "needs_info": "wait",
        "approved": "info",
        "closed": "good",
        "declined": "bad",
    },
    "parcel": {
        "announced": "info",
        "in_transit": "info",
        "delivered": "info",
        "received": "good",
        "lost": "bad",
    },
    "goods": {"kept": "info", "donated": "info"},
    "inspection": {"received": "wait", "compliant": "good", "non_compliant": "bad"},
    "money": {
        "planned": "info",
        "sent": "info",
        "pending": "wait",
        "succeeded": "good",
        "failed": "bad",
    },
    "refund": {
        "reserved": "info",
        "sending": "info",
        "unknown": "wait",
        "pending": "wait",
        "requires_action": "wait",
        "succeeded": "good",
        "failed": "bad",
        "failed_late": "bad",
    },
    "enquiry": {"open": "wait", "answered": "good", "turned": "good"},
    "non_delivery": {"open": "wait", "waiting": "info", "closed": "good"},
    "missing_answer": {"refunded": "good", "refused": "bad", "arrived": "good"},
    "no_receipt": {"waiting": "wait", "paid": "good", "declined": "bad"},
    "repair": {
        "awaited": "info",
        "in_repair": "info",
        "repaired": "wait",
        "failed": "bad",
        "refused": "bad",
        "sent_back": "good",
        "turned": "wait",
        "over": "bad",
    },
    "exchange": {
        "agreed": "info",
        "unpaid": "wait",
        "settled": "info",
        "released": "good",
        "lapsed": "bad",
        "cancelled": "bad",
    },
}


@register.simple_tag
def state(value: str, kind: str) -> SafeString:
    """``{% state rma.request_state "request" %}``: a state as a coloured label with its word."""
    tone = TONES[kind].get(str(value), "")
    return format_html(
        '<span class="state{}">{}</span>', f" state-{tone}" if tone else "", words.word(kind, value)
    )


@register.filter
def money(minor: int | None, currency: str) -> str:
    """``{{ line.total_minor|money:order.currency }}``; a dash for None."""
    if minor is None:
        return "–"
    return formats.money(minor, currency, words.active_language())


@register.filter
def day(value: date | str | None) -> str:
    """A calendar date in words; a dash for None."""
    return formats.day(value, words.active_language()) if value else "–"


@register.filter
def weekday(value: date) -> str:
    """A day of these weeks with its name, such as ``Mon 23 Nov``."""
    return formats.weekday(value, words.active_language())


@register.filter
def moment(value: datetime | None, zone: str) -> str:
    """``{{ rma.requested_at|moment:shop.time_zone }}``; a dash for None."""
    return formats.moment(value, words.active_language(), zone) if value else "–"


@register.filter
def word(value: str, kind: str) -> str:
    """``{{ rma.request_state|word:"request" }}``: the word people see for a state."""
    return words.word(kind, value)


@register.filter
def finding_of(value: dict[str, Any], titles: dict[str, str]) -> str:
    """The sentence for one finding of a policy decision, with ``titles`` for stock codes."""
    return words.finding_sentence(value, titles)


@register.filter
def event(row: EventRow) -> str:
    """What to tell a person about one row of a timeline."""
    return words.event_sentence(row)


@register.filter
def actor(value: str) -> str:
    """Who did it, as people say."""
    return words.actor_name(value)


@register.simple_tag
def told(breakdown: dict[str, Any], titles: dict[str, str]) -> sums.ToldSum:
    """``{% told settlement.breakdown titles as sum %}``: a sum as rows with their reasons."""
    return sums.sum_of(breakdown, titles)


@register.filter
def in_language(labels: dict[str, str]) -> str:
    """The text for the active language out of ``{"fr": …, "en": …}``."""
    return (
        labels.get(words.active_language()) or labels.get("en") or next(iter(labels.values()), "")
    )


@register.filter
def get(mapping: dict[Any, Any], key: Any) -> Any:
    """``mapping[key]``, or nothing."""
    return mapping.get(key)


@register.filter
def tracking_word(status: str) -> str:
    """What a carrier reports, in the reader's words."""
    return words.word("tracking", status)


@register.filter
def label_word(state: str) -> str:
    """How far a label is, in the reader's words."""
    return words.word("label", state)


@register.filter
def claim_word(state: str) -> str:
    """How far the search for a parcel is, in the reader's words."""
    return words.word("claim", state)


@register.filter
def ability_word(ability: str) -> str:
    """What a carrier's plug can do, in the reader's words."""
    return words.word("ability", ability)


@register.filter
def method_word(method: str) -> str:
    """How goods travel back."""
    return words.word("method", method)


@register.filter
def point_kind_word(kind: str) -> str:
    """What a place is where goods are handed in."""
    return words.word("point_kind", kind)


@register.filter
def distance(metres: int) -> str:
    """Metres from the middle of a postcode, no more exact than that is."""
    if metres < 1000:
        return _("under 1 km")
    kilometres = round(metres / 1000, 1) if metres < 10_000 else round(metres / 1000)
    shown = format_decimal(kilometres, locale=words.active_language())
    return _("{n} km").format(n=shown)


@register.filter
def carrier_word(key: str, title: str) -> str:
    """What a carrier's plug is called: its own name, but for those that are ours."""
    return words.word("carrier", key) if key in words.CARRIERS else title
