"""Photos that are needed for some reasons.  (pure)"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rebond.domain.policies.breaches import Breach, Claim
from rebond.domain.policies.facts import Facts, Finding, LineFacts, Said, Verdict
from rebond.domain.policies.settings_reading import choice, read_settings, whole
from rebond.kernel.words import gettext_noop


@dataclass(frozen=True)
class Settings:
    """``needed_for``: lines whose reason is ``marked`` as needing a photo, or ``all``.

    ``photos`` is how many at least.
    """

    needed_for: str
    photos: int


class Evidence:
    """Sends a request without the photo it needs to a person, who asks for it."""

    key = "evidence"
    is_first_match = True
    settings = (
        choice("needed_for", among=("marked", "all"), default="marked"),
        whole("photos", least=1, most=10, default=1),
    )
    sentences = {
        "photo_missing": gettext_noop("A photo of “{sku}” would help us decide quickly."),
        "photos_missing": gettext_noop("{photos} photos of “{sku}” would help us decide quickly."),
    }

    def read(self, settings: Mapping[str, Any]) -> Settings:
        """``needed_for`` and how many ``photos``."""
        return Settings(**read_settings(self.settings, settings))

    def judge(self, settings: Settings, facts: Facts, lines: Sequence[LineFacts]) -> Said:
        """One finding for each line that needs a photo and has too few."""
        code = "photo_missing" if settings.photos == 1 else "photos_missing"
        return [
            Finding(
                self.key,
                Verdict.REVIEW,
                code,
                {"sku": line.sku} if settings.photos == 1 else _numbers(settings, line),
                line.key,
            )
            for line in lines
            if line.photos < settings.photos
            and (settings.needed_for == "all" or line.reason_needs_photo)
        ], {}

    def breaches(self, settings: Settings, reach: Claim) -> Iterator[Breach]:
        """Noted where a photo is asked of people who simply withdraw."""
        if reach.withdrawal and settings.needed_for == "all":
            yield reach.note("photo_of_withdrawal", "GD-02", "GDPR art. 5(1)(c)")


def _numbers(settings: Settings, line: LineFacts) -> dict[str, Any]:
    return {"sku": line.sku, "photos": settings.photos}


RULE = Evidence()
