"""What a channel must do for us."""

from dataclasses import dataclass, field
from typing import Protocol

from rebond.kernel.plugs import Socket


@dataclass(frozen=True)
class Attachment:
    """A file that goes with a message."""

    name: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Letter:
    """A message as it leaves.

    ``message_id`` stays the same over all attempts, so that a repeat can be
    recognised. ``to`` and ``sender`` are plain addresses, ``sender_name`` is shown.
    """

    message_id: str
    to: str
    sender: str
    sender_name: str
    reply_to: str
    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()


class Undeliverable(Exception):
    """The other side refused for good; trying again would change nothing."""


class Channel(Protocol):
    """A way to reach a person. ``send`` raises ``Undeliverable``, or ``OSError`` to be retried."""

    key: str
    title: str

    def send(self, letter: Letter) -> None:
        """Hand ``letter`` over."""
        ...


channels: Socket[Channel] = Socket("channels")
