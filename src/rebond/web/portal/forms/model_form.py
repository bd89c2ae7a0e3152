"""The model withdrawal form, to be filled in on screen."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from rebond.domain.withdrawals.sealing import Declared
from rebond.kernel import formats
from rebond.web.portal.forms.withdraw import LONGEST_CONTRACT, LONGEST_NAME

DAY = {"type": "date", "class": "form-control form-control-lg"}
LINE = {"class": "form-control form-control-lg"}


class ModelForm(forms.Form):
    """The blanks of the model form, and the address the acknowledgement goes to.

    Only goods, name and e-mail address are needed; no reason is asked for.
    """

    goods = forms.CharField(
        label=gettext_lazy("Goods or service, order number if you have it"),
        max_length=140,
        widget=forms.TextInput(LINE),
    )
    ordered_on = forms.DateField(
        label=gettext_lazy("Ordered on"), required=False, widget=forms.DateInput(DAY)
    )
    received_on = forms.DateField(
        label=gettext_lazy("Received on"), required=False, widget=forms.DateInput(DAY)
    )
    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=LONGEST_NAME,
        widget=forms.TextInput({**LINE, "autocomplete": "name"}),
    )
    address = forms.CharField(
        label=gettext_lazy("Your address"),
        max_length=100,
        required=False,
        widget=forms.TextInput({**LINE, "autocomplete": "street-address"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("Your e-mail address, for the acknowledgement"),
        max_length=254,
        widget=forms.EmailInput({**LINE, "autocomplete": "email"}),
    )

    def declared(self, language: str) -> Declared:
        """What the form declares, as the withdrawal page reads it back."""
        said = self.cleaned_data
        parts = [said["goods"]]
        for name, sentence in (
            ("ordered_on", _("ordered on {day}")),
            ("received_on", _("received on {day}")),
        ):
            if said[name]:
                parts.append(sentence.format(day=formats.day(said[name], language)))
        if said["address"]:
            parts.append(said["address"])
        return Declared(
            language=language,
            name=said["name"],
            contract="; ".join(parts)[:LONGEST_CONTRACT],
            email=said["email"],
            note="",
            order_id=None,
            pieces=[],
        )
