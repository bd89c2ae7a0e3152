"""Registers the room's tables."""

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "rebond.domain.privacy"
    label = "privacy"
