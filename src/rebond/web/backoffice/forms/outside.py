"""What money that was refunded elsewhere was for: articles, shipping, a return, and a word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from rebond.domain.orders.models import Order
from rebond.domain.refunds.left import Left
from rebond.domain.refunds.wishes import OrderRefund, WantedCharge, WantedPieces
from rebond.domain.returns.models import Return
from rebond.web.backoffice.forms.amounts import minor_of, typed
from rebond.web.backoffice.forms.counts import whole
from rebond.web.backoffice.forms.order_refund import ChargeRow, PieceRow


class OutsideForm:
    """Articles for an amount that is fixed. ``wish`` is only right after ``is_valid`` was.

    ``guess`` is shown until somebody typed something else. Nothing chosen: it is a gesture.
    """

    def __init__(
        self,
        order: Order,
        left: Mapping[UUID, Left],
        returns: Sequence[Return],
        given: Mapping[str, str] | None,
        *,
        guess: OrderRefund | None,
        language: str,
    ) -> None:
        self.order = order
        self.returns = returns
        self.is_guess = given is None and guess is not None
        answers = _answers(order, left, guess, language) if given is None else given
        self.rows = [
            PieceRow(
                line,
                left[line.pk],
                answers.get(f"line-{line.pk}-quantity", ""),
                answers.get(f"line-{line.pk}-amount", ""),
            )
            for line in order.lines.order_by("position")
        ]
        self.charges = [
            ChargeRow(charge, left[charge.pk], answers.get(f"charge-{charge.pk}", ""))
            for charge in order.charges.order_by("position")
            if left[charge.pk].minor > 0
        ]
        self.reason = answers.get("reason", "")
        self.tells_shopper = given is None or answers.get("tells_shopper") == "on"
        self.rma = answers.get("rma", "")
        self.rma_error = ""

    def is_valid(self) -> bool:
        """Whether everything typed can be read; what is possible, the quote says."""
        currency = self.order.currency
        for row in self.rows:
            row.error = ""
            if whole(row.quantity) is None:
                row.error = _("Please type a whole number.")
            elif row.amount and not minor_of(row.amount, currency):
                row.error = _("Please type an amount such as 12.50.")
        for charge in self.charges:
            charge.error = ""
            if charge.amount and minor_of(charge.amount, currency) is None:
                charge.error = _("Please type an amount such as 12.50.")
        if self.rma and self.rma_id is None:
            self.rma_error = _("Please choose a return from the list.")
        wrong = [row.error for row in self.rows] + [row.error for row in self.charges]
        return not (any(wrong) or self.rma_error)

    @property
    def rma_id(self) -> UUID | None:
        """The return that was chosen; None for none, or for one that is not offered."""
        return next((rma.pk for rma in self.returns if str(rma.pk) == self.rma), None)

    @property
    def wish(self) -> OrderRefund:
        """What the money was for."""
        currency = self.order.currency
        charges = [(row, minor_of(row.amount or "0", currency)) for row in self.charges]
        return OrderRefund(
            pieces=tuple(
                WantedPieces(
                    row.line.pk,
                    whole(row.quantity) or 0,
                    minor_of(row.amount, currency) if row.amount else None,
                )
                for row in self.rows
                if whole(row.quantity) or row.amount
            ),
            charges=tuple(WantedCharge(row.charge.pk, minor) for row, minor in charges if minor),
            reason=self.reason,
            tells_shopper=self.tells_shopper,
        )


def _answers(
    order: Order, left: Mapping[UUID, Left], guess: OrderRefund | None, language: str
) -> Mapping[str, str]:
    """The guess, as somebody would have typed it."""
    if guess is None:
        return {}
    found = {f"line-{piece.order_line_id}-quantity": str(piece.quantity) for piece in guess.pieces}
    for charge in guess.charges:
        minor = left[charge.charge_id].minor if charge.amount_minor is None else charge.amount_minor
        found[f"charge-{charge.charge_id}"] = typed(minor, order.currency, language)
    return found
