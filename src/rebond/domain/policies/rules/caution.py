"""What changes where something asks for a second look: never a refusal.  (pure)"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rebond.domain.policies.breaches import Breach, Claim
from rebond.domain.policies.facts import (
    LEVELS,
    Facts,
    Finding,
    LineFacts,
    Offer,
    Said,
    Verdict,
)
from rebond.domain.policies.rules.release import PAYS_AT
from rebond.domain.policies.settings_reading import choice, flag, read_settings, whole
from rebond.kernel.words import gettext_noop


@dataclass(frozen=True)
class Settings:
    """From ``from_level`` on: ``photos`` are asked for (0: none), a person looks, and what the
    shop gives beyond the law is withheld. ``pays_after`` is the event that pays, or empty.
    """

    from_level: str
    photos: int
    review: bool
    keep_it: bool
    credit_bonus: bool
    pays_after: str


class Caution:
    """Asks for photos or a person, and withholds gifts, from a level on."""

    key = "caution"
    is_first_match = True
    settings = (
        choice("from_level", among=LEVELS[1:], default="careful"),
        whole("photos", least=0, most=10, default=0),
        flag("review", default=True),
        flag("keep_it", default=False),
        flag("credit_bonus", default=True),
        choice("pays_after", among=("", *PAYS_AT), default=""),
    )
    sentences = {
        "looked_at": gettext_noop("Somebody from our team looks at this request personally."),
        "photo_helps": gettext_noop("Photos of “{sku}” would help us decide quickly: {photos}."),
    }

    def read(self, settings: Mapping[str, Any]) -> Settings:
        """``from_level`` and what changes from there on."""
        return Settings(**read_settings(self.settings, settings))

    def judge(self, settings: Settings, facts: Facts, lines: Sequence[LineFacts]) -> Said:
        """Nothing below the level; from it on, findings that a person answers, and fewer gifts.

        A photo is asked only of goods that are said to be faulty: for a plain change of mind it
        is more than is needed (GDPR art. 5(1)(c)).
        """
        level = LEVELS.index(facts.level) if facts.level in LEVELS else 0
        if level < LEVELS.index(settings.from_level):
            return (), {}
        found = [
            Finding(
                self.key,
                Verdict.REVIEW,
                "photo_helps",
                {"sku": line.sku, "photos": settings.photos},
                line.key,
            )
            for line in lines
            if line.is_our_fault and line.photos < settings.photos
        ]
        if settings.review:
            found += [
                Finding(self.key, Verdict.REVIEW, "looked_at", {}, line.key) for line in lines
            ]
        return found, _withheld(settings)

    def breaches(self, settings: Settings, reach: Claim) -> Iterator[Breach]:
        """None: a person looks and the legal day pays; what is withheld is a gift."""
        return iter(())


def _withheld(settings: Settings) -> Offer:
    offer: Offer = {}
    if not settings.keep_it:
        offer["keeps_goods"] = False
        offer["keep_percent"] = 0
        offer["charity"] = ()
    if not settings.credit_bonus:
        offer["credit_bonus_percent"] = offer["credit_bonus_minor"] = 0
    if settings.pays_after:
        offer |= {"pays_at": settings.pays_after, "pays_early_up_to_minor": 0}
    return offer


RULE = Caution()
