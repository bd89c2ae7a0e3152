"""Whether goods come back without a receipt, worth how much, and how often.  (pure)"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rebond.domain.policies.breaches import Breach, Claim
from rebond.domain.policies.facts import SILENT, Facts, LineFacts, Said
from rebond.domain.policies.settings_reading import flag, minor, read_settings, whole


@dataclass(frozen=True)
class Settings:
    """A piece is worth the lowest price of ``lowest_price_days``, at most ``most_pieces`` at a
    time and ``cap_minor`` for each person in ``cap_days``; with ``needs_second_person`` another
    person decides than the one who filed it."""

    lowest_price_days: int
    most_pieces: int
    cap_minor: int
    cap_days: int
    needs_second_person: bool


class NoReceipt:
    """Opens the desk to goods for which no sale is found; without such a rule it is closed."""

    key = "no_receipt"
    is_first_match = True
    settings = (
        whole("lowest_price_days", least=1, most=730, default=180),
        whole("most_pieces", least=1, most=20, default=2),
        # Goods without an order are priced in the shop's own currency.
        minor("cap_minor", default=5000, abroad={}),
        whole("cap_days", least=1, most=1095, default=365),
        flag("needs_second_person", default=True),
    )
    sentences: Mapping[str, str] = {}

    def read(self, settings: Mapping[str, Any]) -> Settings:
        """All five settings."""
        return Settings(**read_settings(self.settings, settings))

    def judge(self, settings: Settings, facts: Facts, lines: Sequence[LineFacts]) -> Said:
        """Nothing: a request has an order, and this is about goods that have none."""
        return SILENT

    def breaches(self, settings: Settings, reach: Claim) -> Iterator[Breach]:
        """None: who proves the purchase, by any means, has every right; this comes on top.

        Source: C. civ. art. 1358 (proof by any means), C. conso. L217-3 and L221-18.
        """
        return iter(())


RULE = NoReceipt()
