"""What somebody at the desk types about a statement of withdrawal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from rebond.domain.orders.models import OrderLine
from rebond.domain.withdrawals.states import AnswerReason

REASONS = [
    (AnswerReason.TOO_LATE.value, _("The withdrawal period was over")),
    (AnswerReason.EXCEPTION.value, _("The law excludes this article")),
    (AnswerReason.NO_SUCH_ORDER.value, _("No order fits")),
    (AnswerReason.SAID_BEFORE.value, _("Already declared before")),
    (AnswerReason.NO_CONSUMER.value, _("Bought for a business")),
]


class MatchForm(forms.Form):
    """The number of the order that is meant."""

    number = forms.CharField(max_length=80, label=_("Order number"))


class AnswerForm(forms.Form):
    """Why no return follows, in words that the consumer reads."""

    reason = forms.ChoiceField(
        choices=REASONS,
        label=_("Reason"),
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    note = forms.CharField(
        max_length=2000,
        label=_("Your words to the customer"),
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 4}),
        error_messages={"required": _("Please write to the customer why.")},
    )


class PiecesForm(forms.Form):
    """How many of each line come back."""

    def __init__(self, left: Sequence[tuple[OrderLine, int, int]], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.left = left
        for line, most, wanted in left:
            self.fields[f"pieces_{line.position}"] = forms.IntegerField(
                min_value=0,
                max_value=most,
                initial=wanted,
                required=False,
                label=line.title,
                widget=forms.NumberInput(attrs={"class": "form-control"}),
            )

    @property
    def pieces(self) -> dict[UUID, int]:
        """The chosen pieces by order line."""
        return {
            line.pk: self.cleaned_data.get(f"pieces_{line.position}") or 0
            for line, _most, _wanted in self.left
        }
