"""What somebody brings without a receipt, as typed at the desk."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rebond.domain.no_receipt.actions import Brought
from rebond.domain.warehouse.checklists import GRADED
from rebond.domain.warehouse.grades import Grade
from rebond.web.backoffice.forms.settings import choice, email_field, text
from rebond.web.ui.words import GRADES


class BroughtForm(forms.Form):
    """The article, how many, in which state, and whose they are."""

    sku = text(_("Stock code of the article"), most=64)
    quantity = forms.IntegerField(
        label=_("Pieces"),
        min_value=1,
        max_value=20,
        initial=1,
        widget=forms.NumberInput(attrs={"class": "form-control", "inputmode": "numeric"}),
    )
    grade = choice(_("Grade"), [(one.value, _(GRADES[one.value])) for one in GRADED])
    email = email_field(_("E-mail address of the customer"), autocomplete="off")
    name = text(_("Customer’s name"), needed=False)
    said = text(_("What the customer says"), most=1000, needed=False)

    def __init__(self, data: Any = None, **known: Any) -> None:
        super().__init__(data, initial=known)

    @property
    def brought(self) -> Brought:
        """What was brought. Call after the form is valid."""
        told = self.cleaned_data
        return Brought(
            sku=told["sku"].strip(),
            quantity=told["quantity"],
            grade=Grade(told["grade"]),
            email=told["email"],
            name=told["name"],
            said=told["said"],
        )
