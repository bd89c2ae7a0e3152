"""Registers the room's tables."""

from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    name = "rebond.domain.conversations"
    label = "conversations"
