"""Addresses of the desk about second looks and fair use."""

from django.urls import path

from rebond.web.backoffice.views import fair_use, signals

urlpatterns = [
    path("<slug:slug>/fair-use/", fair_use.listed, name="fair_use"),
    path("<slug:slug>/fair-use/terms/", fair_use.terms, name="fair_use_terms"),
    path("<slug:slug>/fair-use/signals/", signals.report, name="signals"),
    path("<slug:slug>/fair-use/signals/settings/", signals.bounds, name="signal_settings"),
    path("<slug:slug>/fair-use/customers/<uuid:shopper_id>/", fair_use.of, name="fair_use_of"),
    path("<slug:slug>/fair-use/customers/<uuid:shopper_id>/tier/", fair_use.tier, name="tier"),
    path("<slug:slug>/fair-use/<uuid:restriction_id>/end/", fair_use.lift, name="fair_use_lift"),
    path("<slug:slug>/fair-use/appeals/<uuid:appeal_id>/", fair_use.answer, name="appeal"),
]
