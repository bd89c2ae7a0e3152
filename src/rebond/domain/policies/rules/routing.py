"""Where a parcel is sent: a warehouse, a supplier, a shop, a charity.  (pure)"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rebond.domain.policies.breaches import Breach, Claim
from rebond.domain.policies.facts import Facts, LineFacts, Said
from rebond.domain.policies.settings_reading import read_settings, words


@dataclass(frozen=True)
class Settings:
    """``send_to`` is the address, line by line; empty means the shop's own."""

    send_to: tuple[str, ...]


class Routing:
    """Names the address; where lines lead to several, the shop's own address receives all."""

    key = "routing"
    is_first_match = True
    settings = (words("send_to", longest=120),)
    sentences: Mapping[str, str] = {}

    def read(self, settings: Mapping[str, Any]) -> Settings:
        """``send_to``."""
        return Settings(**read_settings(self.settings, settings))

    def judge(self, settings: Settings, facts: Facts, lines: Sequence[LineFacts]) -> Said:
        """No finding; one term."""
        return (), {"send_to": settings.send_to}

    def breaches(self, settings: Settings, reach: Claim) -> Iterator[Breach]:
        """None."""
        return iter(())


RULE = Routing()
