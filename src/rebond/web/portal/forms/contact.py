"""The contact form, and what keeps machines out of it without asking anybody else."""

from __future__ import annotations

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

SOONEST, LATEST = 3, 24 * 3600
"""Seconds from the page to the message: nobody types faster, no page is older."""
SALT = "contact-form"


def begun() -> str:
    """The moment at which the page was shown, under our signature."""
    return signing.TimestampSigner(salt=SALT).sign("1")


class ContactForm(forms.Form):
    """Who writes, what about, and two things that only a machine gets wrong.

    ``website`` is a field that people do not see: what fills it in is no person, or a browser that
    fills in everything, so it is said and not swallowed.
    """

    name = forms.CharField(label=_("Your name"), max_length=120, required=False)
    email = forms.EmailField(
        max_length=254,
        error_messages={
            "required": _("Please enter your e-mail address."),
            "invalid": _("Please check the e-mail address."),
        },
    )
    number = forms.CharField(max_length=80, required=False)
    text = forms.CharField(
        max_length=2000,
        error_messages={
            "required": _("Please write a few words first."),
            "max_length": _("Please shorten your message to 2,000 characters."),
        },
    )
    website = forms.CharField(max_length=200, required=False)
    begun = forms.CharField(max_length=200, required=False)

    def clean_website(self) -> str:
        """Nothing, or this is no person."""
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("Please leave this field empty."))
        return ""

    def clean_begun(self) -> str:
        """A page that was shown a moment ago, by us."""
        signer = signing.TimestampSigner(salt=SALT)
        try:
            signer.unsign(self.cleaned_data["begun"], max_age=LATEST)
        except signing.SignatureExpired as problem:
            raise forms.ValidationError(_("This page was open for long. Please send again.")) from (
                problem
            )
        except signing.BadSignature as problem:
            raise forms.ValidationError(_("Please send again.")) from problem
        try:
            signer.unsign(self.cleaned_data["begun"], max_age=SOONEST)
        except signing.SignatureExpired:
            return "1"
        raise forms.ValidationError(_("That was very quick. Please send again."))
