"""Goods that are not taken back, with the legal reason where there is one.  (pure)"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rebond.domain.law.exclusions import ProductFlags, withdrawal_exception
from rebond.domain.policies.breaches import Breach, Claim
from rebond.domain.policies.facts import Facts, Finding, LineFacts, Said, Verdict
from rebond.domain.policies.settings_reading import choice, read_settings, words
from rebond.kernel.words import gettext_noop

GROUNDS: dict[str, ProductFlags] = {
    "market_priced": ProductFlags(market_priced=True),
    "personalised": ProductFlags(personalised=True),
    "perishable": ProductFlags(perishable=True),
    "hygiene": ProductFlags(hygiene_seal=True, seal_broken_by_consumer=True),
    "mixed": ProductFlags(mixed=True),
    "sealed_media": ProductFlags(media_seal_broken=True),
    "press": ProductFlags(press_issue=True),
}
"""Legal grounds on which goods need not be taken back. Source: C. conso. L221-28."""

NEEDS_BROKEN_SEAL = frozenset({"hygiene", "sealed_media"})
"""Grounds that hold only once the shopper says that the seal is not intact."""


@dataclass(frozen=True)
class Settings:
    """``covers``: goods ``marked`` by the shop and ``categories``, or ``all`` the rule reaches.

    ``ground`` is the legal reason, empty where there is none. With a ground that asks for a
    broken seal, goods whose seal is intact, or about which nobody was asked, are not excluded.
    """

    categories: tuple[str, ...]
    covers: str
    ground: str


class ExcludedGoods:
    """Declines goods that are not taken back; what arrived faulty is looked at all the same."""

    key = "excluded_goods"
    is_first_match = False
    settings = (
        words("categories"),
        choice("covers", among=("marked", "all"), default="marked"),
        choice("ground", among=("", *GROUNDS), default=""),
    )
    sentences = {
        "final_sale": gettext_noop("“{sku}” was sold as final sale and cannot be returned."),
        "not_returnable": gettext_noop("“{sku}” cannot be returned."),
        "excluded_but_our_fault": gettext_noop(
            "“{sku}” is not normally taken back, but you tell us that something is wrong with it: "
            "we look at it ourselves."
        ),
        "market_priced": gettext_noop(
            "“{sku}” cannot be returned: its price follows a financial market."
        ),
        "personalised": gettext_noop(
            "“{sku}” was made especially for you and therefore cannot be returned."
        ),
        "perishable": gettext_noop(
            "“{sku}” does not keep for long and therefore cannot be returned."
        ),
        "hygiene": gettext_noop(
            "“{sku}” was opened and, for reasons of hygiene, cannot be returned."
        ),
        "mixed": gettext_noop("“{sku}” has been mixed with something else and cannot be returned."),
        "sealed_media": gettext_noop("“{sku}” was unsealed and therefore cannot be returned."),
        "press": gettext_noop("“{sku}” is a newspaper or magazine and cannot be returned."),
    }

    def read(self, settings: Mapping[str, Any]) -> Settings:
        """``categories``, a list of texts, ``covers`` and the legal ``ground``."""
        return Settings(**read_settings(self.settings, settings))

    def judge(self, settings: Settings, facts: Facts, lines: Sequence[LineFacts]) -> Said:
        """One finding for each line that is excluded."""
        return [
            self._finding(settings, line) for line in lines if self.excludes(settings, line)
        ], {}

    def excludes(self, settings: Settings, line: LineFacts) -> bool:
        """Whether the rule takes ``line`` out."""
        if settings.ground in NEEDS_BROKEN_SEAL and line.answers.get("seal_intact") != "no":
            return False
        if settings.covers == "all" or line.category in settings.categories:
            return True
        return line.is_final_sale or not line.is_returnable

    def exemption(self, settings: Settings, line: LineFacts) -> str:
        """The article that takes the right to withdraw from ``line`` away; empty for none."""
        if not settings.ground or not self.excludes(settings, line):
            return ""
        exception = withdrawal_exception(GROUNDS[settings.ground])
        return f"L221-28 {exception[0]}° / art. 16({exception[1]})" if exception else ""

    def breaches(self, settings: Settings, reach: Claim) -> Iterator[Breach]:
        """Goods taken out that the law does not except."""
        if not reach.withdrawal or settings.ground:
            return
        if settings.covers == "all" or settings.categories:
            said = reach.answer("withdrawal_exception", personalised=False)
            if said.get("right_exists"):
                names = ", ".join(settings.categories)
                yield reach.breach("no_legal_exclusion", said, goods=names)

    def _finding(self, settings: Settings, line: LineFacts) -> Finding:
        code = "final_sale" if line.is_final_sale else settings.ground or "not_returnable"
        if line.is_our_fault:
            code = "excluded_but_our_fault"
        verdict = Verdict.REVIEW if line.is_our_fault else Verdict.DECLINE
        return Finding(self.key, verdict, code, {"sku": line.sku}, line.key)


RULE = ExcludedGoods()
