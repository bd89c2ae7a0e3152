"""Registers the room's tables."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "rebond.domain.audit"
    label = "audit"
