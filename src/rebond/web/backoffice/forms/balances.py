"""What is typed about balances: amounts with a reason, a new card, the shop's terms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from rebond.domain.ledger.actions import LONGEST_REASON, Terms
from rebond.domain.ledger.kinds import POINTS_CURRENCY
from rebond.domain.ledger.models import CreditTerms
from rebond.kernel.ids import uuid7
from rebond.kernel.money import Money
from rebond.web.backoffice.forms.sums import minor_of

MOST_MINOR = 100_000_000
TEXT = {"class": "form-control", "autocomplete": "off"}
NUMBER = {**TEXT, "inputmode": "numeric"}


class AmountForm(forms.Form):
    """An amount with the reason for it; ``key`` makes a form that is sent twice count once."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=40)
    amount = forms.CharField(
        label=_("Amount"), max_length=20, widget=forms.TextInput({**TEXT, "inputmode": "decimal"})
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=LONGEST_REASON, widget=forms.TextInput(TEXT)
    )

    def __init__(
        self, data: QueryDict | None = None, *, currency: str, prefix: str = "", **more: Any
    ) -> None:
        super().__init__(data, prefix=prefix, initial={"key": uuid7().hex}, **more)
        self.currency = currency
        if currency == POINTS_CURRENCY:
            self.fields["amount"].label = _("Points")
            self.fields["amount"].widget.attrs["inputmode"] = "numeric"

    def clean_amount(self) -> Money:
        """What was typed, in the form's currency."""
        return self.money(self.cleaned_data["amount"], self.currency)

    def money(self, text: str, currency: str) -> Money:
        """``text`` as an amount above zero."""
        if currency == POINTS_CURRENCY:
            minor = int(text) if text.isascii() and text.isdigit() and len(text) < 8 else None
        else:
            minor = minor_of(text, currency)
        if minor is None or not 0 < minor <= MOST_MINOR:
            raise forms.ValidationError(_("Please type an amount above zero, such as 12.50."))
        return Money(minor, currency)


class PayoutForm(AmountForm):
    """Cash that was paid out, under which reference."""

    reference = forms.CharField(
        label=_("Reference of the payment"), max_length=100, widget=forms.TextInput(TEXT)
    )


class GiftForm(AmountForm):
    """Value for a shopper who is named by their e-mail address."""

    KINDS = [
        ("cash", _("Store credit: money that is owed to them")),
        ("gesture", _("Store credit: a gesture, never paid out")),
        ("points", _("Points: a gesture")),
    ]
    email = forms.EmailField(
        label=_("E-mail address of the customer"),
        widget=forms.EmailInput({**TEXT, "autocomplete": "off"}),
    )
    kind = forms.ChoiceField(
        label=_("What"), choices=KINDS, widget=forms.Select({"class": "form-select"})
    )
    field_order = ["key", "email", "kind", "amount", "reason"]

    def clean_amount(self) -> Money:
        """Points where points are given."""
        points = self.data.get(self.add_prefix("kind")) == "points"
        currency = POINTS_CURRENCY if points else self.currency
        return self.money(self.cleaned_data["amount"], currency)


class CardForm(AmountForm):
    """A new gift card, for whom if that is known."""

    KINDS = [
        ("cash", _("Sold: the money was paid")),
        ("gesture", _("Given: a gesture, never paid out")),
    ]
    email = forms.EmailField(
        label=_("E-mail address of the customer, if the card is for one"),
        required=False,
        widget=forms.EmailInput({**TEXT, "autocomplete": "off"}),
    )
    kind = forms.ChoiceField(
        label=_("What"), choices=KINDS, widget=forms.Select({"class": "form-select"})
    )
    field_order = ["key", "kind", "amount", "email", "reason"]


class ReasonForm(forms.Form):
    """Why something is blocked or unblocked."""

    reason = forms.CharField(
        label=_("Reason"), max_length=LONGEST_REASON, widget=forms.TextInput(TEXT)
    )


class TermsForm(forms.Form):
    """The shop's terms of kept value; an empty number of days means without an end."""

    bonus_percent = forms.IntegerField(
        label=_("Bonus for store credit instead of money, in percent"),
        min_value=0,
        max_value=100,
        widget=forms.TextInput(NUMBER),
    )
    bonus_days = forms.IntegerField(
        label=_("A bonus ends after so many days"),
        required=False,
        min_value=1,
        max_value=36_500,
        widget=forms.TextInput(NUMBER),
    )
    cash_days = forms.IntegerField(
        label=_("Money kept as store credit ends after so many days"),
        required=False,
        min_value=1,
        max_value=36_500,
        widget=forms.TextInput(NUMBER),
    )
    card_days = forms.IntegerField(
        label=_("A gift card ends after so many days"),
        required=False,
        min_value=1,
        max_value=36_500,
        widget=forms.TextInput(NUMBER),
    )
    points_per_unit = forms.IntegerField(
        label=_("Points for each whole unit of money, 0 for none"),
        min_value=0,
        max_value=1000,
        widget=forms.TextInput(NUMBER),
    )
    points_days = forms.IntegerField(
        label=_("Points end after so many days"),
        required=False,
        min_value=1,
        max_value=36_500,
        widget=forms.TextInput(NUMBER),
    )

    def __init__(self, data: QueryDict | None = None, *, terms: CreditTerms) -> None:
        super().__init__(data, initial={name: getattr(terms, name) for name in self.base_fields})

    @property
    def terms(self) -> Terms:
        """What was typed, as the ledger understands it."""
        return Terms(**self.cleaned_data)
