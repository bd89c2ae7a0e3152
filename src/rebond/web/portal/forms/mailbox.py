"""The fields by which somebody proves to read a mailbox."""

from django import forms
from django.utils.translation import gettext_lazy as _


class MailboxForm(forms.Form):
    """An e-mail address."""

    email = forms.EmailField(
        max_length=254,
        error_messages={
            "required": _("Please enter your e-mail address."),
            "invalid": _("This is not an e-mail address: please look again."),
            "max_length": _("This is too long for an e-mail address."),
        },
    )


class CodeForm(forms.Form):
    """The code from the letter; blanks and dashes do not matter."""

    code = forms.CharField(
        max_length=40,
        error_messages={
            "required": _("Please enter the code from our e-mail."),
            "max_length": _("The code has eight digits."),
        },
    )
