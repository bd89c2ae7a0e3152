"""The verbs of store credit; reserve, capture and release are those of the ledger."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from rebond.domain.ledger.actions import written
from rebond.domain.ledger.books import Cause, account_of, locked
from rebond.domain.ledger.holding import check_reference, set_aside
from rebond.domain.ledger.kinds import AccountKind
from rebond.domain.ledger.models import Account, Hold, Transaction
from rebond.domain.ledger.movements import Value, come_in, go_out
from rebond.domain.ledger.refunding import Owed, pay_back, pay_into
from rebond.domain.ledger.terms import dated
from rebond.domain.shoppers.models import Shopper
from rebond.kernel.actions import action
from rebond.kernel.money import Money

KIND = AccountKind.STORE_CREDIT


@action
def give_credit(
    shopper: Shopper, amount: Money, *, is_cash: bool, key: str, reason: str, by: str
) -> Transaction:
    """Give credit by hand: money that is owed (cash), or a gesture that is never paid out.

    ``key`` is the form's own, so that a form sent twice gives once. Raises
    ``BalanceReasonNeeded``, ``AmountNotPositive``, ``ReferenceReused``.
    """
    text = written(reason)
    account = _locked_account(shopper.shop_id, shopper.pk, amount.currency)
    value = Value(
        cash_minor=amount.minor if is_cash else 0,
        bonus_minor=0 if is_cash else amount.minor,
        origin="hand",
        is_bonus_given=not is_cash,
    )
    cause = Cause(f"hand:{key}", by=by, reason=text)
    return come_in(account, dated(shopper.shop_id, KIND, value), cause)


@action
def refund_into_credit(
    owed: Owed, shopper: Shopper, *, bonus_percent: int = 0, bonus_minor: int = 0
) -> Transaction:
    """Keep a refund for the shopper, with a bonus on top in a part of its own.

    It is ``bonus_percent`` of the refund and ``bonus_minor`` more, never above the refund itself.

    The bonus is no part of the refund; money that has had a bonus earns no second one. Booked
    once for each refund. Raises ``NothingToRestore``, ``ReferenceReused``.
    """
    account = account_of(owed.shop_id, KIND, shopper.pk, owed.amount.currency)
    return pay_into(owed, account.pk, bonus_percent=bonus_percent, bonus_minor=bonus_minor)


@action
def refund_back_to_credit(owed: Owed) -> Transaction:
    """Give a refund back to the credit that had paid, the same parts of the same lots.

    Raises ``NothingToRestore`` for a payment that no store credit made, or not that much.
    """
    return pay_back(owed, KIND)


@action
def reserve_credit(
    shopper: Shopper, amount: Money, *, reference: str, expires_at: datetime, by: str
) -> Hold:
    """Set the shopper's credit aside for a purchase, under the checkout's ``reference``.

    Raises ``InsufficientBalance``, ``BalanceBlocked``, ``ReferenceReused``.
    """
    account = _locked_account(shopper.shop_id, shopper.pk, amount.currency)
    return set_aside(account, amount, reference=reference, expires_at=expires_at, by=by)


@action
def spend_credit(shopper: Shopper, amount: Money, *, reference: str, by: str) -> Transaction:
    """Use the shopper's credit at once; ``reference`` is the payment's from then on.

    Raises ``InsufficientBalance``, ``BalanceBlocked``, ``ReferenceReused``.
    """
    check_reference(reference)
    account = _locked_account(shopper.shop_id, shopper.pk, amount.currency)
    cause = Cause(f"capture:{reference}", by=by, reference=reference)
    return go_out(account, amount, cause)


def _locked_account(shop_id: UUID, shopper_id: UUID, currency: str) -> Account:
    return locked(account_of(shop_id, KIND, shopper_id, currency).pk)
