"""Store credit and gift cards at the shop's checkout: look, hold, capture, release.

``reference`` is the checkout's own name for a hold or a capture; asked again under it, the same
thing is answered and nothing is used twice.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Field, Router, Schema, Status

from rebond.api.access import Key, actor_of, shop_of
from rebond.api.bodies import Body, Number
from rebond.api.errors import Problem
from rebond.domain.gift_cards.actions import find_card, reserve_card
from rebond.domain.ledger.actions import capture as capture_hold
from rebond.domain.ledger.actions import release as release_hold
from rebond.domain.ledger.models import Account, Hold
from rebond.domain.machines.scopes import Scope
from rebond.domain.shoppers.models import Shopper, email_key
from rebond.domain.store_credit.actions import reserve_credit
from rebond.kernel.clock import now
from rebond.kernel.money import Money

router = Router(tags=["credit"])
REFUSED = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}


class WhoseIn(Body):
    """A gift card by its code, or store credit by the shopper's key at the shop or e-mail."""

    card_code: str = Field("", max_length=60)
    shopper_key: str = Field("", max_length=80)


class BalanceIn(WhoseIn):
    """Whose balance, in which currency."""

    currency: str = Field("EUR", min_length=3, max_length=3)


class UsableOut(Schema):
    """What can be used now, and what is held for purchases that are not finished."""

    currency: str
    free_minor: int
    held_minor: int


class HoldIn(BalanceIn):
    """How much is set aside, under which reference, for how long."""

    amount_minor: Number = Field(..., ge=1, le=10**15)
    reference: str = Field(..., min_length=1, max_length=120)
    minutes: Number = Field(30, ge=1, le=60 * 24 * 7)


class HoldOut(Schema):
    """A hold as it stands."""

    reference: str
    currency: str
    amount_minor: int
    captured_minor: int
    released_minor: int
    left_minor: int
    expires_at: str


class CaptureIn(Body):
    """Use the hold; without an amount all that is left of it. ``reference`` names the payment."""

    reference: str = Field(..., min_length=1, max_length=120)
    amount_minor: Number | None = Field(None, ge=1, le=10**15)


@router.post(
    "/credit/balance",
    auth=Key(Scope.CREDIT_READ),
    response={200: UsableOut, **REFUSED},
    operation_id="credit_balance",
)
def balance(request: HttpRequest, whose: BalanceIn) -> dict[str, Any]:
    """What can be used. The same answer for a code that does not exist and one that is over."""
    shop = shop_of(request)
    if whose.card_code:
        account: Account | None = find_card(shop, whose.card_code).account
    else:
        account = Account.objects.filter(
            shop=shop,
            kind="store_credit",
            owner=shopper_behind(request, whose.shopper_key).pk,
            currency=whose.currency,
        ).first()
    if account is None:
        return {"currency": whose.currency, "free_minor": 0, "held_minor": 0}
    return {
        "currency": account.currency,
        "free_minor": account.free_minor,
        "held_minor": account.held_minor,
    }


@router.post(
    "/credit/holds",
    auth=Key(Scope.CREDIT_WRITE),
    response={201: HoldOut, **REFUSED},
    operation_id="hold_credit",
)
def hold(request: HttpRequest, wanted: HoldIn) -> Status[dict[str, Any]]:
    """Set an amount aside for a purchase; by itself it is free again when its time is over."""
    amount = Money(wanted.amount_minor, wanted.currency)
    expires_at = now() + timedelta(minutes=wanted.minutes)
    more: dict[str, Any] = {
        "reference": wanted.reference,
        "expires_at": expires_at,
        "by": actor_of(request),
    }
    if wanted.card_code:
        held = reserve_card(shop_of(request), wanted.card_code, amount, **more)
    else:
        held = reserve_credit(shopper_behind(request, wanted.shopper_key), amount, **more)
    return Status(201, _hold_out(held))


@router.post(
    "/credit/holds/{path:reference}/capture",
    auth=Key(Scope.CREDIT_WRITE),
    response={200: HoldOut, **REFUSED},
    operation_id="capture_credit",
)
def capture(request: HttpRequest, reference: str, wanted: CaptureIn) -> dict[str, Any]:
    """Use what is held, all or part of it."""
    shop = shop_of(request)
    held = _hold(request, reference)
    amount = None if wanted.amount_minor is None else Money(wanted.amount_minor, held.currency)
    capture_hold(shop.pk, reference, amount, reference=wanted.reference, by=actor_of(request))
    return _hold_out(_hold(request, reference))


@router.post(
    "/credit/holds/{path:reference}/release",
    auth=Key(Scope.CREDIT_WRITE),
    response={200: HoldOut, **REFUSED},
    operation_id="release_credit",
)
def release(request: HttpRequest, reference: str) -> dict[str, Any]:
    """Free what is still held; asked again, nothing more happens."""
    release_hold(shop_of(request).pk, reference, by=actor_of(request))
    return _hold_out(_hold(request, reference))


def _hold(request: HttpRequest, reference: str) -> Hold:
    found = Hold.objects.filter(shop=shop_of(request), reference=reference).first()
    if found is None:
        raise Http404
    return found


def _hold_out(held: Hold) -> dict[str, Any]:
    return {
        "reference": held.reference,
        "currency": held.currency,
        "amount_minor": held.amount_minor,
        "captured_minor": held.captured_minor,
        "released_minor": held.released_minor,
        "left_minor": held.left_minor,
        "expires_at": held.expires_at.isoformat(),
    }


def shopper_behind(request: HttpRequest, key: str) -> Shopper:
    """The shopper with this key at the shop, or this e-mail address; else 404."""
    shop = shop_of(request)
    found = Shopper.objects.filter(shop=shop, key=key).first() if key else None
    if found is None and "@" in key:
        found = Shopper.objects.filter(shop=shop, email_key=email_key(key)).order_by("pk").first()
    if found is None:
        raise Http404
    return found
