"""A credit note by hand: for each line how many pieces and how much, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from django.utils.translation import gettext as _

from rebond.domain.credit_notes.actions import DraftWish
from rebond.domain.credit_notes.models import DraftLine
from rebond.domain.credit_notes.queries import Left
from rebond.kernel.money import half_up
from rebond.web.backoffice.forms.counts import whole
from rebond.web.backoffice.forms.sums import minor_of, typed

MOST_REASON = 500


@dataclass
class CreditRow:
    """One line or charge with what is to be credited of it."""

    left: Left
    currency: str
    pieces: str = ""
    amount: str = ""
    error: str = ""

    @property
    def name(self) -> str:
        """What the names of its fields begin with."""
        return f"row-{self.left.source.pk}"

    @property
    def all_of_it(self) -> str:
        """Everything that is left, as it stands in the field at first."""
        return typed(self.left.gross_minor, self.currency)

    @property
    def wish(self) -> DraftWish | None:
        """What is wanted of it; None for nothing. Call after the form is valid."""
        pieces, amount = whole(self.pieces) or 0, minor_of(self.amount, self.currency) or 0
        changed = self.amount.strip() in {"", self.all_of_it} and pieces != self.left.pieces
        if pieces and changed and self.left.pieces:
            share = Fraction(self.left.gross_minor * pieces, self.left.pieces)
            amount = min(half_up(share), self.left.gross_minor)
        return DraftWish(self.left.source.pk, amount, pieces) if amount else None


class CreditNoteForm:
    """The rows of an order with what is left of each, the reason, and whether a letter goes."""

    def __init__(
        self,
        rows: Sequence[Left],
        currency: str,
        typed_in: Mapping[str, str] | None = None,
        *,
        draft: Sequence[DraftLine] | None = None,
        reason: str = "",
        sends_letter: bool = True,
    ) -> None:
        self.reason, self.sends_letter, self.reason_error = reason, sends_letter, ""
        self.rows = [CreditRow(left, currency) for left in rows]
        if typed_in is not None:
            self._read(typed_in)
        elif draft is not None:
            self._show_draft(draft)
        else:
            for row in self.rows:
                row.pieces = str(row.left.pieces) if row.left.is_line else ""
                row.amount = row.all_of_it if row.left.gross_minor else ""

    def _read(self, typed_in: Mapping[str, str]) -> None:
        self.reason = typed_in.get("reason", "")
        self.sends_letter = "letter" in typed_in
        for row in self.rows:
            row.pieces = typed_in.get(f"{row.name}-pieces", "")
            row.amount = typed_in.get(f"{row.name}-amount", "")

    def _show_draft(self, draft: Sequence[DraftLine]) -> None:
        wanted: dict[UUID | None, DraftLine] = {
            line.order_line_id or line.charge_id: line for line in draft
        }
        for row in self.rows:
            line = wanted.get(row.left.source.pk)
            if line is not None:
                row.pieces = str(line.quantity or "")
                row.amount = typed(line.gross_minor, row.currency)

    def is_valid(self) -> bool:
        """Whether the numbers are numbers and there is a reason; refusals tell the rest."""
        for row in self.rows:
            if whole(row.pieces) is None:
                row.error = _("Please type a whole number.")
            elif minor_of(row.amount, row.currency) is None:
                row.error = _("Please type an amount such as 12.50.")
        if not self.reason.strip():
            self.reason_error = _("Please say why: the reason is printed on the credit note.")
        elif len(self.reason) > MOST_REASON:
            self.reason_error = _("At most {most} characters, please.").format(most=MOST_REASON)
        return not self.reason_error and not any(row.error for row in self.rows)

    @property
    def wishes(self) -> list[DraftWish]:
        """What is wanted: the rows with an amount."""
        return [row.wish for row in self.rows if row.wish is not None]
