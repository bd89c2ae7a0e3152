"""Registers the room's tables."""

from django.apps import AppConfig


class NoReceiptConfig(AppConfig):
    name = "rebond.domain.no_receipt"
    label = "no_receipt"
