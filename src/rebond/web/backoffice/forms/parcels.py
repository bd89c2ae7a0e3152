"""Forms about parcels: who makes labels, labels for the stock, what became of one."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rebond.web.backoffice.queries.parcels import CarrierRow
from rebond.web.ui.templatetags.ui import carrier_word


class TermsForm(forms.Form):
    """Who makes the shop's labels, and after how many days a parcel counts as lost."""

    label_carrier = forms.ChoiceField(required=False, label=_("Who makes prepaid labels"))
    label_charge = forms.ChoiceField(
        required=False,
        label=_("When a label costs"),
        choices=[
            ("", _("As the carrier’s documentation says")),
            ("made", _("Once it is made")),
            ("scan", _("Once the carrier scans it: an unused label costs nothing")),
        ],
        help_text=_("As your contract says, for labels from now on; labels in stock, too."),
    )
    lost_after_days = forms.IntegerField(
        min_value=2, max_value=90, label=_("Days without a scan after which a parcel is lost")
    )

    remind_after_days = forms.IntegerField(
        min_value=0,
        max_value=60,
        initial=7,
        label=_("Days after which customers are reminded to send (0: never)"),
    )
    expire_after_days = forms.IntegerField(
        min_value=0,
        max_value=365,
        initial=0,
        label=_("Days after which an unsent return ends, 21 or more (0: never)"),
        help_text=_("A legal withdrawal never ends this way."),
    )

    def clean_expire_after_days(self) -> int:
        """Never, or long enough for a letter to be read."""
        days: int = self.cleaned_data["expire_after_days"]
        if 0 < days < 21:
            raise forms.ValidationError(_("At least 21 days, or 0 for never."))
        return days

    def __init__(self, carriers: list[CarrierRow], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        makers = [
            (one.key, carrier_word(one.key, one.title)) for one in carriers if one.makes_labels
        ]
        choice = self.fields["label_carrier"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [("", _("Nobody: customers send with a carrier of their own")), *makers]
        choice.widget.attrs["class"] = "form-select"
        self.fields["label_charge"].widget.attrs["class"] = "form-select"
        for name in ("lost_after_days", "remind_after_days", "expire_after_days"):
            self.fields[name].widget.attrs["class"] = "form-control"


class StockForm(forms.Form):
    """A prepaid label to be laid in."""

    carrier_name = forms.CharField(max_length=60, label=_("Carrier"))
    tracking_number = forms.CharField(max_length=40, label=_("Tracking number"))
    pdf = forms.FileField(label=_("Label (PDF)"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-control"
        self.fields["pdf"].widget.attrs["accept"] = "application/pdf"


class BecameForm(forms.Form):
    """What the carrier's own pages say of a label that nobody heard of again."""

    was_made = forms.BooleanField(required=False)
    tracking_number = forms.CharField(required=False, max_length=80)
    pdf = forms.FileField(required=False)
