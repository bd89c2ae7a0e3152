"""What the warehouse's pages say."""

from django import template
from django.utils.translation import gettext as _

from rebond.web.backoffice.warehouse_words import DEROGATIONS, HEARD, PLACES

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
