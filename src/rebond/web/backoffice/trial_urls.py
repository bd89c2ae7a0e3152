"""Addresses of the desk about trying a policy, and about the page that shows it to everybody."""

from django.urls import path

from rebond.web.backoffice.views import policy_public, trials

TRIAL = "<slug:slug>/policy/<int:number>/trial/"

urlpatterns = [
    path(TRIAL, trials.trial, name="policy_trial"),
    path(f"{TRIAL}<uuid:trial_id>/stop/", trials.stop, name="policy_trial_stop"),
    path(f"{TRIAL}<uuid:trial_id>/going-on/", trials.go_on, name="policy_trial_resume"),
    path("<slug:slug>/policy/public/", policy_public.public, name="policy_public"),
]
