"""Identifiers made by the application: UUID version 7, increasing within a process."""

import os
import threading
import time
from uuid import UUID

_lock = threading.Lock()
_last = 0
_RANDOM_BITS = 74


def uuid7() -> UUID:
    """A new UUIDv7: 48 bits of Unix milliseconds, then 74 bits of randomness.

    Ids of one process increase strictly, also when the clock steps back. They
    say when a row was made, so they never authorise anything.
    Source: RFC 9562, section 5.7.
    """
    global _last
    stamp = time.time_ns() // 1_000_000 << _RANDOM_BITS
    drawn = stamp | int.from_bytes(os.urandom(10), "big") >> 80 - _RANDOM_BITS
    with _lock:
        # In the same millisecond, or after a step back, go on from the last one by a random step.
        if drawn <= _last:
            drawn = _last + 1 + int.from_bytes(os.urandom(4), "big")
        _last = drawn
    stamp, random = drawn >> _RANDOM_BITS, drawn & (1 << _RANDOM_BITS) - 1
    high, low = random >> 62, random & (1 << 62) - 1
    return UUID(int=stamp << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low)
