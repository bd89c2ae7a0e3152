"""A refund that is kept as value: into an account, or back to where it was taken from.

Used inside actions only. One refund is booked once, by its id.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from rebond.domain.ledger.books import Cause, locked
from rebond.domain.ledger.errors import NothingToRestore
from rebond.domain.ledger.kinds import AccountKind
from rebond.domain.ledger.models import Account, Transaction
from rebond.domain.ledger.movements import (
    Value,
    bonus_on,
    carry_over,
    check_amount,
    come_in,
    put_back,
)
from rebond.domain.ledger.queries import spend_behind
from rebond.domain.ledger.terms import dated
from rebond.kernel.money import Money


@dataclass(frozen=True)
class Owed:
    """A refund: its id, how much, and the reference of the payment that it comes from."""

    shop_id: UUID
    refund_id: UUID
    amount: Money
    payment_reference: str
    by: str

    @property
    def cause(self) -> Cause:
        """What it is booked under."""
        return Cause(f"refund:{self.refund_id}", by=self.by, reference=self.payment_reference)


def pay_back(owed: Owed, kind: AccountKind) -> Transaction:
    """Give a refund back to the account of ``kind`` that paid, the same parts.

    Raises ``NothingToRestore`` when no such account paid, or not that much.
    """
    spend = spend_behind(owed.shop_id, owed.payment_reference, kind)
    if spend is None:
        raise NothingToRestore(reference=owed.payment_reference, left_minor=0)
    spend.account = locked(spend.account_id)
    return put_back(spend, owed.amount, replace(owed.cause, reverses=spend))


def pay_into(
    owed: Owed, account_id: UUID, *, bonus_percent: int, bonus_minor: int = 0
) -> Transaction:
    """Turn a refund into value on the account, with a bonus on money that has had none.

    ``bonus_minor`` comes on top of the percent; both together are never more than that money.
    Value that had paid keeps its parts; its bonus earns no bonus. Raises ``NothingToRestore``
    for more than was paid with such value.
    """
    spend = _spend_of(owed)
    accounts = _locked_in_order({account_id, *([spend.account_id] if spend else [])})
    account = accounts[account_id]
    if spend is None:
        bonus = bonus_on(owed.amount.minor, bonus_percent, bonus_minor)
        return come_in(account, _money(account, owed, bonus), owed.cause)
    spend.account = accounts[spend.account_id]
    cause = replace(owed.cause, reverses=spend)
    if spend.account_id == account_id:
        return put_back(spend, owed.amount, cause)
    has_bonus = bool(bonus_percent or bonus_minor)
    booked, base = carry_over(spend, owed.amount, account, cause, has_bonus=has_bonus)
    bonus = bonus_on(base, bonus_percent, bonus_minor)
    if bonus:
        _add_bonus(account, owed, bonus)
    return booked


def _spend_of(owed: Owed) -> Transaction | None:
    kinds = (AccountKind.STORE_CREDIT, AccountKind.GIFT_CARD)
    found = (spend_behind(owed.shop_id, owed.payment_reference, kind) for kind in kinds)
    return next((spend for spend in found if spend is not None), None)


def _locked_in_order(ids: set[UUID]) -> dict[UUID, Account]:
    return {account_id: locked(account_id) for account_id in sorted(ids)}


def _money(account: Account, owed: Owed, bonus_minor: int) -> Value:
    check_amount(account, owed.amount)
    return dated(
        account.shop_id,
        AccountKind(account.kind),
        Value(
            cash_minor=owed.amount.minor,
            bonus_minor=bonus_minor,
            origin="refund",
            source=owed.payment_reference,
        ),
    )


def _add_bonus(account: Account, owed: Owed, bonus_minor: int) -> None:
    value = Value(0, bonus_minor, origin="bonus", source=owed.payment_reference)
    cause = replace(owed.cause, key=f"{owed.cause.key}:bonus")
    kind = AccountKind(account.kind)
    come_in(account, dated(account.shop_id, kind, value), cause)
