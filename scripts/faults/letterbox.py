"""A mail server on loopback that stumbles in one way for a while."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from typing import Any

from aiosmtpd.controller import Controller
from scripts.faults.installation import free_port

LONGER_THAN_WE_WAIT = 25


@dataclass(frozen=True)
class Stumble:
    """How often it stumbles, and how many copies of one letter may come of it."""

    times: int
    copies: int = 1
    is_for_good: bool = False


STUMBLES = {
    "tarpit": Stumble(1),
    "greylist": Stumble(4),
    "refuse": Stumble(1, is_for_good=True),
    "drop_after_data": Stumble(2, copies=3),
}


class Letterbox:
    """Keeps what it takes in ``letters``; ``stumbled`` counts what went wrong."""

    def __init__(self, manner: str) -> None:
        self.manner, self._stumble = manner, STUMBLES[manner]
        self.letters: list[Message] = []
        self.stumbled = 0
        self._server = Controller(self, hostname="127.0.0.1", port=free_port())

    def __enter__(self) -> Letterbox:
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop()

    @property
    def url(self) -> str:
        """What an installation is told."""
        return f"smtp://127.0.0.1:{self._server.port}"

    @property
    def most_copies(self) -> int:
        """Of one letter, with one Message-ID."""
        return self._stumble.copies

    def expected(self, written: int) -> int:
        """How many letters come of so many written: those refused for good never do."""
        return written - (self.stumbled if self._stumble.is_for_good else 0)

    async def handle_RCPT(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        """Refuse an address, for now or for good."""
        if self.manner in {"greylist", "refuse"} and self._stumbles():
            return "554 No such person" if self._stumble.is_for_good else "451 Try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Keep a letter; before the answer the line may die, or time go by."""
        if self.manner == "tarpit" and self._stumbles():
            await asyncio.sleep(LONGER_THAN_WE_WAIT)
            return "451 Too slow"
        self.letters.append(message_from_bytes(envelope.content))
        if self.manner == "drop_after_data" and self._stumbles():
            server.transport.abort()
        return "250 OK"

    def _stumbles(self) -> bool:
        still = self.stumbled < self._stumble.times
        self.stumbled += still
        return still
