"""Identifiers made by the application: UUID version 7, increasing within a process."""

import os
import threading
import time
from uuid import UUID

_lock = threading.Lock()
_last = 0


def uuid7() -> UUID:
    """A new UUIDv7: 48 bits of Unix milliseconds, then 74 bits of randomness.

    Ids of one process increase strictly, also when the clock steps back. They
    say when a row was made, so they never authorise anything.
    Source: RFC 9562, section 5.7.
    """
    global _last
    stamp = time.time_ns() // 1_000_000 << 80
    draw = stamp | int.from_bytes(os.urandom(10), "big")
    with _lock:
        # Half of the random bits stay random when the previous id is ahead.
        if draw <= _last:
            draw = _last + 1 + int.from_bytes(os.urandom(4), "big")
        _last = draw
    value = draw & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)
