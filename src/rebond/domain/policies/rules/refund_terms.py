"""What comes back and when: shipping, fee, who pays the parcel, the event that pays.  (pure)"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rebond.domain.policies.facts import Facts, Finding, Terms
from rebond.domain.policies.settings_reading import choice, flag, only, whole

PAYS_AT = {"inspection", "receipt", "delivery", "scan", "approval"}


@dataclass(frozen=True)
class Settings:
    """``restocking_fee_percent`` of the goods is kept, never when the fault is the shop's.

    A refund before the inspection is paid up to ``pays_early_up_to_minor`` only, in minor units;
    0 means any amount.
    """

    restocking_fee_percent: int
    refunds_shipping: bool
    shopper_pays_return: bool
    pays_at: str
    pays_early_up_to_minor: int


class RefundTerms:
    """Says nothing against a request; it fixes the terms of its refund."""

    key = "refund_terms"
    sentences: Mapping[str, str] = {}

    def read(self, settings: Mapping[str, Any]) -> Settings:
        """The terms, each with a default that favours the shopper."""
        only(
            settings,
            {
                "restocking_fee_percent",
                "refunds_shipping",
                "shopper_pays_return",
                "pays_at",
                "pays_early_up_to_minor",
            },
        )
        return Settings(
            whole(settings, "restocking_fee_percent", least=0, most=100, default=0),
            flag(settings, "refunds_shipping", default=True),
            flag(settings, "shopper_pays_return", default=True),
            choice(settings, "pays_at", among=PAYS_AT, default="inspection"),
            whole(settings, "pays_early_up_to_minor", least=0, most=10**12, default=0),
        )

    def judge(self, settings: Settings, facts: Facts) -> tuple[list[Finding], Terms]:
        """Shipping comes back only with the whole order, or when the fault is the shop's."""
        our_fault = bool(facts.lines) and all(line.is_our_fault for line in facts.lines)
        return [], Terms(
            restocking_fee_percent=0 if our_fault else settings.restocking_fee_percent,
            refunds_shipping=settings.refunds_shipping and facts.is_whole_order,
            shopper_pays_return=settings.shopper_pays_return and not our_fault,
            pays_at=settings.pays_at,
            pays_early_up_to_minor=settings.pays_early_up_to_minor,
        )


RULE = RefundTerms()
