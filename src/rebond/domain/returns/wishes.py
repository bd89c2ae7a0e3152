"""What a shopper asks for, before it is a return.  (pure)"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True)
class CleanImage:
    """A picture that was decoded and encoded again by us: JPEG bytes, pixels, SHA-256."""

    jpeg: bytes = field(repr=False)
    width: int = 0
    height: int = 0
    sha256: str = ""


@dataclass(frozen=True)
class Wish:
    """Some pieces of one order line, with a reason code of the shop.

    ``outcome`` is one of ``policies.facts.OUTCOMES``, or ``DONATE`` where that is offered.
    ``answers`` maps questions about the condition (``policies.facts.QUESTIONS``) to yes or no.
    """

    order_line_id: UUID
    quantity: int
    reason: str
    comment: str = ""
    outcome: str = "refund"
    photos: tuple[CleanImage, ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
