"""Registers the room's tables."""

from django.apps import AppConfig


class ReturnsConfig(AppConfig):
    name = "rebond.domain.returns"
    label = "returns"
