"""What is kept from a refund: a percentage, an amount, at most so much.  (pure)"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rebond.domain.policies.breaches import GOODS, Breach, Claim
from rebond.domain.policies.facts import Facts, LineFacts, Said
from rebond.domain.policies.settings_reading import minor, read_settings, whole


@dataclass(frozen=True)
class Settings:
    """``percent`` of each line, and ``amount_minor`` once for the return; ``cap_minor`` limits
    all of it (None: no limit). The VAT in it is that of the goods it is kept from."""

    percent: int
    amount_minor: int
    cap_minor: int | None


class Fee:
    """Keeps a fee. Never for what is the shop's fault, never from a withdrawal.

    In another currency no amount is kept, nor a share that is limited by one: the shopper's side
    of the doubt.

    Which reasons or outcomes waive it stands in the conditions (``unless``).
    """

    key = "fee"
    is_first_match = True
    settings = (
        whole("percent", least=0, most=100, default=0),
        minor("amount_minor", default=0, abroad={"amount_minor": 0}),
        minor("cap_minor", default=None, abroad={"percent": 0, "cap_minor": None}),
    )
    sentences: Mapping[str, str] = {}

    def read(self, settings: Mapping[str, Any]) -> Settings:
        """``percent``, ``amount_minor`` and ``cap_minor``."""
        return Settings(**read_settings(self.settings, settings))

    def judge(self, settings: Settings, facts: Facts, lines: Sequence[LineFacts]) -> Said:
        """No finding; the fee as terms."""
        offer: dict[str, Any] = {
            "fee_percent": settings.percent,
            "fee_minor": settings.amount_minor,
        }
        if settings.cap_minor is not None:
            offer["fee_cap_minor"] = settings.cap_minor
        return (), offer

    def breaches(self, settings: Settings, reach: Claim) -> Iterator[Breach]:
        """A fee on a withdrawal."""
        kept = GOODS * settings.percent // 100 + settings.amount_minor
        if settings.cap_minor is not None:
            kept = min(kept, settings.cap_minor)
        yield from reach.kept_from_refund(
            kept,
            "fee_on_withdrawal" if settings.percent else "flat_fee_on_withdrawal",
            percent=settings.percent,
            amount_minor=settings.amount_minor,
        )


RULE = Fee()
