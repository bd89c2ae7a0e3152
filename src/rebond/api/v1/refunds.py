"""Refunds over the API: looked at first, decided under a key of their own, read again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import Field, Router, Schema

from rebond.api.access import Key, actor_of, key_of, shop_of
from rebond.api.bodies import Body, Number, YesOrNo
from rebond.api.errors import Problem
from rebond.api.repeats import once
from rebond.domain.ledger.terms import terms_of
from rebond.domain.machines.scopes import Scope
from rebond.domain.orders.models import Order
from rebond.domain.refunds.actions import refund_order
from rebond.domain.refunds.left import left_of
from rebond.domain.refunds.models import Refund, Settlement
from rebond.domain.refunds.queries import preview_of_wish
from rebond.domain.refunds.ways import Channel, ChosenWay, Way, Yes
from rebond.domain.refunds.wishes import OrderRefund, WantedCharge, WantedPieces
from rebond.outbound.telling.sums import titles_of, why_sentence

router = Router(tags=["refunds"])
REFUSED = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}


class PiecesIn(Body):
    """Pieces of a line; ``amount_minor`` in place of what they cost, VAT inside."""

    order_line: UUID
    quantity: Number = Field(0, ge=0, le=1_000_000)
    amount_minor: Number | None = Field(None, ge=1, le=10**15)
    restock: Number = Field(0, ge=0, le=1_000_000)
    restock_at: str = Field("", max_length=60)


class ChargeIn(Body):
    """Shipping or a fee; without an amount all that is left of it."""

    charge: UUID
    amount_minor: Number | None = Field(None, ge=1, le=10**15)


class ConsentIn(Body):
    """The shopper's word that they want another way than the way back."""

    channel: Channel
    given_by: str = Field(..., min_length=1, max_length=254)


class RefundIn(Body):
    """A refund straight from an order. ``way`` other than ``original`` needs ``consent``."""

    lines: list[PiecesIn] = Field(default_factory=list, max_length=500)
    charges: list[ChargeIn] = Field(default_factory=list, max_length=100)
    amount_minor: Number | None = Field(None, ge=1, le=10**15)
    reason: str = Field("", max_length=200)
    notify: YesOrNo = True
    way: Way = Way.ORIGINAL
    consent: ConsentIn | None = None


class WhyOut(Schema):
    """One reason: its code with its numbers, and the sentence in the reader's language."""

    code: str
    sentence: str
    numbers: dict[str, Any]


class PreviewOut(Schema):
    """What would be refunded: minor units of ``currency``, tax inside ``total_minor``."""

    currency: str
    total_minor: int
    tax_minor: int
    tax_by_rate_minor: dict[str, int]
    lines: list[dict[str, Any]]
    shipping: list[dict[str, Any]]
    payments: list[dict[str, Any]]
    why: list[WhyOut]


class PayoutOut(Schema):
    """One payout: through which payment, by whom, how far."""

    id: UUID
    payment: UUID
    provider: str
    amount_minor: int
    currency: str
    state: str
    reference: str
    bank_reference: str
    failure_code: str


class RefundOut(PreviewOut):
    """A decided refund with its payouts. ``waits_for_approval``: nothing is sent before a yes.

    ``origin`` says what it came from: ``return``, ``order`` (without a return), ``discount``
    (articles kept for less), ``missing`` (pieces that never arrived), ``outside`` or ``import``.
    """

    id: UUID
    order: str
    origin: str
    reason: str
    decided_at: str
    waits_for_approval: bool
    called_off: bool
    payouts: list[PayoutOut]


class LeftOut(Schema):
    """What is left to refund of a line or charge."""

    id: UUID
    quantity: int
    amount_minor: int


@router.get(
    "/orders/{number}/refundable",
    auth=Key(Scope.REFUNDS_READ),
    response={200: list[LeftOut], **REFUSED},
    operation_id="refundable",
)
def refundable(request: HttpRequest, number: str) -> list[dict[str, Any]]:
    """What every line and charge of the order can still give back."""
    left = left_of(_order(request, number))
    return [
        {"id": one, "quantity": rest.quantity, "amount_minor": rest.minor}
        for one, rest in left.items()
    ]


@router.post(
    "/orders/{number}/refunds/preview",
    auth=Key(Scope.REFUNDS_READ),
    response={200: PreviewOut, **REFUSED},
    operation_id="preview_refund",
)
def preview(request: HttpRequest, number: str, wish: RefundIn) -> dict[str, Any]:
    """The amount with its reasons and the plan over the payments. Writes nothing."""
    order = _order(request, number)
    return _told(preview_of_wish(order, _wish(order, wish)), order)


@router.post(
    "/orders/{number}/refunds",
    auth=Key(Scope.REFUNDS_WRITE),
    response={201: RefundOut, **REFUSED},
    operation_id="create_refund",
)
def create(request: HttpRequest, number: str, wish: RefundIn) -> HttpResponse:
    """Decide a refund and start it. Needs an ``Idempotency-Key``; the same key pays once."""
    order = _order(request, number)

    def do(name: str) -> HttpResponse:
        made = refund_order(
            order.pk,
            _wish(order, wish),
            by=actor_of(request),
            who=key_of(request),
            request_key=name,
        )
        return JsonResponse(_shown(made.pk), status=201)

    return once(request, f"POST orders/{order.pk}/refunds", do)


@router.get(
    "/orders/{number}/refunds",
    auth=Key(Scope.REFUNDS_READ),
    response={200: list[RefundOut], **REFUSED},
    operation_id="list_refunds",
)
def listed(request: HttpRequest, number: str) -> list[dict[str, Any]]:
    """Every refund of the order, oldest first."""
    order = _order(request, number)
    rows = order.settlements.order_by("decided_at", "id")
    ready = rows.select_related("order__shop").prefetch_related("refunds__payment", "approvals")
    return [_out(settlement) for settlement in ready]


@router.get(
    "/refunds/{refund_id}",
    auth=Key(Scope.REFUNDS_READ),
    response={200: RefundOut, **REFUSED},
    operation_id="read_refund",
)
def read(request: HttpRequest, refund_id: UUID) -> dict[str, Any]:
    """One refund as it stands now."""
    if not Settlement.objects.filter(shop=shop_of(request), pk=refund_id).exists():
        raise Http404
    return _shown(refund_id)


def _order(request: HttpRequest, number: str) -> Order:
    found = (
        Order.objects.select_related("shop", "shopper")
        .filter(shop=shop_of(request), number_key=number.lower())
        .first()
    )
    if found is None:
        raise Http404
    return found


def _wish(order: Order, wish: RefundIn) -> OrderRefund:
    return OrderRefund(
        pieces=tuple(
            WantedPieces(p.order_line, p.quantity, p.amount_minor, p.restock, p.restock_at)
            for p in wish.lines
        ),
        charges=tuple(WantedCharge(c.charge, c.amount_minor) for c in wish.charges),
        amount_minor=wish.amount_minor,
        reason=wish.reason,
        tells_shopper=wish.notify,
        way=way_of(order, wish.way, wish.consent),
    )


def way_of(order: Order, way: Way, consent: ConsentIn | None) -> ChosenWay:
    """``way`` with where it leads for the shopper of ``order``, and their yes."""
    yes = Yes(consent.channel, consent.given_by) if consent else None
    if way is Way.STORE_CREDIT:
        bonus = terms_of(order.shop_id).bonus_percent
        more = f"?bonus={bonus}" if bonus else ""
        return ChosenWay(way, f"shopper:{order.shopper_id}{more}", bonus, yes)
    if way is Way.GIFT_CARD:
        return ChosenWay(way, f"new:{order.shopper_id}", 0, yes)
    return ChosenWay(way, yes=yes)


def _shown(settlement_id: UUID) -> dict[str, Any]:
    rows = Settlement.objects.select_related("order__shop")
    return _out(rows.prefetch_related("refunds__payment", "approvals").get(pk=settlement_id))


def _out(settlement: Settlement) -> dict[str, Any]:
    waiting = [one for one in settlement.approvals.all() if one.is_granted is None]
    return _told(settlement.figures, settlement.order) | {
        "id": str(settlement.pk),
        "order": settlement.order.number,
        "origin": settlement.origin,
        "reason": settlement.reason,
        "decided_at": settlement.decided_at.isoformat(),
        "waits_for_approval": bool(waiting),
        "called_off": settlement.called_off_at is not None,
        "payouts": [payout_out(refund) for refund in settlement.refunds.all()],
    }


def payout_out(refund: Refund) -> dict[str, Any]:
    """One payout as it is shown."""
    return {
        "id": str(refund.pk),
        "payment": str(refund.payment_id),
        "provider": refund.provider,
        "amount_minor": refund.amount_minor,
        "currency": refund.currency,
        "state": refund.state,
        "reference": refund.provider_reference,
        "bank_reference": refund.bank_reference,
        "failure_code": refund.failure_code,
    }


def _told(breakdown: dict[str, Any], order: Order) -> dict[str, Any]:
    titles = titles_of(order)
    currency = breakdown["currency"]
    return {
        "currency": currency,
        "total_minor": breakdown["total_minor"],
        "tax_minor": breakdown.get("tax_minor") or 0,
        "tax_by_rate_minor": breakdown.get("tax_by_rate_minor") or {},
        "lines": breakdown.get("lines") or [],
        "shipping": breakdown.get("shipping") or [],
        "payments": breakdown.get("tenders") or [],
        "why": [
            {
                "code": entry["code"],
                "sentence": why_sentence(entry, currency=currency, titles=titles),
                "numbers": {name: value for name, value in entry.items() if name != "code"},
            }
            for entry in breakdown.get("why") or []
        ],
    }
