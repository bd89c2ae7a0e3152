"""The two fields that open an order."""

from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST_NUMBER = 80


class FindForm(forms.Form):
    """An order number, and the e-mail address or postcode that goes with it."""

    number = forms.CharField(
        max_length=LONGEST_NUMBER,
        error_messages={
            "required": _("Please enter your order number."),
            "max_length": _("This is too long for an order number."),
        },
    )
    proof = forms.CharField(
        max_length=254,
        error_messages={
            "required": _("Please enter your e-mail address or your postcode."),
            "max_length": _("This is too long for an e-mail address or a postcode."),
        },
    )
