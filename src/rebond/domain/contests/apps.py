"""Registers the room's tables."""

from django.apps import AppConfig


class ContestsConfig(AppConfig):
    name = "rebond.domain.contests"
    label = "contests"
