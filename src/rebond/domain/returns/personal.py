"""What a return holds about the person who sends it: words and photos."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from rebond.domain.shoppers.holdings import About, DataKind, Holding, Subject, before


def of_return(path: str = "") -> About:
    """Rows of returns that the person filed; who bought what another sent back is told nothing."""
    to = f"{path}__" if path else ""

    def found(who: Subject) -> Q:
        unnamed = Q(**{f"{to}shopper": None, f"{to}order__shopper__in": who.shoppers})
        return Q(**{f"{to}shopper__in": who.shoppers}) | unnamed

    return found


def without_marks(terms: Any) -> Any:
    """The frozen decision without the marks by which the person could be found again."""
    if not isinstance(terms, dict) or not isinstance(terms.get("facts"), dict):
        return terms
    facts = {**terms["facts"], "shopper_marks": [], "shopper_tags": []}
    return {**terms, "facts": facts}


HOLDINGS = [
    Holding(
        "returns.Photo",
        DataKind.PHOTOS,
        of_return("rma"),
        ("sha256",),
        aged=before("rma__closed_at"),
        told=("rma__number", "taken_by", "added_at"),
        files=("file",),
        is_removed=True,
    ),
    Holding(
        "returns.Donation",
        DataKind.REQUESTS,
        of_return("rma"),
        ("note",),
        aged=before("rma__closed_at"),
        told=("rma__number", "charity"),
    ),
    Holding(
        "returns.Note",
        DataKind.REQUESTS,
        of_return("rma"),
        ("text",),
        aged=before("rma__closed_at"),
        told=("rma__number", "at"),
    ),
    Holding(
        "returns.ReturnLine",
        DataKind.REQUESTS,
        of_return("rma"),
        ("comment",),
        aged=before("rma__closed_at"),
        told=("rma__number", "sku", "title", "quantity", "reason__code", "outcome"),
    ),
    Holding(
        "returns.Return",
        DataKind.REQUESTS,
        of_return(),
        ("comment", "decline_note", "terms"),
        aged=before("closed_at"),
        told=("number", "requested_at", "request_state", "money_state", "closed_at"),
        rewritten={"terms": without_marks},
        holds=Q(terms__facts__shopper_marks__0__isnull=False)
        | Q(terms__facts__shopper_tags__0__isnull=False),
    ),
]
