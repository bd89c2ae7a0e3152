"""What the warehouse's pages say."""

from django import template
from django.utils.translation import gettext as _

from rebond.outbound.stock.queries import Offered
from rebond.web.backoffice.warehouse_words import (
    ANSWERS,
    DEROGATIONS,
    HEARD,
    PLACES,
    REPORTS,
    SYSTEMS,
)

register = template.Library()


@register.filter
def heard_sentence(value: str) -> str:
    """What a scan turned out to be."""
    return _(HEARD[value][0])


@register.filter
def heard_tone(value: str) -> str:
    """``good``, ``wait`` or ``bad``."""
    return HEARD[value][1]


@register.filter
def heard_icon(value: str) -> str:
    """The picture beside the sentence."""
    return HEARD[value][2]


@register.filter
def place_word(value: str) -> str:
    """What a location is for."""
    return _(PLACES[value])


@register.filter
def derogation_word(value: str) -> str:
    """Why goods may be destroyed."""
    return _(DEROGATIONS[value])


@register.filter
def report_word(value: str) -> str:
    """Whether the shop's system heard of a movement."""
    return _(REPORTS[value][0])


@register.filter
def report_tone(value: str) -> str:
    """``good``, ``wait``, ``bad``, or empty."""
    return REPORTS[value][1]


@register.filter
def system_word(value: str) -> str:
    """What it means to tell this system; empty for a plug of somebody else's."""
    return _(SYSTEMS[value][1]) if value in SYSTEMS else ""


@register.filter
def system_title(one: Offered) -> str:
    """The system's name; a plug of somebody else's brings its own."""
    return _(SYSTEMS[one.key][0]) if one.key in SYSTEMS else one.title


@register.filter
def answer_word(value: str) -> str:
    """What the shop's system answered; words of its own as they came."""
    return _(ANSWERS[value]) if value in ANSWERS else value
