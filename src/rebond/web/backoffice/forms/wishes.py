"""A return that the staff files for a shopper, on the phone or at the counter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rebond.domain.enquiries.reading import lines_meant
from rebond.domain.orders.models import OrderLine
from rebond.domain.returns.actions import LONGEST_COMMENT
from rebond.domain.returns.models import Reason
from rebond.domain.returns.wishes import Wish
from rebond.web.backoffice.forms.counts import whole


@dataclass
class WishRow:
    """One line of the order with what is wanted of it."""

    line: OrderLine
    quantity: str = ""
    reason: str = ""
    comment: str = ""
    error: str = ""

    @property
    def left(self) -> int:
        """Pieces that can still be given back."""
        return self.line.delivered_quantity - self.line.returned_quantity

    @property
    def name(self) -> str:
        """What the names of its fields begin with."""
        return f"line-{self.line.pk}"


class StaffReturnForm:
    """Quantities and reasons for the lines of an order; where, what for, a comment."""

    WHERE = (
        ("phone", gettext_lazy("On the phone or by mail")),
        ("counter", gettext_lazy("At the counter, with the goods")),
    )
    OUTCOMES = (
        ("refund", gettext_lazy("The money back")),
        ("store_credit", gettext_lazy("Store credit")),
        ("gift_card", gettext_lazy("A gift card")),
    )

    def __init__(
        self,
        lines: Sequence[OrderLine],
        reasons: Sequence[Reason],
        typed: Mapping[str, str] | None = None,
        *,
        may_receive: bool = False,
    ) -> None:
        self.reasons = reasons
        self.places = self.WHERE if may_receive else self.WHERE[:1]
        self.where = (typed or {}).get("where", "phone")
        self.outcome = (typed or {}).get("outcome", "refund")
        self.comment = (typed or {}).get("comment", "")
        self.rows = [WishRow(line) for line in lines]
        for row in self.rows if typed is not None else ():
            row.quantity = typed.get(f"{row.name}-quantity", "")  # type: ignore[union-attr]
            row.reason = typed.get(f"{row.name}-reason", "")  # type: ignore[union-attr]
            row.comment = typed.get(f"{row.name}-comment", "")  # type: ignore[union-attr]

    def begin_with(self, words: str) -> None:
        """Begin with what somebody wrote: it stands as the comment, and the lines that they seem
        to mean are filled in for the person at the desk to check."""
        if not words:
            return
        self.comment = words[:LONGEST_COMMENT]
        meant = {line.pk for line in lines_meant(words, [row.line for row in self.rows])}
        for row in self.rows:
            row.quantity = "1" if row.line.pk in meant else ""

    def is_valid(self) -> bool:
        """Whether the numbers are numbers, and each wanted line has a reason."""
        known = {reason.code for reason in self.reasons}
        if self.where not in dict(self.places) or self.outcome not in dict(self.OUTCOMES):
            return False
        for row in self.rows:
            pieces = whole(row.quantity)
            if pieces is None:
                row.error = _("Please type a whole number.")
            elif pieces and row.reason not in known:
                row.error = _("Please choose a reason.")
        return not any(row.error for row in self.rows)

    @property
    def wishes(self) -> list[Wish]:
        """What is wanted: the lines with at least one piece."""
        return [
            Wish(row.line.pk, pieces, row.reason, comment=row.comment, outcome=self.outcome)
            for row in self.rows
            if (pieces := whole(row.quantity) or 0)
        ]
