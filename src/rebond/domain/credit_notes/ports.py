"""What an approved platform must do for us."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from rebond.kernel.plugs import Socket


@dataclass(frozen=True)
class Outgoing:
    """A document between businesses on its way out.

    ``pdf`` holds ``xml`` inside (Factur-X). ``key`` stays the same over all attempts, so that a
    repeat can be recognised; amounts are minor units of ``currency``.
    """

    key: str
    shop: str
    label: str
    issued_on: date
    seller_siren: str
    buyer_siren: str
    currency: str
    gross_minor: int
    pdf: bytes = field(repr=False)
    xml: bytes = field(repr=False)


class NotTaken(Exception):
    """The platform refused the document for good; its words say why."""


class Platform(Protocol):
    """A way to an approved platform. ``is_manual`` True: a person carries the file there."""

    key: str
    title: str
    is_manual: bool

    def send(self, document: Outgoing) -> str:
        """Hand the document over and return the platform's reference.

        Raises ``NotTaken`` for a refusal, ``OSError`` for what may pass.
        """
        ...


platforms: Socket[Platform] = Socket("platforms")
