"""Registers the room's tables."""

from django.apps import AppConfig


class MachinesConfig(AppConfig):
    name = "rebond.domain.machines"
    label = "machines"
