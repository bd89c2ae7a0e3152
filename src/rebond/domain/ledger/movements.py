"""How value comes, is used, comes back and goes, lot by lot. Used inside actions only.

Every function is called with an account that was locked first (`books.locked`), and does nothing
a second time under the same cause.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Q, Sum

from rebond.domain.ledger.books import Cause, Leg, book, booked_before, too_little
from rebond.domain.ledger.errors import (
    AmountNotPositive,
    BalanceBlocked,
    CashOutExceedsCash,
    NothingToRestore,
    OtherCurrency,
)
from rebond.domain.ledger.kinds import Movement, Part
from rebond.domain.ledger.models import Account, Entry, Lot, Transaction
from rebond.kernel.clock import now
from rebond.kernel.money import Money, allocate

# A bonus goes before the cash of its lot: it may expire and is never paid out.
BOTH = (Part.BONUS, Part.CASH)
# What comes back is never over at once.
GRACE = timedelta(days=30)


@dataclass(frozen=True)
class Value:
    """What comes in: its parts in minor units, where it comes from, when its time is over.

    ``is_bonus_given`` says that this money has had its bonus before.
    """

    cash_minor: int
    bonus_minor: int = 0
    origin: str = ""
    source: str = ""
    is_bonus_given: bool = False
    cash_expires_at: datetime | None = None
    bonus_expires_at: datetime | None = None

    @property
    def total_minor(self) -> int:
        """Both parts together."""
        return self.cash_minor + self.bonus_minor


def come_in(
    account: Account, value: Value, cause: Cause, *, kind: Movement = Movement.ISSUED
) -> Transaction:
    """Open a lot of ``value`` on ``account``. Raises ``AmountNotPositive``."""
    if value.cash_minor < 0 or value.bonus_minor < 0 or value.total_minor <= 0:
        raise AmountNotPositive(asked_minor=value.total_minor)
    earlier = booked_before(account, cause.key, kind=kind, amount_minor=value.total_minor)
    if earlier is not None:
        return earlier
    lot = _open_lot(account, value)
    return book(account, kind, _filling(lot, value.cash_minor, value.bonus_minor), cause)


def go_out(
    account: Account, amount: Money, cause: Cause, *, kind: Movement = Movement.USED
) -> Transaction:
    """Take ``amount`` from what is free, first in first out; a lot's bonus before its cash.

    Raises ``InsufficientBalance``, and ``BalanceBlocked`` for a use.
    """
    check_amount(account, amount)
    earlier = booked_before(account, cause.key, kind=kind, amount_minor=amount.minor)
    if earlier is not None:
        return earlier
    if kind is Movement.USED and account.blocked_at is not None:
        raise BalanceBlocked
    return book(account, kind, taken(account, amount.minor), cause)


def pay_cash_out(account: Account, amount: Money, cause: Cause) -> Transaction:
    """Take ``amount`` from the cash parts alone. Raises ``CashOutExceedsCash``."""
    check_amount(account, amount)
    kind = Movement.CASHED_OUT
    earlier = booked_before(account, cause.key, kind=kind, amount_minor=amount.minor)
    if earlier is not None:
        return earlier
    cash = sum(share.minor for share in free_shares(account, (Part.CASH,)))
    if amount.minor > cash:
        raise CashOutExceedsCash(
            asked_minor=amount.minor, cash_minor=cash, currency=account.currency
        )
    return book(account, kind, taken(account, amount.minor, (Part.CASH,)), cause)


def put_back(spend: Transaction, amount: Money, cause: Cause) -> Transaction:
    """Give ``amount`` of ``spend`` back to the lots that it was taken from, the same parts.

    A part of the spend comes back in proportion to what it consumed. Raises
    ``NothingToRestore`` for more than is left of it.
    """
    account = spend.account
    check_amount(account, amount)
    kind = Movement.RESTORED
    earlier = booked_before(account, cause.key, kind=kind, amount_minor=amount.minor)
    if earlier is not None:
        return earlier
    legs = _shares_of(spend, amount.minor)
    _lengthen(legs)
    return book(account, kind, legs, cause)


def carry_over(
    spend: Transaction, amount: Money, into: Account, cause: Cause, *, has_bonus: bool
) -> tuple[Transaction, int]:
    """Give ``amount`` of ``spend`` to another account: a lot for each lot it was taken from.

    Each new lot has the origin, the times and the parts of the old one. Returns the booking and
    the cash that may earn a bonus: not what was a bonus, nor money that had one.
    """
    check_amount(into, amount)
    kind = Movement.RESTORED
    earlier = booked_before(into, cause.key, kind=kind, amount_minor=amount.minor)
    if earlier is not None:
        return earlier, 0
    legs: list[Leg] = []
    base = 0
    for lot, shares in _by_lot(_shares_of(spend, amount.minor)).items():
        parts = {part: sum(s.minor for s in shares if s.part is part) for part in Part}
        base += 0 if lot.is_bonus_given else parts[Part.CASH]
        value = Value(
            cash_minor=parts[Part.CASH],
            bonus_minor=parts[Part.BONUS],
            origin=lot.origin,
            source=lot.source,
            is_bonus_given=lot.is_bonus_given or has_bonus,
            cash_expires_at=_later(lot.cash_expires_at),
            bonus_expires_at=_later(lot.bonus_expires_at),
        )
        fresh = _open_lot(into, value)
        legs += [replace(share, lot=fresh) for share in shares]
    return book(into, kind, legs, cause), base


def end_time(lot: Lot, moment: datetime) -> Transaction | None:
    """Book off what of ``lot`` is free and over at ``moment``; None when nothing is."""
    lot = Lot.objects.select_related("account").get(pk=lot.pk)
    over = [part for part in Part if lot.is_over(part, moment) and lot.free(part)]
    if not over:
        return None
    legs = [Leg(lot, part, -lot.free(part)) for part in over]
    rounds = lot.entries.filter(transaction__kind=Movement.EXPIRED, shop_id=lot.shop_id)
    times = rounds.values("transaction").distinct().count()
    cause = Cause(f"expiry:{lot.pk}:{times}", by="system")
    return book(lot.account, Movement.EXPIRED, legs, cause, at=moment)


def free_shares(account: Account, parts: Sequence[Part] = BOTH) -> list[Leg]:
    """What can be used, first in first out, as positive shares; what is over is left out."""
    moment = now()
    lots = Lot.objects.filter(
        Q(cash_left_minor__gt=0) | Q(bonus_left_minor__gt=0),
        shop_id=account.shop_id,
        account=account,
    )
    return [
        Leg(lot, part, lot.free(part))
        for lot in lots.order_by("opened_at", "id")
        for part in parts
        if lot.free(part) and not lot.is_over(part, moment)
    ]


def taken(account: Account, minor: int, parts: Sequence[Part] = BOTH) -> list[Leg]:
    """Shares of what is free that make up ``minor``, as negative legs."""
    legs, missing = [], minor
    for share in free_shares(account, parts):
        if not missing:
            break
        part = min(missing, share.minor)
        legs.append(Leg(share.lot, share.part, -part))
        missing -= part
    if missing:
        raise too_little(account, minor)
    return legs


def left_of(spend: Transaction) -> int:
    """What of a spend has not come back yet."""
    back = Transaction.objects.filter(shop_id=spend.shop_id, reverses=spend)
    given = back.aggregate(sum=Sum("amount_minor"))["sum"] or 0
    return spend.amount_minor - int(given)


def check_amount(account: Account, amount: Money) -> None:
    """Raise unless ``amount`` is positive and in the currency of ``account``."""
    if amount.currency != account.currency:
        raise OtherCurrency(currency=account.currency, asked=amount.currency)
    if amount.minor <= 0:
        raise AmountNotPositive(asked_minor=amount.minor)


def percent_of(minor: int, percent: int) -> int:
    """Whole ``percent`` of an amount, rounded down: nobody gets a bonus on a rounding."""
    return minor * percent // 100


def bonus_on(minor: int, percent: int, flat_minor: int = 0) -> int:
    """``percent`` of an amount and ``flat_minor`` beside it, never more than the amount itself."""
    return min(minor, percent_of(minor, percent) + flat_minor)


def _open_lot(account: Account, value: Value) -> Lot:
    return Lot.objects.create(
        shop_id=account.shop_id,
        account=account,
        currency=account.currency,
        origin=value.origin,
        source=value.source,
        cash_minor=value.cash_minor,
        bonus_minor=value.bonus_minor,
        is_bonus_given=value.is_bonus_given or value.bonus_minor > 0,
        cash_expires_at=value.cash_expires_at,
        bonus_expires_at=value.bonus_expires_at,
        opened_at=now(),
    )


def _filling(lot: Lot, cash_minor: int, bonus_minor: int) -> list[Leg]:
    return [Leg(lot, Part.CASH, cash_minor), Leg(lot, Part.BONUS, bonus_minor)]


def _shares_of(spend: Transaction, minor: int) -> list[Leg]:
    """Positive shares of what is left of ``spend``, in proportion, that make up ``minor``."""
    consumed = _still_out(spend)
    left = sum(share.minor for share in consumed)
    if minor > left:
        raise NothingToRestore(reference=spend.reference, left_minor=left)
    parts = allocate(minor, [share.minor for share in consumed])
    shares = zip(consumed, parts, strict=True)
    return [replace(share, minor=part) for share, part in shares if part]


def _still_out(spend: Transaction) -> list[Leg]:
    """What each part of each lot gave to ``spend``, less what of it came back since."""
    consumed = spend.entries.filter(lot__isnull=False).select_related("lot__account")
    back = Entry.objects.filter(shop_id=spend.shop_id, restores__in=consumed)
    came_back = dict(back.order_by().values_list("restores").annotate(sum=Sum("amount_minor")))
    shares = [
        Leg(entry.lot, Part(entry.part), -entry.amount_minor - came_back.get(entry.pk, 0), entry)
        for entry in consumed.order_by("id")
        if entry.lot is not None
    ]
    return [share for share in shares if share.minor > 0]


def _by_lot(shares: Sequence[Leg]) -> dict[Lot, list[Leg]]:
    found: dict[Lot, list[Leg]] = {}
    for share in shares:
        found.setdefault(share.lot, []).append(share)
    return found


def _lengthen(shares: Sequence[Leg]) -> None:
    """Give parts that come back too late a last time to be used."""
    for share in shares:
        ends = share.lot.expires_at(share.part)
        if ends is not None and _later(ends) != ends:
            column = f"{share.part}_expires_at"
            Lot.objects.filter(pk=share.lot.pk).update(**{column: _later(ends)})


def _later(ends: datetime | None) -> datetime | None:
    return None if ends is None else max(ends, now() + GRACE)
