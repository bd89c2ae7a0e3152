"""What a shopper chose for an article, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from rebond.domain.returns.models import ReturnLine

OUTCOMES = {
    "refund": N_("money back"),
    "store_credit": N_("store credit"),
    "gift_card": N_("a gift card"),
    "exchange": N_("another size or colour"),
    "replacement": N_("the same article again"),
    "repair": N_("a repair"),
}


def chosen_word(outcome: str) -> str:
    """“store credit”; empty for what no shopper chooses, like a charge of an imported return."""
    text = OUTCOMES.get(outcome)
    return _(text) if text else ""


def chosen_rows(lines: Iterable[ReturnLine]) -> Iterator[tuple[str, str]]:
    """Title and choice of each line, where something else than money was chosen for one."""
    shown = list(lines)
    if all(line.outcome in {"refund", "charge"} for line in shown):
        return
    for line in shown:
        if chosen := chosen_word(line.outcome):
            yield line.title, chosen
