"""Retired: all terms in one rule, read for versions that were published with it.  (pure)

The kinds ``fee``, ``return_cost``, ``release`` and ``delivery_costs`` each say one of them, and
win; nothing new is written with this one (``policies.retired``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rebond.domain.policies.breaches import DELIVERY, GOODS, Breach, Claim
from rebond.domain.policies.facts import Facts, LineFacts, Said
from rebond.domain.policies.rules.release import AFTER_INSPECTION, PAYS_AT
from rebond.domain.policies.settings_reading import choice, flag, minor, read_settings, whole


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
    is_first_match = True
    settings = (
        whole("restocking_fee_percent", least=0, most=100, default=0),
        flag("refunds_shipping", default=True),
        flag("shopper_pays_return", default=True),
        choice("pays_at", among=PAYS_AT, default="inspection"),
        minor("pays_early_up_to_minor", default=0, abroad=AFTER_INSPECTION),
    )
    sentences: Mapping[str, str] = {}

    def read(self, settings: Mapping[str, Any]) -> Settings:
        """The terms, each with a default that favours the shopper."""
        return Settings(**read_settings(self.settings, settings))

    def judge(self, settings: Settings, facts: Facts, lines: Sequence[LineFacts]) -> Said:
        """Shipping comes back only with the whole order."""
        return (), {
            "fee_percent": settings.restocking_fee_percent,
            "refunds_shipping": settings.refunds_shipping and facts.is_whole_order,
            "shopper_pays_return": settings.shopper_pays_return,
            "pays_at": settings.pays_at,
            "pays_early_up_to_minor": settings.pays_early_up_to_minor,
        }

    def breaches(self, settings: Settings, reach: Claim) -> Iterator[Breach]:
        """A fee on a withdrawal, delivery that is not refunded, costs of faulty goods."""
        percent = settings.restocking_fee_percent
        kept = GOODS * percent // 100
        yield from reach.kept_from_refund(kept, "fee_on_withdrawal", percent=percent)
        if reach.withdrawal and not settings.refunds_shipping:
            said = reach.answer(
                "refund_amount", goods=GOODS, delivery_paid=DELIVERY, full_withdrawal=True
            )
            if said.get("delivery_refunded"):
                yield reach.breach("delivery_not_refunded", said)
        if settings.shopper_pays_return:
            yield from reach.cost_to_tell()


RULE = RefundTerms()
