"""How the accountant wants things: accounts, company size, platform, where heads go."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from rebond.domain.credit_notes.models import Bookkeeping
from rebond.domain.credit_notes.ports import platforms
from rebond.insights.accounting.books import ACCOUNT, USUAL_ACCOUNTS

SIZES = (
    ("", _("Not said: the earliest date counts")),
    ("large", _("Large")),
    ("mid", _("Intermediate (ETI)")),
    ("sme", _("Small or medium (PME)")),
    ("micro", _("Micro")),
)


class BooksForm(forms.Form):
    """Fields of ``Bookkeeping``; each account has a field of its own, empty for the usual one."""

    company_size = forms.ChoiceField(
        label=_("Size of the company"),
        choices=SIZES,
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    is_oss = forms.BooleanField(
        label=_("Sales to other EU countries are declared through the one-stop shop (OSS)"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )
    platform = forms.ChoiceField(
        label=_("Way to the approved platform"),
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    heads_email = forms.EmailField(
        label=_("Mail the head of the chain every day to"),
        required=False,
        widget=forms.EmailInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )
    heads_url = forms.URLField(
        label=_("Post the head of the chain every day to (https)"),
        required=False,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )

    def __init__(self, books: Bookkeeping, data: QueryDict | None = None) -> None:
        super().__init__(data, initial=_initial(books))
        titles = [(key, platforms[key].title) for key in platforms.keys()]  # noqa: SIM118
        self.fields["platform"].choices = titles  # type: ignore[attr-defined]
        for name, (number, words) in USUAL_ACCOUNTS.items():
            self.fields[f"account_{name}"] = forms.RegexField(
                rf"^{ACCOUNT.pattern}$",
                label=words,
                required=False,
                initial=books.accounts.get(name, ""),
                widget=forms.TextInput(
                    attrs={"class": "form-control", "placeholder": number, "autocomplete": "off"}
                ),
            )

    @property
    def account_fields(self) -> list[Any]:
        """The fields of the accounts."""
        return [self[f"account_{name}"] for name in USUAL_ACCOUNTS]

    @property
    def other_fields(self) -> list[Any]:
        """The fields that hold a text or a choice."""
        return [self[name] for name in ("company_size", "platform", "heads_email", "heads_url")]

    def clean_heads_url(self) -> str:
        """Only an encrypted way out."""
        url: str = self.cleaned_data["heads_url"]
        if url and not url.startswith("https://"):
            raise forms.ValidationError(_("Only https addresses, please."))
        return url

    @property
    def values(self) -> dict[str, Any]:
        """What to set. Call after the form is valid."""
        cleaned = self.cleaned_data
        accounts = {
            name: cleaned[f"account_{name}"]
            for name in USUAL_ACCOUNTS
            if cleaned[f"account_{name}"]
        }
        names = ("company_size", "is_oss", "platform", "heads_email", "heads_url")
        return {name: cleaned[name] for name in names} | {"accounts": accounts}


def _initial(books: Bookkeeping) -> dict[str, Any]:
    names = ("company_size", "is_oss", "platform", "heads_email", "heads_url")
    return {name: getattr(books, name) for name in names}
