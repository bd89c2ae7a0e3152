"""Django's ``migrate``; once the tables stand, each keeps the shops apart as the host wants it."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate

from rebond.kernel import row_security


class Command(migrate.Command):
    """See ``rebond.kernel.row_security``."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Apply migrations, then the policies."""
        super().handle(*args, **options)
        if not options["plan"]:
            row_security.bring_in_line()
