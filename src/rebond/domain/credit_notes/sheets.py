"""The sheet of a document: from a settlement that was paid, or from a draft by hand."""

from __future__ import annotations

from collections.abc import Sequence

from rebond.domain.credit_notes.content import totals_of
from rebond.domain.credit_notes.fitting import fitted
from rebond.domain.credit_notes.models import CreditNoteDraft, DraftLine
from rebond.domain.credit_notes.room import Standing
from rebond.domain.credit_notes.snapshot import (
    Sheet,
    draft_language,
    items_of_draft,
    items_of_settlement,
    language_for,
    paid_back,
    refunded_on,
)
from rebond.domain.credit_notes.words import say
from rebond.domain.orders.models import Order
from rebond.domain.refunds.edits import WORDS, EditGround
from rebond.domain.refunds.models import Settlement


def sheet_of_settlement(order: Order, settlement: Settlement, standing: Standing) -> Sheet:
    """What the document of ``settlement`` says; its rows are prefetched."""
    items, sources, totals = fitted(
        settlement, *items_of_settlement(settlement, standing), standing
    )
    rma = settlement.rma
    language = language_for(order, rma.language if rma else "")
    return Sheet(
        order=order,
        items=items,
        sources=sources,
        totals=totals,
        language=language,
        return_number=rma.number if rma else "",
        reason=_why_edited(settlement, language),
        paid_back=paid_back(settlement),
        refunded_on=refunded_on(settlement, order.shop.time_zone),
    )


def _why_edited(settlement: Settlement, language: str) -> str:
    """Why another amount than the one worked out was paid; empty where none was."""
    edit = settlement.breakdown.get("edit")
    if not edit:
        return ""
    return f"{say(WORDS[EditGround(edit['ground'])], language)}: {edit['words']}"


def sheet_of_draft(
    order: Order, draft: CreditNoteDraft, lines: Sequence[DraftLine], standing: Standing
) -> Sheet:
    """What the document of ``draft`` would say if it were issued now."""
    items, sources = items_of_draft(lines, standing)
    gross = sum(item.gross_minor for item in items)
    return Sheet(
        order=order,
        items=items,
        sources=sources,
        totals=totals_of(items, kept_minor=0, gross_minor=gross),
        language=draft_language(draft),
        reason=draft.reason,
    )
