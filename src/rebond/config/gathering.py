"""Whether a request has come, as far as can be seen without taking it off the line.  (pure)"""

from __future__ import annotations

import re
from enum import Enum

MOST_LOOKED_AT = 32 * 1024
"""So much of a request is waited for before a thread takes it up."""

_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"^content-length:[ \t]*([0-9]{1,18})[ \t]*\r?$", re.I | re.M)
_CHUNKED = re.compile(rb"^transfer-encoding:", re.I | re.M)
_ASKS_FIRST = re.compile(rb"^expect:[ \t]*100-continue[ \t]*\r?$", re.I | re.M)


class Come(Enum):
    """``PART``: more is to come. ``WHOLE``: a thread can answer it at once. ``LONG``: it has begun,
    and whoever takes it up has to wait for the rest."""

    PART = "part"
    WHOLE = "whole"
    LONG = "long"


def come_so_far(seen: bytes) -> Come:
    """How far the request is of which ``seen`` lies on the line; what is odd is let through."""
    head, end, body = seen.partition(_END)
    if not end:
        return Come.PART if len(seen) < MOST_LOOKED_AT else Come.WHOLE
    if _ASKS_FIRST.search(head) or _CHUNKED.search(head):
        return Come.LONG
    told = _LENGTH.search(head)
    if told is None or len(body) >= int(told[1]):
        return Come.WHOLE
    return Come.LONG if len(seen) >= MOST_LOOKED_AT else Come.PART
