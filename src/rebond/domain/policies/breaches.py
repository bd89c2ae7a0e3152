"""Where a rule is stricter than the law: the law is asked, its article is kept.  (pure)"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from rebond.domain import law

GOODS = 10_000
DELIVERY = 490


@dataclass(frozen=True)
class Breach:
    """One thing that the law does not allow, or (``is_note``) only with care.

    ``code`` names the sentence, ``law_rules`` the rules of the law (docs/reference/law-rules.md),
    ``articles`` their texts in the law of ``place``. ``id`` is the rule of the policy.
    """

    code: str
    place: str
    law_rules: tuple[str, ...]
    articles: tuple[str, ...]
    numbers: Mapping[str, Any] = field(default_factory=dict)
    is_note: bool = False
    id: str = ""


@dataclass(frozen=True)
class Claim:
    """What of the law a rule can touch in one place, on one day.

    ``withdrawal``: consumers who withdraw. ``defects``: goods for which the shop answers.
    """

    place: str
    on: date
    withdrawal: bool
    defects: bool

    def answer(self, topic: str, **facts: Any) -> Mapping[str, Any]:
        """What the law of the place says; without the key asked for where it says nothing."""
        return _answer(self.place, topic, tuple(sorted((k, _key(v)) for k, v in facts.items())))

    def breach(self, code: str, answer: Mapping[str, Any], **numbers: Any) -> Breach:
        """A breach of what ``answer`` states."""
        rules, articles = tuple(answer["rules"]), tuple(answer["references"])
        return Breach(code, self.place, rules, articles, numbers)

    def note(self, code: str, rule: str, *articles: str, **numbers: Any) -> Breach:
        """A remark: allowed, but it leaves a default of ours, or a duty comes with it."""
        return Breach(code, self.place, (rule,), articles, numbers, is_note=True)

    def cost_to_tell(self) -> Iterator[Breach]:
        """A note where a consumer bears the way back only if he was told before the order."""
        if self.withdrawal:
            said = self.answer("refund_amount", goods=GOODS, return_postage_paid_by_consumer=500)
            if "FR-WD-15" in said.get("rules", ()):
                yield self.note("tell_return_cost", "FR-WD-15", *said["references"])

    def own_way_to_keep(self) -> Iterator[Breach]:
        """A note where a consumer may send goods back in any way that brings them there."""
        if self.withdrawal:
            said = self.answer("refund_amount", goods=GOODS, return_postage_paid_by_consumer=500)
            if "FR-WD-15" in said.get("rules", ()):
                yield self.note("own_way_stays_open", "FR-WD-15", *said["references"])

    def refused_withdrawal(self, code: str, **numbers: Any) -> Iterator[Breach]:
        """A breach where consumers have the right to withdraw."""
        if self.withdrawal:
            said = self.answer("b2c_scope", channel="online", customer="consumer")
            if said.get("right_exists"):
                yield self.breach(code, said, **numbers)

    def refused_defects(self, code: str, **numbers: Any) -> Iterator[Breach]:
        """A breach where the shop answers for faulty goods."""
        if self.defects:
            day = self.on.isoformat()
            said = self.answer("legal_guarantee", delivered_on=day, defect_appeared_on=day)
            if said.get("guarantee") or said.get("guarantee_ends"):
                yield self.breach(code, said, **numbers)

    def kept_from_refund(self, kept_minor: int, code: str, **numbers: Any) -> Iterator[Breach]:
        """A breach where ``kept_minor`` of goods worth ``GOODS`` is kept after a withdrawal."""
        if not self.withdrawal or kept_minor <= 0:
            return
        said = self.answer(
            "refund_amount",
            goods=GOODS,
            full_withdrawal=True,
            restocking_fee_in_terms_percent=max(1, kept_minor * 100 // GOODS),
        )
        if said.get("refund", 0) > GOODS - kept_minor:
            yield self.breach(code, said, **numbers)


def _key(value: Any) -> Any:
    return tuple(tuple(sorted(v.items())) for v in value) if isinstance(value, list) else value


@lru_cache(maxsize=2048)
def _answer(place: str, topic: str, facts: tuple[tuple[str, Any], ...]) -> Mapping[str, Any]:
    plain = {
        name: [dict(part) for part in value] if isinstance(value, tuple) else value
        for name, value in facts
    }
    case = {"id": "policy", "jurisdiction": place, "topic": topic, "facts": plain}
    return law.answer(case)
