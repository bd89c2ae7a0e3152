"""Whether the costs of delivery are refunded with the whole order.  (pure)"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rebond.domain.policies.breaches import DELIVERY, GOODS, Breach, Claim
from rebond.domain.policies.facts import Facts, LineFacts, Said
from rebond.domain.policies.settings_reading import flag, read_settings


@dataclass(frozen=True)
class Settings:
    """``refunded``: what the delivery cost comes back when the whole order does."""

    refunded: bool


class DeliveryCosts:
    """Says what becomes of the costs of delivery; after a withdrawal the law does."""

    key = "delivery_costs"
    is_first_match = True
    settings = (flag("refunded", default=True),)
    sentences: Mapping[str, str] = {}

    def read(self, settings: Mapping[str, Any]) -> Settings:
        """``refunded``."""
        return Settings(**read_settings(self.settings, settings))

    def judge(self, settings: Settings, facts: Facts, lines: Sequence[LineFacts]) -> Said:
        """No finding; one term. Delivery comes back only with the whole order."""
        return (), {"refunds_shipping": settings.refunded and facts.is_whole_order}

    def breaches(self, settings: Settings, reach: Claim) -> Iterator[Breach]:
        """Delivery that is not refunded after a withdrawal."""
        if not reach.withdrawal or settings.refunded:
            return
        said = reach.answer(
            "refund_amount", goods=GOODS, delivery_paid=DELIVERY, full_withdrawal=True
        )
        if said.get("delivery_refunded"):
            yield reach.breach("delivery_not_refunded", said)


RULE = DeliveryCosts()
