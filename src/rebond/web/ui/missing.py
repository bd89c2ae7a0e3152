"""The form that says which pieces of an order never arrived: the same for portal and desk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from rebond.domain.non_deliveries.actions import Told
from rebond.domain.non_deliveries.pieces import left_to_report
from rebond.domain.non_deliveries.states import Tracking
from rebond.domain.orders.models import Order, OrderLine
from rebond.domain.returns.actions import LONGEST_COMMENT


@dataclass
class PieceRow:
    """One article, how many pieces of it can be named, and what was typed."""

    line: OrderLine
    left: int
    typed: str = ""
    error: str = ""

    @property
    def name(self) -> str:
        """The name of its field."""
        return f"pieces-{self.line.pk}"


def read_count(typed: str, most: int) -> int | None:
    """A whole number from 0 to ``most``; nothing typed is 0, anything else None."""
    text = typed.strip()
    if not text:
        return 0
    if not (text.isascii() and text.isdigit() and len(text) < 8):
        return None
    return int(text) if int(text) <= most else None


def read_day(typed: str) -> date | None:
    """A day as a browser sends it; None for anything else."""
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        return None


class MissingForm:
    """Pieces of each line, what the tracking says, the day that was announced, and words."""

    longest = LONGEST_COMMENT

    def __init__(self, order: Order, sent: Mapping[str, str] | None = None) -> None:
        given = sent or {}
        self.is_sent = sent is not None
        left = left_to_report(order)
        lines = order.lines.order_by("position")
        self.rows = [
            PieceRow(line, left[line.pk], given.get(f"pieces-{line.pk}", "").strip()[:9])
            for line in lines
        ]
        known = {one.value for one in Tracking}
        said = given.get("tracking", "")
        self.tracking = said if said in known else ""
        self.expected = given.get("expected_on", "").strip()[:10]
        self.text = given.get("text", "")[: LONGEST_COMMENT + 1]
        self.tracking_error = self.expected_error = self.pieces_error = ""

    @property
    def trackings(self) -> list[str]:
        """What may be chosen."""
        return [one.value for one in Tracking]

    @property
    def is_anything_left(self) -> bool:
        """Whether any piece can still be named."""
        return any(row.left for row in self.rows)

    @property
    def pieces(self) -> dict[UUID, int]:
        """The pieces of each line, once the form is valid."""
        return {row.line.pk: read_count(row.typed, row.left) or 0 for row in self.rows}

    @property
    def has_errors(self) -> bool:
        """Whether something has to be put right."""
        own = self.tracking_error or self.expected_error or self.pieces_error
        return bool(own) or any(row.error for row in self.rows)

    def is_valid(self) -> bool:
        """Whether pieces are named, the tracking is told and the day is one; sets the errors."""
        for row in self.rows:
            if read_count(row.typed, row.left) is None:
                row.error = _("A whole number from 0 to {most}, please.").format(most=row.left)
        if not any(row.error for row in self.rows) and not any(self.pieces.values()):
            self.pieces_error = _("Please say which articles are missing, and how many.")
        if not self.tracking:
            self.tracking_error = _("Please say what the tracking says.")
        if self.expected and read_day(self.expected) is None:
            self.expected_error = _("Please choose a day.")
        return not self.has_errors

    def told(self, language: str = "") -> Told:
        """What was typed, for ``report_missing``."""
        return Told(
            pieces=self.pieces,
            tracking_said=Tracking(self.tracking),
            expected_on=read_day(self.expected),
            text=self.text,
            language=language,
        )
