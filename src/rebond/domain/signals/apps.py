"""Registers the room's tables."""

from django.apps import AppConfig


class SignalsConfig(AppConfig):
    name = "rebond.domain.signals"
    label = "signals"
