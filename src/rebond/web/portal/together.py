"""What the page of a return shows of others in its parcel, and of those that could join it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rebond.domain.returns.links import token_for
from rebond.domain.returns.models import Return
from rebond.domain.returns.states import RequestState
from rebond.domain.shipping.sharing import (
    asked_with,
    companions_of,
    is_guest,
    is_of_same_shopper,
    open_box_of,
    others_to_send,
    why_apart,
)
from rebond.web.portal.access import ShopRequest, Visit, is_granted
from rebond.web.portal.progress import Ball, ball_of


@dataclass(frozen=True)
class Companion:
    """Another return as a row: where it stands, and the token that opens its page."""

    rma: Return
    token: str
    ball: Ball


@dataclass(frozen=True)
class Offer:
    """A return that can be put into the parcel; ``why`` it cannot be, empty where it can.

    ``joins`` says that this return lies down in the other one's box; else the other comes here.
    """

    rma: Return
    why: str
    joins: bool


def together_shown(request: ShopRequest, visit: Visit) -> dict[str, Any]:
    """Returns in the same parcel, returns that could be, and whether this one may leave."""
    rma = visit.rma
    if rma.is_gift:
        return {}
    companions = [one for one in companions_of(rma) if may_see(request, visit, one)]
    is_waiting = rma.request_state == RequestState.APPROVED and not rma.keeps_goods
    seen = {one.pk for one in companions}
    others = others_to_send(rma) if is_waiting else []
    others = [one for one in others if one.pk not in seen and may_see(request, visit, one)]
    box = open_box_of(rma)
    offers = [offer for one in others if (offer := _offer(rma, one)) is not None]
    asked = [one for one in asked_with(rma) if one.pk not in seen and may_see(request, visit, one)]
    return {
        "asked_with": [_row(visit, one) for one in asked],
        "companions": [_row(visit, one) for one in companions],
        "offers": offers,
        "awaits_box": bool(others) and box is None and not offers,
        "unsent_others": others,
        "may_leave": is_guest(rma),
        "may_send_more": is_waiting and rma.parcel_state in {"none", "announced"},
    }


def may_see(request: ShopRequest, visit: Visit, other: Return) -> bool:
    """Whether this visitor may be shown another return: both are of the shopper whose mailbox
    they proved to read, or this session found its order too."""
    if other.is_gift or other.order is None:
        return False
    theirs = is_of_same_shopper(other, visit.rma)
    return (visit.sees_all and theirs) or is_granted(request, other.order.pk)


def _row(visit: Visit, other: Return) -> Companion:
    token = token_for(other) if visit.is_by_link else other.number
    return Companion(other, token, ball_of(other))


def _offer(rma: Return, other: Return) -> Offer | None:
    """What could be done with ``other``; None where neither has a parcel to put things in."""
    here, there = open_box_of(rma), open_box_of(other)
    if here is not None and there is None:
        return Offer(other, why_apart(here, other), joins=False)
    if there is not None and here is None:
        return Offer(other, why_apart(there, rma), joins=True)
    return None
