"""Registers the room's tables."""

from django.apps import AppConfig


class TrialsConfig(AppConfig):
    name = "rebond.insights.trials"
    label = "trials"
