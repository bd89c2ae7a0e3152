"""How the desk says what a trial found out."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from rebond.domain.policies.breaches import Breach
from rebond.domain.policies.checking import SENTENCES
from rebond.insights.trials.comparing import OTHERS
from rebond.insights.trials.report import Sums
from rebond.insights.trials.telling import VERDICT_WORDS
from rebond.kernel import formats
from rebond.web.ui.words import active_language

register = template.Library()

SEGMENT_WORDS = {
    "reason": N_("By reason"),
    "category": N_("By category"),
    "country": N_("By country"),
    "customer": N_("By customer"),
    "consumer": N_("Private people"),
    "business": N_("Companies"),
    "offers_credit": N_("could choose store credit"),
    "offers_gift_card": N_("could choose a gift card"),
    "offers_goods": N_("could choose other goods"),
    "offers_discount": N_("could keep it with a discount"),
    "offers_donation": N_("could give it to a charity"),
    "keeps_goods": N_("could keep the article"),
    "shop_pays_parcel": N_("way back at your cost"),
    "fees": N_("fees kept"),
    "stays": N_("stays with you: credit, gift cards, other goods"),
    "bonus": N_("bonus on top of credit"),
    "way_back": N_("what the way back costs you, estimated"),
}


@register.filter
def verdict(name: str) -> str:
    """“accepted at once”."""
    return str(VERDICT_WORDS[name]())


@register.filter
def trial_word(name: str) -> str:
    """The words for a segment or a count."""
    return _(SEGMENT_WORDS[name]) if name in SEGMENT_WORDS else name


@register.filter
def segment_value(value: str, reasons: dict[str, str]) -> str:
    """A value of a segment in words; what has none is said to have none."""
    if value == OTHERS:
        return _("all others")
    if not value:
        return _("not said")
    return reasons.get(value) or trial_word(value)


@register.filter
def count(value: int) -> str:
    """A number with its thousands apart."""
    return formats.number(value, active_language())


@register.filter
def signed(sums: Sums) -> str:
    """A difference of money with its sign; a dash for none."""
    if not sums.difference:
        return "–"
    amount = formats.money(abs(sums.difference), sums.currency, active_language())
    return f"{'+' if sums.difference > 0 else '−'}{amount}"


@register.filter
def breach(value: Breach) -> str:
    """What the law does not allow, with its articles."""
    text = _(SENTENCES[value.code]).format_map(dict(value.numbers))
    return f"{text} ({'; '.join(value.articles)})"


@register.simple_tag
def bar(value: int, whole: int, tone: str) -> SafeString:
    """A bar for the eye only, ``value`` of ``whole`` long; the number stands beside it."""
    share = value * 100 / whole if whole else 0
    shown = max(share, 0.8) if value else 0
    return format_html(
        '<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" '
        'focusable="false"><rect class="bar-ground" width="100" height="8"></rect>'
        '<rect class="bar-{}" width="{}" height="8"></rect></svg>',
        tone,
        f"{shown:.2f}",
    )


@register.simple_tag
def two_bars(row: Any, whole: int) -> SafeString:
    """Kinder and stricter behind each other, out of ``whole``."""
    kinder = row.kinder * 100 / whole if whole else 0
    stricter = row.stricter * 100 / whole if whole else 0
    return format_html(
        '<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" '
        'focusable="false"><rect class="bar-ground" width="100" height="8"></rect>'
        '<rect class="bar-kinder" width="{}" height="8"></rect>'
        '<rect class="bar-stricter" x="{}" width="{}" height="8"></rect></svg>',
        f"{kinder:.2f}",
        f"{kinder:.2f}",
        f"{stricter:.2f}",
    )
