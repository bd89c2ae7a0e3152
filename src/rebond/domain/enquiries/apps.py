"""Registers the room's tables."""

from django.apps import AppConfig


class EnquiriesConfig(AppConfig):
    name = "rebond.domain.enquiries"
    label = "enquiries"
