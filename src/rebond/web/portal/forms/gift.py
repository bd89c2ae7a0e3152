"""A present that comes back: how to open its order, and what its one form asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rebond.domain.orders.models import OrderLine
from rebond.domain.returns.actions import LONGEST_COMMENT
from rebond.domain.returns.models import Reason
from rebond.domain.returns.wishes import Wish


class OpenGiftForm(forms.Form):
    """An order number, and the gift code or postcode that goes with it."""

    number = forms.CharField(
        max_length=80,
        error_messages={
            "required": _("Please enter the order number."),
            "max_length": _("This is too long for an order number."),
        },
    )
    proof = forms.CharField(
        max_length=40,
        error_messages={
            "required": _("Please enter what goes with the order number."),
            "max_length": _("This is too long for a gift code or a postcode."),
        },
    )


class GiftForm(forms.Form):
    """How many of each line (``lines``) come back, why, and who gets what they are worth."""

    reason = forms.CharField(
        max_length=40, error_messages={"required": _("Please tell us why it comes back.")}
    )
    comment = forms.CharField(
        required=False,
        max_length=LONGEST_COMMENT,
        error_messages={"max_length": _("This text is too long.")},
    )
    name = forms.CharField(
        max_length=200,
        error_messages={
            "required": _("Please enter your name."),
            "max_length": _("This name is too long."),
        },
    )
    email = forms.EmailField(
        max_length=254,
        error_messages={
            "required": _("Please enter your e-mail address."),
            "invalid": _("This is not an e-mail address: please look again."),
            "max_length": _("This is too long for an e-mail address."),
        },
    )

    def __init__(
        self,
        lines: Sequence[OrderLine],
        reasons: Mapping[str, Reason],
        data: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data)
        self.lines, self.reasons = lines, reasons

    def clean(self) -> dict[str, Any]:
        """Check that something is chosen, and the reason known."""
        values = self.cleaned_data
        if not any(self.counts.values()):
            self.add_error(None, _("Please choose what comes back."))
        if values.get("reason") and values["reason"] not in self.reasons:
            self.add_error("reason", _("Please tell us why it comes back."))
        return values

    @property
    def counts(self) -> dict[str, int]:
        """Pieces by the id of the line; what cannot be read, or is too many, counts as none."""
        return {str(line.pk): self._count(line) for line in self.lines}

    @property
    def rows(self) -> list[tuple[OrderLine, str, range, int]]:
        """Each line with the name of its field, the numbers to choose from, and the one chosen."""
        counts = self.counts
        return [
            (line, f"l{line.position}", range(_left(line) + 1), counts[str(line.pk)])
            for line in self.lines
        ]

    @property
    def wishes(self) -> list[Wish]:
        """What is asked for."""
        values, counts = self.cleaned_data, self.counts
        return [
            Wish(line.pk, counts[str(line.pk)], values["reason"], comment=values["comment"])
            for line in self.lines
            if counts[str(line.pk)]
        ]

    def _count(self, line: OrderLine) -> int:
        text = str(self.data.get(f"l{line.position}", "")) if self.is_bound else ""
        count = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
        return count if count <= _left(line) else 0


def _left(line: OrderLine) -> int:
    return line.delivered_quantity - line.returned_quantity
