"""Addresses of the desk about what returns cost."""

from django.urls import path

from rebond.web.backoffice.views import costs

urlpatterns = [
    path("<slug:slug>/costs/", costs.costs, name="costs"),
    path("<slug:slug>/costs/rates/", costs.rates, name="cost_rates"),
]
