"""Registers the room's tables."""

from django.apps import AppConfig


class CreditNotesConfig(AppConfig):
    name = "rebond.domain.credit_notes"
    label = "credit_notes"
