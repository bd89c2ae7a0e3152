"""Registers the room's tables."""

from django.apps import AppConfig


class WithdrawalsConfig(AppConfig):
    name = "rebond.domain.withdrawals"
    label = "withdrawals"
