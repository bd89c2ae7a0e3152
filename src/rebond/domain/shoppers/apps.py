"""Registers the room's tables."""

from django.apps import AppConfig


class ShoppersConfig(AppConfig):
    name = "rebond.domain.shoppers"
    label = "shoppers"
