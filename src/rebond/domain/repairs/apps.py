"""Registers the room's tables."""

from django.apps import AppConfig


class RepairsConfig(AppConfig):
    name = "rebond.domain.repairs"
    label = "repairs"
