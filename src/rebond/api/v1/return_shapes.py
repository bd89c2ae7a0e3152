"""A return as the API shows it: one shape, for a list, a page and the answer to every verb."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Schema

from rebond.api.access import shop_of
from rebond.api.versions import versioned
from rebond.domain.policies.facts import REPAIR
from rebond.domain.repairs.queries import standing_of
from rebond.domain.returns.models import Reason, Return, ReturnLine
from rebond.domain.returns.reading import read_lines_of
from rebond.domain.shops.models import Shop
from rebond.kernel.clock import today
from rebond.kernel.prepared import Prepared


class LineOut(Schema):
    """Some pieces of an order line; ``accepted_quantity`` is null until they were inspected."""

    id: str
    position: int
    order_line: str | None
    sku: str
    title: str
    quantity: int
    reason: str
    outcome: str
    comment: str
    received_quantity: int
    accepted_quantity: int | None


class RepairOut(Schema):
    """A repair under the guarantee. ``due_on`` is the last day by law to have it done.

    ``state``: ``awaited``, ``in_repair``, ``repaired``, ``failed``, ``refused``, ``sent_back``,
    ``turned`` (something else instead, see ``turned_into``) or ``over``. ``guaranteed_until`` is
    the end of the legal guarantee that the repair prolonged.
    """

    state: str
    asked_on: str
    due_on: str | None
    is_late: bool
    carrier: str
    tracking_number: str
    sent_back_at: str | None
    guaranteed_until: str | None
    money_asked_at: str | None
    turned_into: str
    turned_ground: str
    turned_note: str


class ReturnOut(Schema):
    """A return with its four tracks. ``version`` is what ``ETag`` carries.

    ``goods`` says what becomes of the articles: ``sent_back``, ``kept`` by the shopper, or
    ``donated``; only those sent back are waited for. ``split_from`` is the number of the return
    that the pieces came with, where they go their own way.
    """

    id: str
    number: str
    order: str | None
    split_from: str | None
    shopper_key: str | None
    origin: str
    ground: str
    request_state: str
    goods: str
    parcel_state: str
    inspection_state: str
    money_state: str
    language: str
    comment: str
    decline_reason: str
    decline_note: str
    requested_at: str
    decided_at: str | None
    closed_at: str | None
    version: int
    lines: list[LineOut]
    repair: RepairOut | None


FIELDS = frozenset(ReturnOut.model_fields)
OF_A_RETURN = (
    *(one.attname for one in Return._meta.concrete_fields if one.name != "terms"),
    *("order__number", "shopper__key", "split_from__number"),
)
"""What is read of a return for its answer; its terms alone are longer than all the rest."""


def returns_of(shop: Shop) -> QuerySet[Return]:
    """The returns of ``shop`` with all that ``return_out`` shows, in a fixed number of queries."""
    rows = Return.objects.filter(shop=shop).select_related("order", "shopper", "split_from")
    reasons = Prefetch("reason", Reason.objects.filter(shop=shop).only("shop_id", "code"))
    lines = ReturnLine.objects.filter(shop=shop).order_by("position").prefetch_related(reasons)
    return rows.only(*OF_A_RETURN).prefetch_related(Prefetch("lines", lines), "repairs", "shop")


def find_return(request: HttpRequest, number: str) -> Return:
    """The return of the key's shop with ``number``; else 404."""
    rows = returns_of(shop_of(request)).defer(None)  # who acts on it needs all of the row
    found = rows.filter(number_key=number.lower()).first()
    if found is None:
        raise Http404
    return found


def known_return(request: HttpRequest, number: str) -> Return:
    """The row alone of the return with ``number``, for who acts on it; else 404."""
    found = _by_number.first(shop_of(request).pk, number.lower())
    if found is None:
        raise Http404
    return found


def acted_on(rma: Return) -> HttpResponse:
    """The answer to who changed ``rma`` or made it: as the action left it, not read again."""
    told = return_out(rma, read_lines_of(rma))
    return versioned(told, version=rma.version, status=201)


_by_number = Prepared(
    lambda shop, number: Return.objects.filter(shop_id=shop, number_key=number).only(
        "shop", "number"
    ),
    UUID,
    str,
)


def return_out(rma: Return, lines: Sequence[ReturnLine] | None = None) -> dict[str, Any]:
    """What ``ReturnOut`` describes; ``lines`` where they are not to be read from ``rma``."""
    lines = list(rma.lines.all()) if lines is None else lines
    return {
        "id": str(rma.pk),
        "number": rma.number,
        "order": rma.order.number if rma.order else None,
        "split_from": rma.split_from.number if rma.split_from else None,
        "shopper_key": rma.shopper.key if rma.shopper else None,
        "origin": rma.origin,
        "ground": str(rma.ground),
        "request_state": str(rma.request_state),
        "goods": str(rma.goods),
        "parcel_state": str(rma.parcel_state),
        "inspection_state": str(rma.inspection_state),
        "money_state": str(rma.money_state),
        "language": rma.language,
        "comment": rma.comment,
        "decline_reason": str(rma.decline_reason),
        "decline_note": rma.decline_note,
        "requested_at": rma.requested_at.isoformat(),
        "decided_at": rma.decided_at.isoformat() if rma.decided_at else None,
        "closed_at": rma.closed_at.isoformat() if rma.closed_at else None,
        "version": rma.version,
        "lines": [_line_out(line) for line in lines],
        "repair": _repair_out(rma) if any(line.outcome == REPAIR for line in lines) else None,
    }


def _repair_out(rma: Return) -> dict[str, Any] | None:
    for repair in rma.repairs.all():
        found = standing_of(repair, today(rma.shop.time_zone))
        moments = {
            name: moment.isoformat() if moment else None
            for name, moment in (
                ("sent_back_at", repair.sent_back_at),
                ("guaranteed_until", repair.guaranteed_until),
                ("money_asked_at", repair.money_asked_at),
            )
        }
        return {
            "state": str(repair.state),
            "asked_on": repair.asked_on.isoformat(),
            "due_on": found.due_on.isoformat() if found.due_on else None,
            "is_late": found.is_late,
            "carrier": repair.carrier,
            "tracking_number": repair.tracking_number,
            "turned_into": str(repair.turned_into),
            "turned_ground": str(repair.turned_ground),
            "turned_note": repair.turned_note,
            **moments,
        }
    return None


def _line_out(line: ReturnLine) -> dict[str, Any]:
    return {
        "id": str(line.pk),
        "position": line.position,
        "order_line": str(line.order_line_id) if line.order_line_id else None,
        "sku": line.sku,
        "title": line.title,
        "quantity": line.quantity,
        "reason": line.reason.code if line.reason else "",
        "outcome": line.outcome,
        "comment": line.comment,
        "received_quantity": line.received_quantity,
        "accepted_quantity": line.accepted_quantity,
    }
