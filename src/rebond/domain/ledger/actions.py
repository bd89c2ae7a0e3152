"""The verbs that are the same for every kind of kept value; references are the checkout's own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from rebond.domain.ledger.books import Cause, locked
from rebond.domain.ledger.errors import BalanceReasonNeeded, HoldOver, TermsNotPossible
from rebond.domain.ledger.events import (
    BalanceBlockedByShop,
    BalanceUnblocked,
    CreditTermsChanged,
)
from rebond.domain.ledger.holding import (
    account_of_hold,
    check_reference,
    let_go,
    set_aside,
    take,
)
from rebond.domain.ledger.kinds import Movement
from rebond.domain.ledger.models import Account, CreditTerms, Hold, Lot, Transaction
from rebond.domain.ledger.movements import end_time, go_out, pay_cash_out
from rebond.domain.shops.models import Shop
from rebond.kernel.actions import action
from rebond.kernel.clock import now
from rebond.kernel.events import record
from rebond.kernel.money import Money

LONGEST_REASON = 300


@dataclass(frozen=True)
class Terms:
    """What a merchant sets: percent, days (None: without an end), points per currency unit."""

    bonus_percent: int = 0
    bonus_days: int | None = None
    cash_days: int | None = None
    card_days: int | None = None
    points_per_unit: int = 0
    points_days: int | None = None


@action
def reserve(
    account_id: UUID, amount: Money, *, reference: str, expires_at: datetime, by: str
) -> Hold:
    """Set ``amount`` aside under the checkout's ``reference``; asked again, the same hold.

    Raises ``InsufficientBalance``, ``BalanceBlocked``, ``ReferenceReused``, ``OtherCurrency``.
    """
    account = locked(account_id)
    return set_aside(account, amount, reference=reference, expires_at=expires_at, by=by)


@action
def capture(
    shop_id: UUID, hold_reference: str, amount: Money | None = None, *, reference: str, by: str
) -> Transaction:
    """Use what is held under ``hold_reference``: ``amount`` of it, or all that is left.

    ``reference`` names this capture; it is the payment's reference when money goes back.
    Asked again, the same booking. Raises ``HoldUnknown``, ``HoldOver``, ``ReferenceReused``.
    """
    check_reference(reference)
    account = locked(account_of_hold(shop_id, hold_reference))
    hold = Hold.objects.select_related("account").get(
        shop_id=shop_id, account=account, reference=hold_reference
    )
    key = f"capture:{reference}"
    if amount is None:
        done = Transaction.objects.filter(shop_id=shop_id, cause=key, account=account).first()
        minor = done.amount_minor if done else hold.left_minor
        amount = Money(minor, hold.currency)
        if not minor:
            raise HoldOver(reference=hold_reference, left_minor=0)
    return take(hold, amount, Cause(key, by=by, reference=reference))


@action
def release(shop_id: UUID, hold_reference: str, *, by: str) -> int:
    """Free what is still held; how much that was. Raises ``HoldUnknown``."""
    account = locked(account_of_hold(shop_id, hold_reference))
    hold = Hold.objects.select_related("account").get(
        shop_id=shop_id, account=account, reference=hold_reference
    )
    return let_go(hold, by=by)


@action
def redeem(account_id: UUID, amount: Money, *, reference: str, by: str) -> Transaction:
    """Use ``amount`` at once, without a hold; ``reference`` names it as for a capture.

    Raises ``InsufficientBalance``, ``BalanceBlocked``, ``ReferenceReused``.
    """
    check_reference(reference)
    cause = Cause(f"capture:{reference}", by=by, reference=reference)
    return go_out(locked(account_id), amount, cause)


@action
def cash_out(
    account_id: UUID, amount: Money, *, reference: str, reason: str, by: str
) -> Transaction:
    """Note that cash of the balance was paid out as money, under ``reference``.

    Raises ``CashOutExceedsCash`` beyond the cash part, ``ReferenceNeeded``.
    """
    check_reference(reference)
    cause = Cause(f"cash-out:{reference}", by=by, reference=reference, reason=written(reason))
    return pay_cash_out(locked(account_id), amount, cause)


@action
def take_back(account_id: UUID, amount: Money, *, key: str, reason: str, by: str) -> Transaction:
    """Correct a mistake: book ``amount`` off what is free. ``key`` makes it happen once.

    Raises ``BalanceReasonNeeded``, ``InsufficientBalance``.
    """
    cause = Cause(f"hand:{key}", by=by, reason=written(reason))
    return go_out(locked(account_id), amount, cause, kind=Movement.TAKEN_BACK)


@action
def block(account_id: UUID, *, reason: str, by: str) -> Account:
    """Let nothing more be used; what is held already stands. Raises ``BalanceReasonNeeded``."""
    text = written(reason)
    account = locked(account_id)
    if account.blocked_at is None:
        account.blocked_at = now()
        account.save(update_fields=["blocked_at"])
        told = BalanceBlockedByShop(str(account.pk), account.kind, text)
        record(told, shop_id=account.shop_id, actor=by)
    return account


@action
def unblock(account_id: UUID, *, reason: str, by: str) -> Account:
    """Let it be used again. Raises ``BalanceReasonNeeded``."""
    text = written(reason)
    account = locked(account_id)
    if account.blocked_at is not None:
        account.blocked_at = None
        account.save(update_fields=["blocked_at"])
        told = BalanceUnblocked(str(account.pk), account.kind, text)
        record(told, shop_id=account.shop_id, actor=by)
    return account


@action
def expire_hold(hold_id: UUID, *, moment: datetime) -> int:
    """Free a hold whose time is over; how much that was."""
    account = locked(Hold.objects.values_list("account_id", flat=True).get(pk=hold_id))
    hold = Hold.objects.select_related("account").get(pk=hold_id, account=account)
    return let_go(hold, by="system") if hold.expires_at <= moment else 0


@action
def expire_lot(lot_id: UUID, *, moment: datetime) -> Transaction | None:
    """Book off what of a lot is over and not held; None when nothing is."""
    lot = Lot.objects.get(pk=lot_id)
    locked(lot.account_id)
    return end_time(lot, moment)


@action
def set_terms(shop: Shop, terms: Terms, *, by: str) -> CreditTerms:
    """Put ``terms`` in force for what is given from now on. Raises ``TermsNotPossible``."""
    _check_terms(terms)
    row, _ = CreditTerms.objects.update_or_create(shop=shop, defaults=vars(terms))
    event = CreditTermsChanged(
        terms_id=str(row.pk), **{name: value or 0 for name, value in vars(terms).items()}
    )
    record(event, shop_id=shop.pk, actor=by)
    return row


def written(reason: str) -> str:
    """What a person wrote, without blanks around it. Raises ``BalanceReasonNeeded``."""
    text = reason.strip()
    if not text:
        raise BalanceReasonNeeded
    return text[:LONGEST_REASON]


def _check_terms(terms: Terms) -> None:
    if not 0 <= terms.bonus_percent <= 100:
        raise TermsNotPossible(field="bonus_percent")
    if not 0 <= terms.points_per_unit <= 1000:
        raise TermsNotPossible(field="points_per_unit")
    for name in ("bonus_days", "cash_days", "card_days", "points_days"):
        days = getattr(terms, name)
        if days is not None and not 1 <= days <= 36_500:
            raise TermsNotPossible(field=name)
