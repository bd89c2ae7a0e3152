"""Registers the room's tables."""

from django.apps import AppConfig


class DiscussionsConfig(AppConfig):
    name = "rebond.domain.discussions"
    label = "discussions"
