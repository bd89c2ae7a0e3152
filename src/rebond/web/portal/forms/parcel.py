"""How the parcel travels."""

from django import forms


class ParcelForm(forms.Form):
    """The carrier as the shopper calls it, and a tracking number; both may stay empty."""

    carrier_name = forms.CharField(required=False, max_length=60)
    tracking_number = forms.CharField(required=False, max_length=80)
