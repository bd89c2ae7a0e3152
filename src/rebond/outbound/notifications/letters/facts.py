"""What letters about a return have in common."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from rebond.domain.returns.links import token_for
from rebond.domain.returns.models import Return
from rebond.domain.shops.addresses import return_page
from rebond.kernel import formats
from rebond.outbound.telling.outcomes import chosen_rows


def facts_of(rma: Return) -> list[tuple[str, str]]:
    """The return, its order and its articles with what becomes of them."""
    facts = [(_("Return"), rma.number)]
    if rma.order is not None:
        facts.append((_("Order"), rma.order.number))
    return facts + list(chosen_rows(rma.lines.order_by("position")))


def page_of(rma: Return) -> str:
    """The page of the return, by the link that only its shopper gets."""
    return return_page(rma.shop, token_for(rma))


def readable(numbers: dict[str, Any], language: str) -> dict[str, Any]:
    """The numbers of a finding with days as people write them."""
    readable = dict(numbers)
    for name in ("last_day", "guaranteed_until"):
        if name in readable:
            readable[name] = formats.day(readable[name], language)
    return readable
