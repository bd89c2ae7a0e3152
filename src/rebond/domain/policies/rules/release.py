"""The event that pays the refund, and how long after it.  (pure)"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from rebond.domain.policies.breaches import Breach, Claim
from rebond.domain.policies.facts import Facts, LineFacts, Said
from rebond.domain.policies.settings_reading import choice, minor, read_settings, whole

PAYS_AT = ("approval", "scan", "delivery", "receipt", "inspection")
"""Events that may pay, in the order in which they happen."""
AFTER_INSPECTION = {"pays_at": "inspection", "pays_early_up_to_minor": 0}
"""How a ceiling for early payouts counts in another currency: nothing is paid early."""


@dataclass(frozen=True)
class Settings:
    """The refund starts ``wait_days`` after ``pays_at``, before the inspection only up to
    ``pays_early_up_to_minor`` (0: any amount)."""

    pays_at: str
    wait_days: int
    pays_early_up_to_minor: int


class Release:
    """Fixes when the money goes; the legal day pays whatever this says."""

    key = "release"
    is_first_match = True
    settings = (
        choice("pays_at", among=PAYS_AT, default="inspection"),
        whole("wait_days", least=0, most=60, default=0),
        minor("pays_early_up_to_minor", default=0, abroad=AFTER_INSPECTION),
    )
    sentences: Mapping[str, str] = {}

    def read(self, settings: Mapping[str, Any]) -> Settings:
        """``pays_at``, ``wait_days`` and a ceiling for what is paid early."""
        return Settings(**read_settings(self.settings, settings))

    def judge(self, settings: Settings, facts: Facts, lines: Sequence[LineFacts]) -> Said:
        """No finding; three terms."""
        return (), {
            "pays_at": settings.pays_at,
            "wait_days": settings.wait_days,
            "pays_early_up_to_minor": settings.pays_early_up_to_minor,
        }

    def breaches(self, settings: Settings, reach: Claim) -> Iterator[Breach]:
        """A wait that ends after the legal day even where the goods came back at once."""
        if not reach.withdrawal or not settings.wait_days:
            return
        day = reach.on.isoformat()
        said = reach.answer("refund_deadline", informed_on=day, goods_received_on=day)
        if "refund_due_on_or_before" not in said:
            return
        due = date.fromisoformat(said["refund_due_on_or_before"])
        if reach.on + timedelta(days=settings.wait_days) > due:
            legal = (due - reach.on).days
            yield reach.breach("release_too_late", said, days=settings.wait_days, legal_days=legal)
        else:
            yield reach.note(
                "legal_day_pays", "FR-WD-11", *said["references"], days=settings.wait_days
            )


RULE = Release()
