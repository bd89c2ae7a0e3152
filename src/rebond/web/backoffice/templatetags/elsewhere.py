"""What the pages about happenings elsewhere say: differences, messages, refunds made there."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from rebond.domain.orders.models import Order, Payment
from rebond.domain.refunds.models import Discrepancy
from rebond.domain.refunds.ports import payment_providers

register = template.Library()

OUTSIDE = {
    "assigned": N_("It has its place: its articles, or a gesture."),
    "left": N_("It was left as it is."),
    "gone": N_("The provider says that it failed: its amount is free again."),
}
DIFFERENCES = {
    "ours_only": N_("The provider does not know it"),
    "theirs_only": N_("Only the provider knows it"),
    "amount": N_("Another amount"),
    "state": N_("Another state"),
}
EXPLANATIONS = {
    "left": N_("Left as it is."),
    "assigned": N_("It has its place now."),
}
MESSAGES = {
    "stuck": N_("Not understood"),
    "parked": N_("Being asked about"),
    "not_ours": N_("Not our payment"),
}


@register.filter
def outside_word(state: str) -> str:
    """What became of a refund made elsewhere."""
    return _(OUTSIDE[state])


@register.filter
def gesture_minor(breakdown: Mapping[str, Any]) -> int:
    """What a breakdown gives beside its articles."""
    parts = [*breakdown["lines"], *breakdown["shipping"], *breakdown["fees"]]
    total: int = breakdown["total_minor"] - sum(part["gross_minor"] for part in parts)
    return max(0, total)


@register.filter
def difference_title(kind: str) -> str:
    """In what the two sides differ."""
    return _(DIFFERENCES[kind])


@register.filter
def difference_word(explanation: str) -> str:
    """Why they do, in the words of who said so."""
    return _(EXPLANATIONS[explanation]) if explanation in EXPLANATIONS else explanation


@register.filter
def message_word(result: str) -> str:
    """What came of a provider's message."""
    return _(MESSAGES.get(result, result))


@register.filter
def payment_of_difference(row: Discrepancy) -> Payment | None:
    """The payment of ours that it is about, if any."""
    if row.refund is not None:
        return row.refund.payment
    return row.outside.payment if row.outside is not None else None


@register.filter
def order_of_difference(row: Discrepancy) -> Order | None:
    """The order of ours that it is about, if any."""
    payment = payment_of_difference(row)
    return payment.order if payment is not None else None


@register.filter
def can_be_asked(provider: str) -> bool:
    """Whether the provider has a list of refunds."""
    return provider in payment_providers and payment_providers[provider].can_be_asked
