"""The portal's addresses about goods that never arrived."""

from django.urls import path

from rebond.web.portal.views import missing

urlpatterns = [
    path("order/<path:number>/missing/", missing.report, name="missing"),
    path("missing/<str:token>/", missing.show, name="missing_report"),
    path("missing/<str:token>/end/", missing.end, name="missing_end"),
    path("missing/<str:token>/arrived/", missing.arrived, name="missing_arrived"),
    path("missing/<str:token>/contest/", missing.contest, name="missing_contest"),
]
