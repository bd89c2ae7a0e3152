"""Photos that are needed for some reasons.  (pure)"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rebond.domain.policies.facts import Facts, Finding, Terms, Verdict
from rebond.domain.policies.settings_reading import only
from rebond.kernel.words import gettext_noop


@dataclass(frozen=True)
class Settings:
    """Nothing to set: the reasons themselves say whether they need a photo."""


class Evidence:
    """Sends a request without the photo it needs to a person, who asks for it."""

    key = "evidence"
    sentences = {
        "photo_missing": gettext_noop("A photo of “{sku}” would help us decide quickly."),
    }

    def read(self, settings: Mapping[str, Any]) -> Settings:
        """No settings."""
        only(settings, set())
        return Settings()

    def judge(self, settings: Settings, facts: Facts) -> tuple[list[Finding], Terms]:
        """One finding for each line whose reason needs a photo and has none."""
        return [
            Finding(self.key, Verdict.REVIEW, "photo_missing", {"sku": line.sku}, line.key)
            for line in facts.lines
            if line.reason_needs_photo and not line.photos
        ], Terms()


RULE = Evidence()
