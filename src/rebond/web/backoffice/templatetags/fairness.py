"""What the desk says about second looks and fair use."""

from django import template
from django.utils.translation import gettext as _

from rebond.domain.fair_use.models import Appeal, Restriction
from rebond.domain.signals.judging import DETECTORS
from rebond.domain.signals.models import Signal
from rebond.kernel.clock import now
from rebond.outbound.telling.fairness import limit_word, outcome_word, reason_word
from rebond.web.backoffice.fairness_words import CATEGORIES, FOUND, LEVELS, STATES
from rebond.web.ui.words import amount

register = template.Library()
TONES = {"look": "wait", "careful": "bad", "fraud": "bad", "honest": "good", "holds": "wait"}


@register.filter
def level(value: str) -> str:
    """How closely to look."""
    return _(LEVELS[value])


@register.filter
def found_word(value: str) -> str:
    """What somebody found."""
    return _(FOUND[value])


@register.filter
def category(value: str) -> str:
    """The kind of what was confirmed."""
    return _(CATEGORIES[value])


@register.filter
def tone(value: str) -> str:
    """The colour of a word, or nothing."""
    return TONES.get(value, "")


@register.filter
def detector(key: str) -> str:
    """The name of a detector."""
    return _(DETECTORS[key].title) if key in DETECTORS else key


@register.filter
def says(signal: Signal, currency: str) -> str:
    """The sentence of a signal with its numbers."""
    known = DETECTORS.get(signal.detector)
    if known is None:
        return str(signal.detector)
    numbers = {
        name: amount(value, currency) if name.endswith("_minor") else value
        for name, value in signal.numbers.items()
    }
    return _(known.sentence).format_map(numbers)


@register.filter
def limit(value: str) -> str:
    """What is withheld."""
    return limit_word(value)


@register.filter
def restriction_reason(value: str) -> str:
    """Why somebody decided on it."""
    return reason_word(value)


@register.filter
def appeal_outcome(appeal: Appeal) -> str:
    """How an appeal ended."""
    return outcome_word(appeal.outcome)


@register.filter
def restriction_state(restriction: Restriction) -> str:
    """Where a restriction stands, as a key."""
    return restriction.state_at(now())


@register.filter
def state_word(value: str) -> str:
    """Where a restriction stands, in words."""
    return _(STATES[value])


@register.filter
def can_be_lifted(restriction: Restriction) -> bool:
    """Whether there is something left to lift."""
    return restriction.can_be_lifted_at(now())
