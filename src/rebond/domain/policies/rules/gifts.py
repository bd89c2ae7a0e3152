"""Whether who got a present may return it, with which proof, and what for.  (pure)"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rebond.domain.policies.breaches import Breach, Claim
from rebond.domain.policies.facts import SILENT, Facts, LineFacts, Said
from rebond.domain.policies.settings_reading import choice, flag, read_settings

PROOFS = ("code", "code_or_postcode")
PAID_AS = ("gift_card", "store_credit")


@dataclass(frozen=True)
class Settings:
    """``proof`` opens the order beside its number; ``paid_as`` is what the present is worth;
    with ``shows_value`` its value is shown before it is sent."""

    proof: str
    paid_as: str
    shows_value: bool


class Gifts:
    """Opens returns to whoever got a present; without such a rule there are none."""

    key = "gifts"
    is_first_match = True
    settings = (
        choice("proof", among=PROOFS, default="code_or_postcode"),
        choice("paid_as", among=PAID_AS, default="gift_card"),
        flag("shows_value", default=False),
    )
    sentences: Mapping[str, str] = {}

    def read(self, settings: Mapping[str, Any]) -> Settings:
        """``proof``, ``paid_as`` and ``shows_value``."""
        return Settings(**read_settings(self.settings, settings))

    def judge(self, settings: Settings, facts: Facts, lines: Sequence[LineFacts]) -> Said:
        """No finding. A present is worth its article: what the buyer paid for delivery stays."""
        return ((), {"refunds_shipping": False}) if facts.is_gift else SILENT

    def breaches(self, settings: Settings, reach: Claim) -> Iterator[Breach]:
        """None: who got a present has no contract with the shop, so this is a service of its own.

        The buyer's rights are untouched. Source: C. conso. L221-18 (the consumer's right).
        """
        return iter(())


RULE = Gifts()
