"""Value set aside for a purchase: held, captured, released. Used inside actions only.

The account was locked first (`books.locked`), as for every movement.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import F

from rebond.domain.ledger.books import Cause, Leg, book, booked_before, move, move_lot
from rebond.domain.ledger.errors import (
    AmountNotPositive,
    BalanceBlocked,
    HoldOver,
    HoldUnknown,
    ReferenceNeeded,
    ReferenceReused,
)
from rebond.domain.ledger.events import BalanceHeld, BalanceReleased
from rebond.domain.ledger.kinds import Movement, Part
from rebond.domain.ledger.models import Account, Hold, HoldPart, Transaction
from rebond.domain.ledger.movements import check_amount, taken
from rebond.kernel.clock import now
from rebond.kernel.events import record
from rebond.kernel.money import Money

LONGEST_REFERENCE = 120


def set_aside(
    account: Account, amount: Money, *, reference: str, expires_at: datetime, by: str
) -> Hold:
    """Hold ``amount`` of what is free under ``reference``; the same hold when asked again.

    Raises ``InsufficientBalance``, ``BalanceBlocked``, and ``ReferenceReused`` where the
    reference stands for another amount or account.
    """
    check_amount(account, amount)
    check_reference(reference)
    earlier = Hold.objects.filter(shop_id=account.shop_id, reference=reference).first()
    if earlier is not None:
        if (earlier.account_id, earlier.amount_minor) != (account.pk, amount.minor):
            raise ReferenceReused(reference=reference)
        return earlier
    if account.blocked_at is not None:
        raise BalanceBlocked
    legs = taken(account, amount.minor)
    move(account, 0, held=amount.minor)
    hold = Hold.objects.create(
        shop_id=account.shop_id,
        account=account,
        reference=reference,
        currency=account.currency,
        amount_minor=amount.minor,
        expires_at=expires_at,
        made_by=by,
        made_at=now(),
    )
    _hold_lots(hold, legs)
    _tell(BalanceHeld, hold, amount.minor, by=by)
    return hold


def take(hold: Hold, amount: Money, cause: Cause) -> Transaction:
    """Use ``amount`` of what is held. What is left stays held. Raises ``HoldOver``."""
    check_amount(hold.account, amount)
    earlier = booked_before(hold.account, cause.key, kind=Movement.USED, amount_minor=amount.minor)
    if earlier is not None:
        return earlier
    _check_left(hold, amount.minor)
    legs = _use_up(hold, amount.minor)
    Hold.objects.filter(pk=hold.pk).update(captured_minor=F("captured_minor") + amount.minor)
    return book(hold.account, Movement.USED, legs, cause, from_held=True)


def let_go(hold: Hold, *, by: str) -> int:
    """Free what is still held; how much that was, 0 the second time."""
    minor = hold.left_minor
    if not minor:
        return 0
    for leg in _use_up(hold, minor):
        move_lot(Leg(leg.lot, leg.part, 0), held=leg.minor)
    move(hold.account, 0, held=-minor)
    Hold.objects.filter(pk=hold.pk).update(released_minor=F("released_minor") + minor)
    _tell(BalanceReleased, hold, minor, by=by)
    return minor


def account_of_hold(shop_id: UUID, reference: str) -> UUID:
    """Whose value is held under ``reference``. Raises ``HoldUnknown``."""
    holds = Hold.objects.filter(shop_id=shop_id, reference=reference)
    account_id = holds.values_list("account_id", flat=True).first()
    if account_id is None:
        raise HoldUnknown(reference=reference)
    return account_id


def check_reference(reference: str) -> None:
    """Raise ``ReferenceNeeded`` unless ``reference`` is one."""
    if not reference.strip() or len(reference) > LONGEST_REFERENCE:
        raise ReferenceNeeded


def _check_left(hold: Hold, minor: int) -> None:
    if minor <= 0:
        raise AmountNotPositive(asked_minor=minor)
    if minor > hold.left_minor or hold.expires_at <= now():
        raise HoldOver(reference=hold.reference, left_minor=hold.left_minor)


def _hold_lots(hold: Hold, legs: Sequence[Leg]) -> None:
    for leg in legs:
        move_lot(Leg(leg.lot, leg.part, 0), held=-leg.minor)
    HoldPart.objects.bulk_create(
        HoldPart(
            shop_id=hold.shop_id,
            hold=hold,
            lot=leg.lot,
            part=leg.part,
            position=position,
            amount_minor=-leg.minor,
        )
        for position, leg in enumerate(legs)
    )


def _use_up(hold: Hold, minor: int) -> list[Leg]:
    """Take ``minor`` out of what the hold is made of, in its order, as negative legs."""
    legs, missing = [], minor
    for row in hold.parts.select_related("lot").order_by("position"):
        share = min(missing, row.amount_minor - row.gone_minor)
        if share:
            HoldPart.objects.filter(pk=row.pk).update(gone_minor=F("gone_minor") + share)
            legs.append(Leg(row.lot, Part(row.part), -share))
            missing -= share
    return legs


def _tell(
    event: type[BalanceHeld] | type[BalanceReleased], hold: Hold, minor: int, *, by: str
) -> None:
    told = event(
        account_id=str(hold.account_id),
        holder=hold.account.kind,
        hold_id=str(hold.pk),
        amount_minor=minor,
        currency=hold.currency,
    )
    record(told, shop_id=hold.shop_id, actor=by)
