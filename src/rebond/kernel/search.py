"""Search by the beginning of a text, through an index, on both databases."""

from django.db import connection
from django.db.models import Q

# SQLite compares text by its UTF-8 bytes; nothing that begins with a text sorts after this.
LAST_CHARACTER = "\U0010ffff"


def begins_with(column: str, text: str) -> Q:
    """A condition for rows whose ``column`` begins with ``text``, upper and lower case apart.

    SQLite uses no index for ``LIKE`` with an escape, so it is given a range. PostgreSQL uses
    one for ``LIKE`` if its class is ``varchar_pattern_ops``, whatever the collation.
    """
    if connection.vendor == "sqlite":
        return Q(**{f"{column}__gte": text, f"{column}__lt": text + LAST_CHARACTER})
    return Q(**{f"{column}__startswith": text})
