"""What is typed on the page of a return: a decline, a note, a payment made by hand."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from rebond.domain.refunds.models import Refund
from rebond.domain.returns.states import DeclineReason
from rebond.domain.shops.models import Shop
from rebond.kernel.clock import today
from rebond.web.ui.words import DECLINE_REASONS


class DeclineForm(forms.Form):
    """Why the answer is no; the note is for the shopper."""

    reason = forms.ChoiceField(
        label=_("Reason"), widget=forms.Select(attrs={"class": "form-select"})
    )
    note = forms.CharField(
        label=_("What the customer reads"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 3}),
    )

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, prefix="decline")
        choices = [(code.value, _(DECLINE_REASONS[code.value])) for code in DeclineReason]
        self.fields["reason"].choices = [("", _("Please choose")), *choices]  # type: ignore[attr-defined]


class NoteForm(forms.Form):
    """A remark for colleagues."""

    text = forms.CharField(
        label=_("A note for the team"),
        max_length=2000,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 2}),
    )


class PaymentForm(forms.Form):
    """Under which reference, and on which day, a refund was paid by hand."""

    reference = forms.CharField(
        label=_("Reference of the payment"),
        help_text=_("Such as the number of the transfer."),
        error_messages={"required": _("Please give the reference under which you paid.")},
        max_length=120,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )
    paid_on = forms.DateField(
        label=_("Paid on"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"class": "form-control", "type": "date"}),
    )

    def __init__(self, data: QueryDict | None = None, *, refund_id: object, latest: date) -> None:
        super().__init__(data, prefix=f"pay-{refund_id}")
        self.latest = latest
        self.fields["paid_on"].initial = latest
        self.fields["paid_on"].widget.attrs["max"] = latest.isoformat()

    def clean_paid_on(self) -> date:
        """Not a day that has yet to come."""
        day: date = self.cleaned_data["paid_on"]
        if day > self.latest:
            raise forms.ValidationError(_("This day has yet to come."))
        return day


def payment_forms(
    refunds: Sequence[Refund], shop: Shop, typed: PaymentForm | None
) -> dict[UUID, PaymentForm]:
    """A form for each refund that somebody pays by hand; one that was typed is kept."""
    latest = today(shop.time_zone)
    forms = {refund.pk: PaymentForm(refund_id=refund.pk, latest=latest) for refund in refunds}
    for pk in forms:
        if typed is not None and typed.prefix == f"pay-{pk}":
            forms[pk] = typed
    return forms
