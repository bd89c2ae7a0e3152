"""What to try a policy on: days, what it is held against, what else is looked at."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rebond.insights.trials.actions import Wanted
from rebond.insights.trials.models import Base


class TrialForm(forms.Form):
    """A period of days, both inside, and the choices of a trial."""

    first = forms.DateField(
        label=_("First day"),
        widget=forms.DateInput({"type": "date", "class": "form-control"}, "%Y-%m-%d"),
    )
    last = forms.DateField(
        label=_("Last day"),
        widget=forms.DateInput({"type": "date", "class": "form-control"}, "%Y-%m-%d"),
    )
    base = forms.ChoiceField(
        label=_("Compare with"),
        choices=[
            (Base.THEN.value, _("what was decided then")),
            (Base.IN_FORCE.value, _("the version in force today")),
        ],
        initial=Base.THEN.value,
        widget=forms.Select({"class": "form-select"}),
    )
    with_orders = forms.BooleanField(
        label=_("Also the orders nobody sent back: until when they could have come"),
        required=False,
        widget=forms.CheckboxInput({"class": "form-check-input"}),
    )
    with_simulated = forms.BooleanField(
        label=_("Also made-up requests: one for each of these orders"),
        required=False,
        widget=forms.CheckboxInput({"class": "form-check-input"}),
    )

    def clean(self) -> dict[str, Any]:
        """The first day does not come after the last."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if isinstance(first, date) and isinstance(last, date) and first > last:
            self.add_error("last", _("The last day comes before the first."))
        return cleaned

    @property
    def wanted(self) -> Wanted:
        """What was chosen, once it is valid."""
        told = self.cleaned_data
        return Wanted(
            first=told["first"],
            last=told["last"],
            base=Base(told["base"]),
            with_orders=told["with_orders"],
            with_simulated=told["with_simulated"],
        )
