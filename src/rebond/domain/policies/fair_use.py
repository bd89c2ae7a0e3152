"""What a person restricted for one shopper, applied to offers and findings.  (pure)

Nothing here refuses or delays what the law gives: keeping goods, credit on top and money before
the inspection are the shop's own gifts, and a look by a person changes no legal day.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rebond.domain.policies.facts import LIMITS, Facts, Finding, Offer, Verdict
from rebond.kernel.words import gettext_noop

KIND = "fair_use"
SENTENCES = {
    "review_always": gettext_noop("Somebody from our team looks at this request personally."),
    "after_inspection": gettext_noop("The refund follows the inspection of the articles."),
    "no_keep_it": gettext_noop("The articles have to be sent back."),
    "no_credit_bonus": gettext_noop("Nothing is added on top of store credit for the moment."),
}
TAKES: dict[str, Offer] = {
    "review_always": {},
    "after_inspection": {"pays_at": "inspection", "pays_early_up_to_minor": 0},
    "no_keep_it": {"keeps_goods": False, "keep_percent": 0, "charity": ()},
    "no_credit_bonus": {"credit_bonus_percent": 0, "credit_bonus_minor": 0},
}


def offered_less(facts: Facts) -> Offer:
    """What the limits of ``facts`` fix before any rule speaks."""
    fixed: dict[str, Any] = {}
    for limit in facts.limits:
        fixed |= TAKES.get(limit, {})
    if "after_inspection" in facts.limits:
        # Goods that are kept are never inspected.
        fixed["keeps_goods"] = False
        fixed["charity"] = ()
    return fixed


def findings_of(facts: Facts) -> Iterator[Finding]:
    """One finding for each limit that holds, so that the decision says why."""
    for limit in LIMITS:
        if limit in facts.limits:
            verdict = Verdict.REVIEW if limit == "review_always" else Verdict.APPROVE
            yield Finding(KIND, verdict, limit, {}, "", KIND)
