"""All addresses of the installation."""

from django.urls import include, path

from rebond.config.views import health, landing, security_contact

urlpatterns = [
    path("", landing, name="landing"),
    path("health/", health, name="health"),
    path(".well-known/security.txt", security_contact, name="security_contact"),
    path("s/<slug:slug>/", include("rebond.web.portal.urls")),
    path("desk/", include("rebond.web.backoffice.urls")),
    path("", include("rebond.api.urls")),
]
