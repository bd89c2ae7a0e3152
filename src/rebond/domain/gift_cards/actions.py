"""The verbs of gift cards; what holds an account by its id is the ledger's."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from rebond.domain.gift_cards.codes import code_of_refund, hash_of, hashes_of, new_code, tidy
from rebond.domain.gift_cards.errors import GiftCardNotUsable
from rebond.domain.gift_cards.events import GiftCardIssued
from rebond.domain.gift_cards.models import GiftCard
from rebond.domain.ledger.actions import written
from rebond.domain.ledger.books import Cause, account_of, locked
from rebond.domain.ledger.errors import AmountNotPositive
from rebond.domain.ledger.holding import check_reference, set_aside
from rebond.domain.ledger.kinds import AccountKind, Movement
from rebond.domain.ledger.models import Account, Hold, Transaction
from rebond.domain.ledger.movements import Value, check_amount, come_in, go_out
from rebond.domain.ledger.refunding import Owed, pay_back, pay_into
from rebond.domain.ledger.terms import dated
from rebond.domain.shoppers.models import Shopper
from rebond.domain.shops.models import Shop
from rebond.kernel.actions import action
from rebond.kernel.clock import now
from rebond.kernel.events import record
from rebond.kernel.ids import uuid7
from rebond.kernel.money import Money

KIND = AccountKind.GIFT_CARD


@dataclass(frozen=True)
class Issued:
    """A new card with its code: told once, and nowhere written down.

    ``code`` is "" when the same card was asked for a second time.
    """

    card: GiftCard
    code: str = field(repr=False)


@action
def issue_card(
    shop: Shop,
    amount: Money,
    *,
    is_cash: bool,
    key: str,
    reason: str,
    by: str,
    shopper: Shopper | None = None,
) -> Issued:
    """Issue a card with ``amount``: money that was paid (cash), or a gift of the shop.

    ``key`` is the form's own, so that a form sent twice issues one card. Raises
    ``BalanceReasonNeeded``, ``AmountNotPositive``.
    """
    text = written(reason)
    if amount.minor <= 0:
        raise AmountNotPositive(asked_minor=amount.minor)
    cause = Cause(f"hand:{key}", by=by, reason=text)
    earlier = Transaction.objects.filter(shop=shop, cause=cause.key, account__kind=KIND).first()
    if earlier is not None:
        return Issued(GiftCard.objects.get(shop=shop, account=earlier.account_id), "")
    code = new_code()
    card = _new_card(shop.pk, code, amount.currency, shopper=shopper, by=by)
    value = Value(
        cash_minor=amount.minor if is_cash else 0,
        bonus_minor=0 if is_cash else amount.minor,
        origin="hand",
        is_bonus_given=not is_cash,
    )
    come_in(locked(card.account_id), dated(shop.pk, KIND, value), cause)
    return Issued(card, code)


@action
def top_up(card: GiftCard, amount: Money, *, key: str, reason: str, by: str) -> Transaction:
    """Add money to a card. Raises ``BalanceReasonNeeded``, ``OtherCurrency``."""
    cause = Cause(f"hand:{key}", by=by, reason=written(reason))
    account = locked(card.account_id)
    check_amount(account, amount)
    value = Value(cash_minor=amount.minor, origin="top_up")
    return come_in(account, dated(card.shop_id, KIND, value), cause, kind=Movement.TOPPED_UP)


@action
def refund_to_new_card(
    owed: Owed,
    shopper: Shopper | None = None,
    *,
    bonus_percent: int = 0,
    bonus_minor: int = 0,
) -> Transaction:
    """Keep a refund on a new card. Its code follows from the refund: `codes.code_of_refund`.

    Booked once for each refund; asked again, the same booking. Raises ``NothingToRestore``.
    """
    card = GiftCard.objects.filter(shop_id=owed.shop_id, refund_id=owed.refund_id).first()
    if card is None:
        code = code_of_refund(owed.shop_id, owed.refund_id)
        card = _new_card(
            owed.shop_id,
            code,
            owed.amount.currency,
            shopper=shopper,
            by=owed.by,
            refund_id=owed.refund_id,
        )
    return pay_into(owed, card.account_id, bonus_percent=bonus_percent, bonus_minor=bonus_minor)


@action
def refund_back_to_card(owed: Owed) -> Transaction:
    """Give a refund back to the card that had paid, the same parts of the same lots.

    Raises ``NothingToRestore`` for a payment that no card of ours made, or not that much.
    """
    return pay_back(owed, KIND)


@action
def reserve_card(
    shop: Shop, code: str, amount: Money, *, reference: str, expires_at: datetime, by: str
) -> Hold:
    """Set value of the card with ``code`` aside, under the checkout's ``reference``.

    Raises ``GiftCardNotUsable`` for any code that is not good, ``InsufficientBalance``,
    ``ReferenceReused``.
    """
    account = _usable_account(shop, code, amount)
    return set_aside(account, amount, reference=reference, expires_at=expires_at, by=by)


@action
def redeem_card(shop: Shop, code: str, amount: Money, *, reference: str, by: str) -> Transaction:
    """Use value of the card with ``code`` at once; ``reference`` is the payment's from then on.

    Raises ``GiftCardNotUsable``, ``InsufficientBalance``, ``ReferenceReused``.
    """
    check_reference(reference)
    account = _usable_account(shop, code, amount)
    cause = Cause(f"capture:{reference}", by=by, reference=reference)
    return go_out(account, amount, cause)


def find_card(shop: Shop, code: str) -> GiftCard:
    """The card with ``code``, blocked or not. Raises ``GiftCardNotUsable`` where there is none.

    A code that cannot be one asks the database all the same, so both take as long.
    """
    tidied = tidy(code)
    hashes = hashes_of(shop.pk, tidied or "no code")
    card = (
        GiftCard.objects.select_related("account").filter(shop=shop, code_hash__in=hashes).first()
    )
    if card is None or not tidied:
        raise GiftCardNotUsable
    return card


def _usable_account(shop: Shop, code: str, amount: Money) -> Account:
    card = find_card(shop, code)
    account = locked(card.account_id)
    if account.blocked_at is not None or account.currency != amount.currency:
        raise GiftCardNotUsable
    return account


def _new_card(
    shop_id: UUID,
    code: str,
    currency: str,
    *,
    shopper: Shopper | None,
    by: str,
    refund_id: UUID | None = None,
) -> GiftCard:
    card_id = uuid7()
    card = GiftCard.objects.create(
        id=card_id,
        shop_id=shop_id,
        account=account_of(shop_id, KIND, card_id, currency),
        code_hash=hash_of(shop_id, code),
        last_four=code[-4:],
        shopper=shopper,
        refund_id=refund_id,
        issued_by=by,
        issued_at=now(),
    )
    event = GiftCardIssued(
        account_id=str(card.account_id),
        card_id=str(card.pk),
        last_four=card.last_four,
        refund_id=str(refund_id or ""),
        shopper_id=str(shopper.pk if shopper else ""),
    )
    record(event, shop_id=shop_id, actor=by)
    return card
