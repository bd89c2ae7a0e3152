"""Who acts in this thread and from where, while a request or a command runs."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from rebond.kernel.callers import Address

KEPT_BITS = {4: 24, 6: 48}


@dataclass(frozen=True)
class Actor:
    """A person's place in a shop (``staff``), a machine's key (``key``) or the host (``console``).

    ``id`` is that of the row, empty for the host; ``network`` is where they come from, without the
    part of the address that names one line.
    """

    kind: str
    id: str = ""
    network: str = ""


_acting: ContextVar[Actor | None] = ContextVar("acting", default=None)


def current() -> Actor | None:
    """Who acts; None for the house itself and for shoppers."""
    return _acting.get()


def act_as(actor: Actor) -> None:
    """From here on, until ``apart`` ends, this is who acts."""
    _acting.set(actor)


@contextmanager
def apart(actor: Actor | None = None) -> Iterator[None]:
    """Whatever is said inside about who acts ends with this."""
    token = _acting.set(actor)
    try:
        yield
    finally:
        _acting.reset(token)


def network_of(address: Address | None) -> str:
    """The network of an address: ``192.0.2.0/24``."""
    if address is None:
        return ""
    return str(ipaddress.ip_network((address, KEPT_BITS[address.version]), strict=False))
