"""Filters for templates: amounts, dates, words. Known to every template without loading."""

from datetime import date, datetime
from typing import Any

from django import template

from rebond.kernel import formats
from rebond.web.ui import words

register = template.Library()


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
def moment(value: datetime | None, zone: str) -> str:
    """``{{ rma.requested_at|moment:shop.time_zone }}``; a dash for None."""
    return formats.moment(value, words.active_language(), zone) if value else "–"


@register.filter
def word(value: str, kind: str) -> str:
    """``{{ rma.request_state|word:"request" }}``: the word people see for a state."""
    return words.word(kind, value)


@register.filter
def finding(value: dict[str, Any]) -> str:
    """The sentence for one finding of a policy decision."""
    return words.finding_sentence(value)


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
