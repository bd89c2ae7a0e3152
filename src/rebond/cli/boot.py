"""Starts Django for the commands that need it."""

import os

import django

from rebond.config.database import use_sound_sqlite


def set_up() -> None:
    """Load the settings and all rooms, on the SQLite build that we ship."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rebond.config.settings")
    use_sound_sqlite()
    django.setup()
