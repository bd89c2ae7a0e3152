"""Registers the room's tables."""

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "rebond.outbound.webhooks"
    label = "webhooks"
