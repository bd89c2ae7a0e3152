"""All addresses of the installation."""

from django.urls import include, path

from rebond.config.operations import health, metrics, ready
from rebond.config.views import landing, security_contact

handler500 = "rebond.config.away.answer_for_failure"

urlpatterns = [
    path("", landing, name="landing"),
    path("health/", health, name="health"),
    path("ready/", ready, name="ready"),
    path("metrics", metrics, name="metrics"),
    path(".well-known/security.txt", security_contact, name="security_contact"),
    path("s/<slug:slug>/", include("rebond.web.portal.urls")),
    path("desk/", include("rebond.web.backoffice.urls")),
    path("", include("rebond.api.urls")),
]
