"""Registers the room's tables."""

from django.apps import AppConfig


class WorkConfig(AppConfig):
    name = "rebond.domain.work"
    label = "work"
