"""Registers the room's tables."""

from django.apps import AppConfig


class FairUseConfig(AppConfig):
    name = "rebond.domain.fair_use"
    label = "fair_use"
