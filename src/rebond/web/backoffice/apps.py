"""Makes the templates and static files of this folder known."""

from django.apps import AppConfig


class BackofficeConfig(AppConfig):
    name = "rebond.web.backoffice"
    label = "backoffice"
