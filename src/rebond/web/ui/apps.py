"""Makes the templates and static files of this folder known."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "rebond.web.ui"
    label = "ui"
