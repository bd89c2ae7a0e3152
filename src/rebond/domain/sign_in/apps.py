"""Registers the room's tables."""

from django.apps import AppConfig


class SignInConfig(AppConfig):
    name = "rebond.domain.sign_in"
    label = "sign_in"
