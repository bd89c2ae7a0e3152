"""Goods that are not taken back: final sale, and those marked as not returnable.  (pure)"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rebond.domain.policies.facts import Facts, Finding, Terms, Verdict
from rebond.domain.policies.settings_reading import only, words
from rebond.kernel.words import gettext_noop


@dataclass(frozen=True)
class Settings:
    """``categories`` are never taken back, beside products that say so themselves."""

    categories: tuple[str, ...]


class ExcludedGoods:
    """Declines goods that are not taken back; what arrived faulty is looked at all the same."""

    key = "excluded_goods"
    sentences = {
        "final_sale": gettext_noop("“{sku}” was sold as final sale and cannot be returned."),
        "not_returnable": gettext_noop("“{sku}” cannot be returned."),
        "excluded_but_our_fault": gettext_noop(
            "“{sku}” is not normally taken back, but you tell us that something is wrong with it: "
            "we look at it ourselves."
        ),
    }

    def read(self, settings: Mapping[str, Any]) -> Settings:
        """``categories``, a list of texts."""
        only(settings, {"categories"})
        return Settings(words(settings, "categories"))

    def judge(self, settings: Settings, facts: Facts) -> tuple[list[Finding], Terms]:
        """One finding for each line that is excluded."""
        findings = []
        for line in facts.lines:
            excluded = not line.is_returnable or line.category in settings.categories
            if not (excluded or line.is_final_sale):
                continue
            code = "final_sale" if line.is_final_sale else "not_returnable"
            if line.is_our_fault:
                code = "excluded_but_our_fault"
            verdict = Verdict.REVIEW if line.is_our_fault else Verdict.DECLINE
            findings.append(Finding(self.key, verdict, code, {"sku": line.sku}, line.key))
        return findings, Terms()


RULE = ExcludedGoods()
