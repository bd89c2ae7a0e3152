"""Registers the room's tables."""

from django.apps import AppConfig


class ProofsConfig(AppConfig):
    name = "rebond.domain.proofs"
    label = "proofs"
