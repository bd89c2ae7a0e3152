"""The rates by which a shop estimates what its returns cost."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rebond.insights.costs.models import CostTerms
from rebond.insights.costs.reckon import USUAL_LOSS
from rebond.kernel.money import exponent_of
from rebond.web.backoffice.forms.sums import minor_of
from rebond.web.ui.words import word

PERCENTS = ("transport_percent", "handling_percent", "refurbishing_percent")


def percent(label: Any) -> forms.IntegerField:
    """A share from 0 to 100."""
    attrs = {"class": "form-control short", "inputmode": "numeric"}
    return forms.IntegerField(
        label=label, min_value=0, max_value=100, widget=forms.NumberInput(attrs=attrs)
    )


class RatesForm(forms.Form):
    """Shares of the price, a wage, and what is lost by where goods go."""

    transport_percent = percent(_("Transport, % of the price, where no label says more"))
    handling_percent = percent(_("Receiving and checking, % of the price"))
    wage = forms.CharField(
        label=_("Or an hour’s wage, with all charges (empty: the share above)"),
        required=False,
        max_length=12,
        widget=forms.TextInput(attrs={"class": "form-control short", "inputmode": "decimal"}),
    )
    minutes_per_piece = forms.IntegerField(
        label=_("Minutes for one piece"),
        min_value=0,
        max_value=600,
        widget=forms.NumberInput(attrs={"class": "form-control short", "inputmode": "numeric"}),
    )
    refurbishing_percent = percent(_("Refurbishing, % of the price, before the work is done"))

    def __init__(self, terms: CostTerms, data: Any = None) -> None:
        known = {name: getattr(terms, name) for name in (*PERCENTS, "minutes_per_piece")}
        exponent = exponent_of(terms.currency)
        if terms.wage_minor:
            known["wage"] = f"{terms.wage_minor / 10**exponent:.{exponent}f}"
        losses = terms.rates.lost_percent
        super().__init__(data, initial=known | {f"lost_{n}": losses[n] for n in USUAL_LOSS})
        self.currency = terms.currency
        for name in USUAL_LOSS:
            self.fields[f"lost_{name}"] = percent(word("disposition", name))

    @property
    def loss_fields(self) -> list[Any]:
        """What is lost, by where goods go."""
        return [self[f"lost_{name}"] for name in USUAL_LOSS]

    @property
    def main_fields(self) -> list[Any]:
        """The others."""
        return [self[name] for name in self.base_fields]

    def clean_wage(self) -> int:
        """Minor units; 0 for none."""
        text = self.cleaned_data["wage"].strip()
        minor = minor_of(text, self.currency) if text else 0
        if minor is None or not 0 <= minor <= 1_000_000:
            raise forms.ValidationError(_("An amount such as 24.50, please."))
        return minor

    @property
    def values(self) -> dict[str, int]:
        """What to set. Call after the form is valid."""
        told = self.cleaned_data
        return {name: told[name] for name in (*PERCENTS, "minutes_per_piece")} | {
            "wage_minor": told["wage"]
        }

    @property
    def losses(self) -> dict[str, int]:
        """The shares lost. Call after the form is valid."""
        return {name: self.cleaned_data[f"lost_{name}"] for name in USUAL_LOSS}
