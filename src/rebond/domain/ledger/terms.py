"""A shop's terms of kept value, and the moments that follow from them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from rebond.domain.ledger.kinds import AccountKind
from rebond.domain.ledger.models import CreditTerms
from rebond.domain.ledger.movements import Value
from rebond.kernel.clock import now


def terms_of(shop_id: UUID) -> CreditTerms:
    """The terms of the shop; without any of its own: no bonus, no end, no points."""
    own = CreditTerms.objects.filter(shop_id=shop_id).first()
    return own or CreditTerms(shop_id=shop_id)


def after(moment: datetime, days: int | None) -> datetime | None:
    """``days`` after ``moment``; None for no end."""
    return None if days is None else moment + timedelta(days=days)


def dated(shop_id: UUID, kind: AccountKind, value: Value) -> Value:
    """``value`` with the times that the shop's terms give to what is issued now."""
    terms, moment = terms_of(shop_id), now()
    days = terms.card_days if kind is AccountKind.GIFT_CARD else terms.cash_days
    bonus_days = terms.points_days if kind is AccountKind.POINTS else terms.bonus_days
    return replace(
        value,
        cash_expires_at=after(moment, days),
        bonus_expires_at=after(moment, bonus_days),
    )
