"""Registers the room's tables."""

from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "rebond.domain.orders"
    label = "orders"
