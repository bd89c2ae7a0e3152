"""Addresses of the desk about parcels, their labels and carriers."""

from django.urls import path

from rebond.web.backoffice.views import parcels, points, slips

ALL = "<slug:slug>/parcels"

urlpatterns = [
    path(f"{ALL}/", parcels.listed, name="parcels"),
    path(f"{ALL}/settings/", parcels.settings, name="parcel_settings"),
    path(f"{ALL}/return-slips/", slips.printed_slips, name="return_slips"),
    path(f"{ALL}/points/", points.points, name="points"),
    path(f"{ALL}/stock/", parcels.lay_in, name="lay_in_label"),
    path(f"{ALL}/labels/<uuid:label_id>/", parcels.label, name="label"),
    path(f"{ALL}/labels/<uuid:label_id>/void/", parcels.void, name="void_label"),
    path(f"{ALL}/labels/<uuid:label_id>/answer/", parcels.became, name="label_became"),
    path(f"{ALL}/claims/<uuid:claim_id>/", parcels.claim_ended, name="claim_ended"),
]
