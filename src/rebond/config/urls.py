"""All addresses of the installation."""

from django.urls import include, path

from rebond.config.views import health, landing

urlpatterns = [
    path("", landing, name="landing"),
    path("health/", health, name="health"),
    path("s/<slug:slug>/", include("rebond.web.portal.urls")),
    path("desk/", include("rebond.web.backoffice.urls")),
    path("", include("rebond.api.urls")),
]
