"""Another amount than the one worked out, its ground, and the words for the customer."""

from __future__ import annotations

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from rebond.domain.refunds.editing import open_grounds
from rebond.domain.refunds.edits import LONGEST_WORDS, AmountEdit, EditGround
from rebond.domain.returns.models import Return
from rebond.web.backoffice.forms.amounts import minor_of, typed
from rebond.web.ui.words import active_language

LABELS = {
    EditGround.GOODWILL: _("More, as a gesture"),
    EditGround.LOSS_OF_VALUE: _("Less: loss of value by use"),
    EditGround.INCOMPLETE: _("Less: parts are missing"),
    EditGround.AGREED: _("Less: agreed with the customer"),
}


class AmountEditForm(forms.Form):
    """What to pay instead; only grounds that are open for this return can be chosen."""

    amount = forms.CharField(
        label=_("Amount to refund"),
        max_length=20,
        widget=forms.TextInput(attrs={"class": "form-control", "inputmode": "decimal"}),
    )
    ground = forms.ChoiceField(label=_("Why"), widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("What the customer reads"),
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 3}),
        help_text=_("Stands in the sum, on the credit note, and in a message to the customer."),
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        rma: Return,
        expected_minor: int | None = None,
        words: str = "",
    ) -> None:
        assert rma.order is not None
        self.currency = rma.order.currency
        initial = {"words": words}
        if expected_minor is not None:
            initial["amount"] = typed(expected_minor, self.currency, active_language())
        super().__init__(data, prefix="edit", initial=initial)
        grounds = [EditGround.GOODWILL, *open_grounds(rma)]
        self.fields["ground"].choices = [(one.value, LABELS[one]) for one in grounds]  # type: ignore[attr-defined]

    def clean_amount(self) -> int:
        """Minor units of the order's currency, more than nothing."""
        minor = minor_of(self.cleaned_data["amount"], self.currency)
        if not minor:
            raise forms.ValidationError(_("Please type an amount, such as 12.50."))
        return minor

    @property
    def edit(self) -> AmountEdit:
        """What was typed; only after ``is_valid``."""
        said = self.cleaned_data
        return AmountEdit(said["amount"], EditGround(said["ground"]), said["words"])
