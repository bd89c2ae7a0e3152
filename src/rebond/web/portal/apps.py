"""Makes the templates and static files of this folder known."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "rebond.web.portal"
    label = "portal"
