"""From a quote to its interchange form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rebond.domain.refunds.amounts.model import Quote, QuotedItem, Refused, Tender
from rebond.domain.refunds.amounts.why import because


def quote_as_json(quote: Quote) -> dict[str, Any]:
    """The result object of one quote; keys that say nothing are left out."""
    answer: dict[str, Any] = {
        "refund_total_minor": quote.refund_total,
        "net_minor": quote.net,
        "tax_minor": quote.tax,
        "discount_minor": quote.discount,
        "tax_by_rate_minor": dict(quote.tax_by_rate),
        "tax_by_id_minor": dict(quote.tax_by_id),
        "lines": [_line(row) for row in quote.lines],
        "shipping": [_shipping(row) for row in quote.shipping],
        "fees": [{"fee_id": fee_id, "amount_minor": amount} for fee_id, amount in quote.fees],
        "tenders": [_tender(tender) for tender in quote.tenders],
        "unallocated_minor": quote.unallocated,
        "manual_minor": quote.manual,
        "retained_minor": quote.retained,
        "refunded_total_minor": quote.refunded_total,
        "remaining_minor": quote.remaining,
        "max_refundable_minor": quote.max_refundable,
        "paid_total_minor": quote.paid_total,
        "order_total_after_minor": quote.order_total_after,
        "balance_minor": quote.balance,
        "outside_minor": quote.outside or None,
        "rounding_minor": quote.rounding or None,
        "why": list(quote.why),
    }
    return {key: value for key, value in answer.items() if value is not None}


def refusal_as_json(refusal: Refused) -> dict[str, Any]:
    """The result object of a refusal: its code, its numbers and nothing else."""
    facts: Mapping[str, object] = refusal.facts
    return {"error": refusal.code, **facts, "why": [because("refused", refusal.code)]}


def _line(row: QuotedItem) -> dict[str, Any]:
    return {
        "line_id": row.id,
        "quantity": row.quantity,
        "gross_minor": row.gross,
        "net_minor": row.net,
        "tax_minor": row.tax,
        "discount_minor": row.discount,
    }


def _shipping(row: QuotedItem) -> dict[str, Any]:
    return {
        "shipping_id": row.id,
        "gross_minor": row.gross,
        "net_minor": row.net,
        "tax_minor": row.tax,
    }


def _tender(tender: Tender) -> dict[str, Any]:
    return {
        "payment_id": tender.payment_id,
        "amount_minor": tender.charge_amount,
        "currency": tender.currency,
    }
