"""Registers the room's tables."""

from django.apps import AppConfig


class ShopsConfig(AppConfig):
    name = "rebond.domain.shops"
    label = "shops"
