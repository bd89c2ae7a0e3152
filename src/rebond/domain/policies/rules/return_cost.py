"""Who pays the way back.  (pure)"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rebond.domain.policies.breaches import Breach, Claim
from rebond.domain.policies.facts import Facts, LineFacts, Said
from rebond.domain.policies.settings_reading import choice, read_settings


@dataclass(frozen=True)
class Settings:
    """``paid_by`` is ``shopper`` or ``shop``."""

    paid_by: str


class ReturnCost:
    """Says who pays the parcel; never the shopper where the fault is the shop's."""

    key = "return_cost"
    is_first_match = True
    settings = (choice("paid_by", among=("shopper", "shop"), default="shop"),)
    sentences: Mapping[str, str] = {}

    def read(self, settings: Mapping[str, Any]) -> Settings:
        """``paid_by``."""
        return Settings(**read_settings(self.settings, settings))

    def judge(self, settings: Settings, facts: Facts, lines: Sequence[LineFacts]) -> Said:
        """No finding; one term."""
        return (), {"shopper_pays_return": settings.paid_by == "shopper"}

    def breaches(self, settings: Settings, reach: Claim) -> Iterator[Breach]:
        """The cost of faulty goods on the shopper; on withdrawals it has to be told."""
        if settings.paid_by != "shopper":
            return
        if reach.defects and not reach.withdrawal:
            said = reach.answer("legal_guarantee", defect=True, return_postage_paid_by_consumer=500)
            if said.get("bearer") == "trader":
                yield reach.breach("return_cost_of_defects", said)
        else:
            yield from reach.cost_to_tell()


RULE = ReturnCost()
