"""What somebody at the counter knows of a sale whose number they do not have."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rebond.domain.orders.finding import Sought
from rebond.web.backoffice.forms.settings import text


def day(label: Any) -> forms.DateField:
    """A field for a day."""
    widget = forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget)


class SoughtForm(forms.Form):
    """A sale by its article, days, and whose it was; about people only where they may be seen."""

    article = text(gettext_lazy("Article: name or stock code"), most=80, needed=False)
    since = day(gettext_lazy("Bought from"))
    until = day(gettext_lazy("Bought until"))
    postcode = text(gettext_lazy("Postcode"), most=20, needed=False)
    name = text(gettext_lazy("Customer’s name"), most=80, needed=False)
    last_four = text(
        gettext_lazy("Last four digits of the card"), most=4, needed=False, inputmode="numeric"
    )

    ABOUT_PEOPLE = ("postcode", "name", "last_four")

    def __init__(self, data: Any = None, *, people: bool) -> None:
        super().__init__(data)
        if not people:
            for name in self.ABOUT_PEOPLE:
                del self.fields[name]

    def clean_last_four(self) -> str:
        """Four digits, or none."""
        digits = str(self.cleaned_data["last_four"]).strip()
        if digits and not (len(digits) == 4 and digits.isascii() and digits.isdigit()):
            raise forms.ValidationError(_("Four digits, please."))
        return digits

    def clean(self) -> dict[str, Any]:
        """Something beside the days, which come in their order."""
        told: dict[str, Any] = super().clean() or {}
        since, until = told.get("since"), told.get("until")
        if since and until and since > until:
            self.add_error("until", _("The last day comes before the first."))
        if not self.errors and not self.sought.is_narrow:
            self.add_error("article", _("Please say at least one thing beside the days."))
        return told

    @property
    def sought(self) -> Sought:
        """What is known. Call after the form is valid."""
        told = self.cleaned_data
        return Sought(
            article=told.get("article", "").strip(),
            since=told.get("since"),
            until=told.get("until"),
            postcode=told.get("postcode", "").strip(),
            name=told.get("name", "").strip(),
            last_four=told.get("last_four", ""),
        )
