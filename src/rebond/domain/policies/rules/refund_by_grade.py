"""Which share of the price is refunded by the grade that an inspection gives.  (pure)"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rebond.domain.policies.breaches import GOODS, Breach, Claim
from rebond.domain.policies.facts import INCOMPLETE, Facts, LineFacts, Said
from rebond.domain.policies.settings_reading import read_settings, whole

WHOLE = 100


@dataclass(frozen=True)
class Settings:
    """The share of the price that is refunded for each grade, in whole percent.

    ``incomplete_percent`` is the most that is refunded where parts are missing, whatever the grade.
    """

    grade_a_percent: int
    grade_b_percent: int
    grade_c_percent: int
    grade_d_percent: int
    incomplete_percent: int

    @property
    def shares(self) -> dict[str, int]:
        """The shares by grade, and by ``INCOMPLETE``."""
        return {
            "a": self.grade_a_percent,
            "b": self.grade_b_percent,
            "c": self.grade_c_percent,
            "d": self.grade_d_percent,
            INCOMPLETE: self.incomplete_percent,
        }


class RefundByGrade:
    """Proposes at the inspection what is refunded. Never less than all for a fault of the shop's;
    after a withdrawal it is a claim that a person makes, with evidence.
    """

    key = "refund_by_grade"
    is_first_match = True
    settings = (
        whole("grade_a_percent", least=0, most=WHOLE, default=WHOLE),
        whole("grade_b_percent", least=0, most=WHOLE, default=WHOLE),
        whole("grade_c_percent", least=0, most=WHOLE, default=WHOLE),
        whole("grade_d_percent", least=0, most=WHOLE, default=WHOLE),
        whole("incomplete_percent", least=0, most=WHOLE, default=WHOLE),
    )
    sentences: Mapping[str, str] = {}

    def read(self, settings: Mapping[str, Any]) -> Settings:
        """All five shares; everything is refunded where one is not named."""
        return Settings(**read_settings(self.settings, settings))

    def judge(self, settings: Settings, facts: Facts, lines: Sequence[LineFacts]) -> Said:
        """No finding; the shares as terms."""
        return (), {"grade_shares": settings.shares}

    def breaches(self, settings: Settings, reach: Claim) -> Iterator[Breach]:
        """Notes: a withdrawal is never cut by itself, a faulty article not at all.

        Source: C. conso. L221-23 al. 3 and L221-24, L217-3; Dir. 2011/83/EU art. 14(2).
        """
        if min(settings.shares.values()) == WHOLE:
            return
        if reach.withdrawal:
            said = reach.answer("refund_amount", goods=GOODS, full_withdrawal=True, opened_box=True)
            if "FR-WD-17" in said.get("rules", ()):
                yield reach.note("loss_is_a_claim", "FR-WD-17", *said["references"])
        else:
            for breach in reach.refused_defects("defects_in_full"):
                yield reach.note("defects_in_full", breach.law_rules[0], *breach.articles)


RULE = RefundByGrade()
