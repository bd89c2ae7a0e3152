"""Registers the room's tables."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "rebond.outbound.notifications"
    label = "notifications"
