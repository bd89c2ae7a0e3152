"""Registers the room's tables."""

from django.apps import AppConfig


class DutiesConfig(AppConfig):
    name = "rebond.domain.duties"
    label = "duties"
