"""What a shopper may ask for, in which order, and what store credit is worth more.  (pure)"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rebond.domain.policies.breaches import GOODS, Breach, Claim
from rebond.domain.policies.facts import (
    NO_MONEY,
    OUTCOMES,
    Facts,
    Finding,
    LineFacts,
    Said,
    Verdict,
)
from rebond.domain.policies.guarantee import outcomes_for
from rebond.domain.policies.settings_reading import minor, read_settings, whole, words
from rebond.kernel.words import gettext_noop

CREDITS = frozenset({"store_credit", "gift_card"})
"""Outcomes that keep the money at the shop, as value that buys there."""


@dataclass(frozen=True)
class Settings:
    """``offered`` in this order; ``credit_bonus_percent`` comes on top of store credit, and
    ``credit_bonus_minor`` once for the return."""

    offered: tuple[str, ...]
    credit_bonus_percent: int
    credit_bonus_minor: int


class Outcomes:
    """Offers outcomes; a wish for one that is not offered is looked at by a person."""

    key = "outcomes"
    is_first_match = True
    settings = (
        words("offered", among=OUTCOMES),
        whole("credit_bonus_percent", least=0, most=100, default=0),
        minor("credit_bonus_minor", default=0, abroad={"credit_bonus_minor": 0}),
    )
    sentences = {
        "outcome_not_offered": gettext_noop(
            "What you wish for “{sku}” is not on offer: we look for a solution with you."
        ),
    }

    def read(self, settings: Mapping[str, Any]) -> Settings:
        """``offered`` (``refund`` alone when absent) and the two bonuses."""
        values = read_settings(self.settings, settings)
        return Settings(**values | {"offered": values["offered"] or ("refund",)})

    def judge(self, settings: Settings, facts: Facts, lines: Sequence[LineFacts]) -> Said:
        """One finding for each line with a wish that is not offered; the offer as terms."""
        findings = [
            Finding(self.key, Verdict.REVIEW, "outcome_not_offered", {"sku": line.sku}, line.key)
            for line in lines
            if line.outcome not in outcomes_for(settings.offered, line, facts.asked_on)
        ]
        return findings, {
            "outcomes": settings.offered,
            "credit_bonus_percent": settings.credit_bonus_percent,
            "credit_bonus_minor": settings.credit_bonus_minor,
        }

    def breaches(self, settings: Settings, reach: Claim) -> Iterator[Breach]:
        """Credit or other goods in place of money, or credit before it."""
        if not reach.withdrawal or _money_is_offered_first(settings.offered):
            return
        said = reach.answer(
            "refund_means",
            paid_with=[{"means": "card", "amount": GOODS}],
            full_withdrawal=True,
            refund_proposed="store_credit",
        )
        if "refund" not in settings.offered and said.get("compliant") is False:
            has_value = CREDITS & set(settings.offered)
            code = "credit_only" if has_value else "exchange_only"
            yield reach.breach(code, said)
        elif "references" in said and "error" not in said:
            yield reach.note("money_comes_first", "VC-01", *said["references"])


def _money_is_offered_first(offered: Sequence[str]) -> bool:
    """Whether money is on offer and no credit stands before it; other goods may."""
    without_goods = [outcome for outcome in offered if outcome not in NO_MONEY]
    return without_goods[:1] == ["refund"]


RULE = Outcomes()
