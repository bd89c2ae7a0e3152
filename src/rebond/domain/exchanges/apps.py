"""Registers the room's tables."""

from django.apps import AppConfig


class ExchangesConfig(AppConfig):
    name = "rebond.domain.exchanges"
    label = "exchanges"
