"""Registers the room's tables."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "rebond.domain.ledger"
    label = "ledger"
