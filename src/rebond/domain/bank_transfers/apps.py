"""Registers the room's tables."""

from django.apps import AppConfig


class BankTransfersConfig(AppConfig):
    name = "rebond.domain.bank_transfers"
    label = "bank_transfers"
