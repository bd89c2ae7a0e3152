"""Whether letters leave this house: without a mail server they wait, and pages promise none."""

from django.conf import settings


def letters_leave() -> bool:
    """Whether the host has named a mail server."""
    return bool(settings.SMTP_URL)
