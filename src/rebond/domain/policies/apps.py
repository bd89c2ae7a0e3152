"""Registers the room's tables."""

from django.apps import AppConfig


class PoliciesConfig(AppConfig):
    name = "rebond.domain.policies"
    label = "policies"
