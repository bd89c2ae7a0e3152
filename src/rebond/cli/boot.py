"""Starts Django for the commands that need it."""

import os

import django

from rebond.config.database import use_sound_sqlite
from rebond.kernel.tenancy import ALL, tell


def set_up() -> None:
    """Load the settings and all rooms, on the SQLite build that we ship.

    Who starts at the console is the host, and sees the rows of all shops.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rebond.config.settings")
    use_sound_sqlite()
    django.setup()
    tell(ALL)
