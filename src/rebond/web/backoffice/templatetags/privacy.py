"""How the desk speaks of personal data."""

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

register = template.Library()

KINDS = {
    "identity": (N_("Names, addresses"), N_("from the last order")),
    "requests": (N_("Comments, notes, answers"), N_("from the end of the return")),
    "photos": (N_("Photos"), N_("from the end of the return")),
    "messages": (N_("Letters and messages"), N_("from the end of the return")),
    "tracking": (N_("Parcels and labels"), N_("from the end of the return")),
    "signals": (N_("Second looks, restrictions"), N_("from their day")),
    "bank": (N_("Bank details, provider reports"), N_("from the last transfer")),
    "technical": (N_("Codes, failed jobs, copies handed out"), N_("from their day")),
    "statements": (N_("Statements and consents"), N_("from their day")),
    "documents": (N_("Credit notes, refunds, books"), N_("from the end of the year")),
}
ASKED = {"copy": N_("A copy of their data"), "erase": N_("Erasure")}
ENDED = {"done": N_("Done"), "refused": N_("Refused")}


@register.filter
def data_kind(kind: str) -> str:
    """A kind of data in words."""
    return _(KINDS[kind][0])


@register.filter
def data_from(kind: str) -> str:
    """From when on its time is counted."""
    return _(KINDS[kind][1])


@register.filter
def data_asked(kind: str) -> str:
    """What somebody asks for."""
    return _(ASKED[kind])


@register.filter
def data_ended(state: str) -> str:
    """How a request ended."""
    return _(ENDED[state])
