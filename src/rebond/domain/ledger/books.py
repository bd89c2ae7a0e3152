"""The one place where something is booked. Used inside actions only.

Whoever books has locked the account first (`locked`). The lock is a courtesy: the conditional
update on the account decides, and CHECKs stand behind it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F

from rebond.domain.ledger.errors import InsufficientBalance, ReferenceReused
from rebond.domain.ledger.events import (
    BalanceCashedOut,
    BalanceExpired,
    BalanceIssued,
    BalanceMoved,
    BalanceRestored,
    BalanceTakenBack,
    BalanceToppedUp,
    BalanceUsed,
)
from rebond.domain.ledger.kinds import AccountKind, Movement, Part, other_side
from rebond.domain.ledger.models import Account, Entry, Lot, Transaction
from rebond.kernel.clock import now
from rebond.kernel.events import record

EVENT_OF: dict[Movement, type[BalanceMoved]] = {
    Movement.ISSUED: BalanceIssued,
    Movement.TOPPED_UP: BalanceToppedUp,
    Movement.USED: BalanceUsed,
    Movement.RESTORED: BalanceRestored,
    Movement.EXPIRED: BalanceExpired,
    Movement.CASHED_OUT: BalanceCashedOut,
    Movement.TAKEN_BACK: BalanceTakenBack,
}


@dataclass(frozen=True)
class Leg:
    """A change of one part of one lot; ``minor`` is negative for what goes.

    ``restores`` is the entry of a spend that this comes back from.
    """

    lot: Lot
    part: Part
    minor: int
    restores: Entry | None = None


@dataclass(frozen=True)
class Cause:
    """Why something is booked: ``key`` is unique in the shop, so it happens once.

    ``reference`` is the payment it is about, ``reason`` what a person wrote, ``by`` who did it.
    """

    key: str
    by: str
    reference: str = ""
    reason: str = ""
    reverses: Transaction | None = None


def account_of(shop_id: UUID, kind: AccountKind, owner: UUID, currency: str) -> Account:
    """The account of ``owner`` in ``currency``, opened where there is none yet."""
    account, _ = Account.objects.get_or_create(
        shop_id=shop_id, kind=kind, owner=owner, currency=currency
    )
    return account


def locked(account_id: UUID) -> Account:
    """The account, read under its lock: others wait until this transaction ends."""
    return Account.objects.select_for_update(no_key=True).get(pk=account_id)


def booked_before(
    account: Account, key: str, *, kind: Movement, amount_minor: int
) -> Transaction | None:
    """What was booked under this cause, or None.

    Raises ``ReferenceReused`` when it was something else, of another amount or account.
    """
    earlier = Transaction.objects.filter(shop_id=account.shop_id, cause=key).first()
    if earlier is None:
        return None
    if (earlier.account_id, earlier.kind, earlier.amount_minor) != (account.pk, kind, amount_minor):
        raise ReferenceReused(reference=key.partition(":")[2])
    return earlier


def book(
    account: Account,
    kind: Movement,
    legs: Sequence[Leg],
    cause: Cause,
    *,
    from_held: bool = False,
    at: datetime | None = None,
) -> Transaction:
    """Book ``legs`` on ``account`` and their other halves on the shop's side; tell it.

    ``from_held`` takes from what was set aside instead of from what is free. Raises
    ``InsufficientBalance`` when there is too little.
    """
    moment = at or now()
    legs = [leg for leg in legs if leg.minor]
    total = sum(leg.minor for leg in legs)
    move(account, total, held=total if from_held else 0)
    for leg in legs:
        move_lot(leg, held=leg.minor if from_held else 0)
    transaction = Transaction.objects.create(
        shop_id=account.shop_id,
        kind=kind,
        account=account,
        currency=account.currency,
        amount_minor=abs(total),
        cause=cause.key,
        reference=cause.reference,
        reason=cause.reason,
        reverses=cause.reverses,
        actor=cause.by,
        at=moment,
    )
    _insert(transaction, [_own(transaction, leg) for leg in legs] + _others(transaction, legs))
    _tell(transaction, legs)
    return transaction


def move(account: Account, minor: int, *, held: int) -> None:
    """Change what is owed and what is set aside of it, by one conditional update."""
    moved = Account.objects.filter(
        pk=account.pk,
        balance_minor__gte=F("held_minor") + held - minor,
        held_minor__gte=-held,
    ).update(balance_minor=F("balance_minor") + minor, held_minor=F("held_minor") + held)
    if not moved:
        raise too_little(account, abs(minor or held))


def move_lot(leg: Leg, *, held: int) -> None:
    """The same for one part of one lot."""
    left, aside = f"{leg.part}_left_minor", f"{leg.part}_held_minor"
    conditions = {f"{left}__gte": F(aside) + held - leg.minor, f"{aside}__gte": -held}
    moved = Lot.objects.filter(pk=leg.lot.pk, **conditions).update(
        **{left: F(left) + leg.minor, aside: F(aside) + held}
    )
    if not moved:
        raise too_little(leg.lot.account, abs(leg.minor or held))


def too_little(account: Account, asked_minor: int) -> InsufficientBalance:
    """The refusal for more than is free."""
    account.refresh_from_db(fields=["balance_minor", "held_minor"])
    return InsufficientBalance(
        asked_minor=asked_minor, free_minor=account.free_minor, currency=account.currency
    )


def _own(transaction: Transaction, leg: Leg) -> Entry:
    own = _entry(transaction, transaction.account, leg.part, leg.minor)
    own.lot, own.restores = leg.lot, leg.restores
    return own


def _others(transaction: Transaction, legs: Sequence[Leg]) -> list[Entry]:
    """One entry for each part, on the shop's own accounts."""
    sums: dict[Part, int] = {}
    for leg in legs:
        sums[leg.part] = sums.get(leg.part, 0) + leg.minor
    found = []
    for part, minor in sums.items():
        kind = other_side(Movement(transaction.kind), part)
        shop_id = transaction.shop_id
        side = account_of(shop_id, kind, shop_id, transaction.currency)
        found.append(_entry(transaction, side, part, -minor))
    return found


def _entry(transaction: Transaction, account: Account, part: Part, minor: int) -> Entry:
    return Entry(
        shop_id=transaction.shop_id,
        transaction=transaction,
        account=account,
        part=part,
        currency=transaction.currency,
        amount_minor=minor,
        at=transaction.at,
    )


def _insert(transaction: Transaction, entries: list[Entry]) -> None:
    if not entries or sum(entry.amount_minor for entry in entries) != 0:
        raise AssertionError(f"the entries of {transaction.cause} do not balance")
    Entry.objects.bulk_create(entry for entry in entries if entry.amount_minor != 0)


def _tell(transaction: Transaction, legs: Sequence[Leg]) -> None:
    event = EVENT_OF[Movement(transaction.kind)](
        account_id=str(transaction.account_id),
        holder=transaction.account.kind,
        transaction_id=str(transaction.pk),
        cash_minor=abs(sum(leg.minor for leg in legs if leg.part is Part.CASH)),
        bonus_minor=abs(sum(leg.minor for leg in legs if leg.part is Part.BONUS)),
        amount_minor=transaction.amount_minor,
        currency=transaction.currency,
    )
    record(event, shop_id=transaction.shop_id, actor=transaction.actor)
