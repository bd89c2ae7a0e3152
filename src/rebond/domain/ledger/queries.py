"""What the desk and the plugs ask of the books."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import BigIntegerField, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from rebond.domain.ledger.kinds import OWED, AccountKind, Movement, Part
from rebond.domain.ledger.models import Account, Entry, Transaction
from rebond.domain.ledger.movements import free_shares
from rebond.domain.shops.models import Shop
from rebond.kernel.money import Money


@dataclass(frozen=True)
class Usable:
    """What of a balance can be used now: cash that could be paid out, and bonus."""

    cash_minor: int
    bonus_minor: int

    @property
    def total_minor(self) -> int:
        """Both together."""
        return self.cash_minor + self.bonus_minor


@dataclass(frozen=True)
class Report:
    """What a shop owed in one currency over a period, in minor units.

    ``opening`` and all that follows it sum to ``closing``; what goes is negative.
    """

    currency: str
    opening: int
    issued_cash: int
    issued_bonus: int
    topped_up: int
    restored: int
    used: int
    expired: int
    cashed_out: int
    taken_back: int
    closing: int

    @property
    def rows(self) -> list[tuple[str, int]]:
        """Each line with its name, in the order in which they add up."""
        names = (
            "opening",
            "issued_cash",
            "issued_bonus",
            "topped_up",
            "restored",
            "used",
            "expired",
            "cashed_out",
            "taken_back",
            "closing",
        )
        return [(name, getattr(self, name)) for name in names]


def usable(account: Account) -> Usable:
    """What can be used of ``account`` now: free, and not over."""
    shares = free_shares(account)
    by_part = {part: sum(s.minor for s in shares if s.part is part) for part in Part}
    return Usable(by_part[Part.CASH], by_part[Part.BONUS])


def spend_behind(shop_id: UUID, reference: str, kind: AccountKind) -> Transaction | None:
    """The use of value that a payment's ``reference`` stands for, or None."""
    return (
        Transaction.objects.select_related("account")
        .filter(
            shop_id=shop_id,
            cause=f"capture:{reference}",
            kind=Movement.USED,
            account__kind=kind,
        )
        .first()
    )


def refunds_booked(shop: Shop, kind: AccountKind) -> QuerySet[Transaction]:
    """The refunds that were paid into accounts of ``kind``, with the cash part of each."""
    cash = (
        Entry.objects.filter(
            shop_id=OuterRef("shop_id"),
            transaction=OuterRef("pk"),
            account=OuterRef("account"),
            part=Part.CASH,
        )
        .order_by()
        .values("transaction")
        .annotate(sum=Sum("amount_minor"))
        .values("sum")
    )
    return (
        Transaction.objects.filter(shop=shop, account__kind=kind, cause__startswith="refund:")
        .exclude(cause__endswith=":bonus")
        .annotate(cash_minor=Coalesce(Subquery(cash), Value(0), output_field=BigIntegerField()))
        .order_by("at", "id")
    )


def refunded_amount(booked: Transaction) -> Money:
    """How much of a refund a booking stands for: new credit without its bonus, or what came back.

    ``booked`` comes from ``refunds_booked``.
    """
    if booked.kind == Movement.RESTORED:
        return Money(booked.amount_minor, booked.currency)
    return Money(booked.cash_minor, booked.currency)  # type: ignore[attr-defined]


def liability(shop: Shop, since: datetime, until: datetime) -> list[Report]:
    """What the shop owed in store credit and gift cards, from ``since`` to before ``until``.

    One report for each currency that was ever booked, by its code. Two queries.
    """
    owed = Entry.objects.filter(shop=shop, account__kind__in=_money_kinds()).order_by()
    opening = dict(
        owed.filter(at__lt=since).values_list("currency").annotate(sum=Sum("amount_minor"))
    )
    moved: dict[tuple[str, str, str], int] = {
        (row["currency"], row["transaction__kind"], row["part"]): row["sum"]
        for row in owed.filter(at__gte=since, at__lt=until)
        .values("currency", "transaction__kind", "part")
        .annotate(sum=Sum("amount_minor"))
    }
    currencies = sorted({*opening, *(currency for currency, _, _ in moved)})
    return [_report(currency, opening.get(currency, 0), moved) for currency in currencies]


def _report(currency: str, opening: int, moved: dict[tuple[str, str, str], int]) -> Report:
    def of(kind: Movement, *parts: Part) -> int:
        return sum(moved.get((currency, kind.value, part.value), 0) for part in parts or Part)

    closing = opening + sum(minor for (code, _, _), minor in moved.items() if code == currency)
    return Report(
        currency=currency,
        opening=opening,
        issued_cash=of(Movement.ISSUED, Part.CASH),
        issued_bonus=of(Movement.ISSUED, Part.BONUS),
        topped_up=of(Movement.TOPPED_UP),
        restored=of(Movement.RESTORED),
        used=of(Movement.USED),
        expired=of(Movement.EXPIRED),
        cashed_out=of(Movement.CASHED_OUT),
        taken_back=of(Movement.TAKEN_BACK),
        closing=closing,
    )


def _money_kinds() -> list[AccountKind]:
    return sorted(OWED - {AccountKind.POINTS})
