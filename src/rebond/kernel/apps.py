"""Registers the kernel's tables."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "rebond.kernel"
    label = "kernel"
