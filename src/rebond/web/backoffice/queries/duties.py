"""The board of what is due: rows with their words, and what each day late costs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from rebond.domain.duties.cost import Cost, cost_on, ladder_of
from rebond.domain.duties.kinds import DutyKind
from rebond.domain.duties.models import Duty
from rebond.domain.duties.queries import after, open_duties, withheld
from rebond.domain.returns.models import Return
from rebond.domain.shops.models import Shop
from rebond.domain.withdrawals.models import Statement

ROWS = 50
SOON = 7


@dataclass(frozen=True)
class Row:
    """One duty. ``days_left`` is negative once its day has passed, None while it is withheld.

    ``now`` is what a refund today costs on top, ``following`` the next dearer step.
    """

    duty: Duty
    days_left: int | None
    now: Cost | None
    following: Cost | None

    @property
    def days_late(self) -> int:
        """How many days its day has passed."""
        return max(0, -(self.days_left or 0))

    @property
    def tone(self) -> str:
        """How urgent it looks: ``bad`` late, ``wait`` within a week, or nothing."""
        if self.days_left is None:
            return ""
        return "bad" if self.days_left < 0 else "wait" if self.days_left <= SOON else ""


@dataclass(frozen=True)
class Board:
    """One page of the board: ``further`` is the place where it goes on, empty at its end."""

    rows: list[Row]
    waiting: list[Row]
    further: str


def board_of(shop: Shop, today: date, *, kind: str = "", place: str = "") -> Board:
    """The open duties from ``place`` on, the most urgent first, in two queries."""
    duties = open_duties(shop, kind=kind if kind in set(DutyKind) else "")
    start = _read(place)
    if start is not None:
        duties = after(duties, *start)
    found = list(duties[: ROWS + 1])
    shown = found[:ROWS]
    further = _write(shown[-1]) if len(found) > ROWS else ""
    waits = kind in {"", DutyKind.REFUND.value} and start is None
    waiting = withheld(shop, ROWS) if waits else []
    return Board(
        [row_of(duty, today) for duty in shown], [row_of(duty, today) for duty in waiting], further
    )


def duties_of(rma: Return, today: date) -> list[Row]:
    """What the law wants done for one return, open or done."""
    rows = Duty.objects.filter(shop_id=rma.shop_id, rma=rma)
    return [row_of(duty, today) for duty in rows.order_by("due_on", "kind")]


def duties_of_statement(statement: Statement, today: date) -> list[Row]:
    """The same for a statement of withdrawal."""
    rows = Duty.objects.filter(shop_id=statement.shop_id, statement=statement)
    return [row_of(duty, today) for duty in rows.order_by("kind")]


def row_of(duty: Duty, today: date) -> Row:
    """``duty`` with its words for ``today``. Asks nothing of the database."""
    left = (duty.due_on - today).days if duty.due_on is not None else None
    if duty.done_at is not None:
        return Row(duty, left, None, None)
    steps = ladder_of(duty, today, steps=2)
    current = cost_on(duty, today)
    following = next((step for step in steps if current is None or step != current), None)
    if current is not None and duty.due_on is not None:
        following = steps[1] if len(steps) > 1 else None
    return Row(duty, left, current, following)


def starts_on(duty: Duty, cost: Cost) -> date:
    """The first day at which ``cost`` is owed."""
    assert duty.due_on is not None
    return duty.due_on + timedelta(days=cost.days_late)


def _write(duty: Duty) -> str:
    assert duty.due_on is not None
    return f"{duty.due_on.isoformat()}_{duty.pk}"


def _read(place: str) -> tuple[date, UUID] | None:
    day, _, last = place.partition("_")
    try:
        return date.fromisoformat(day), UUID(last)
    except ValueError:
        return None
