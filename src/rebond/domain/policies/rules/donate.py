"""The shopper gives the goods to a charity instead of sending them back.  (pure)"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rebond.domain.policies.breaches import Breach, Claim
from rebond.domain.policies.facts import DONATION_PROOFS, Facts, LineFacts, Said
from rebond.domain.policies.settings_reading import choice, read_settings, words


@dataclass(frozen=True)
class Settings:
    """``charity`` is its name, then its address, line by line. ``donation_proof`` is
    what is wanted before the refund: ``none``, a ``word``, or a ``photo`` of the receipt."""

    charity: tuple[str, ...]
    donation_proof: str


class Donate:
    """Offers the donation for each of its lines; what is given bears no fee.

    Never for a present: who got it is given its value only for the goods.
    """

    key = "donate"
    is_first_match = True
    settings = (
        words("charity", longest=120),
        choice("donation_proof", among=DONATION_PROOFS, default="photo"),
    )
    sentences: Mapping[str, str] = {}

    def read(self, settings: Mapping[str, Any]) -> Settings:
        """``charity`` and ``donation_proof``."""
        return Settings(**read_settings(self.settings, settings))

    def judge(self, settings: Settings, facts: Facts, lines: Sequence[LineFacts]) -> Said:
        """No finding; the charity and the proof as terms."""
        if not settings.charity or facts.is_gift:
            return (), {}
        return (), {"charity": settings.charity, "donation_proof": settings.donation_proof}

    def breaches(self, settings: Settings, reach: Claim) -> Iterator[Breach]:
        """None: it is a choice beside sending the goods back."""
        return iter(())


RULE = Donate()
