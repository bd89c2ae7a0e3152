"""Registers the room's tables."""

from django.apps import AppConfig


class CostsConfig(AppConfig):
    name = "rebond.insights.costs"
    label = "costs"
