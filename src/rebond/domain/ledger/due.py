"""What the clock asks of all shops together: whose time is over."""

from datetime import datetime
from uuid import UUID

from django.db.models import F, Q

from rebond.domain.ledger.models import Hold, Lot


def due_holds(moment: datetime, limit: int = 500) -> list[UUID]:
    """Holds whose time is over, oldest first."""
    due = Hold.objects.filter(
        expires_at__lte=moment, amount_minor__gt=F("captured_minor") + F("released_minor")
    )
    return list(due.order_by("expires_at").values_list("pk", flat=True)[:limit])


def due_lots(moment: datetime, limit: int = 500) -> list[UUID]:
    """Lots with something free whose time is over, oldest first: cash, then bonus."""
    cash = Q(cash_expires_at__lte=moment, cash_left_minor__gt=F("cash_held_minor"))
    bonus = Q(bonus_expires_at__lte=moment, bonus_left_minor__gt=F("bonus_held_minor"))
    return list(
        dict.fromkeys(
            [
                *_oldest(cash & Q(cash_left_minor__gt=0), "cash_expires_at", limit),
                *_oldest(bonus & Q(bonus_left_minor__gt=0), "bonus_expires_at", limit),
            ]
        )
    )


def _oldest(due: Q, column: str, limit: int) -> list[UUID]:
    lots = Lot.objects.filter(due).order_by(column)
    return list(lots.values_list("pk", flat=True)[:limit])
