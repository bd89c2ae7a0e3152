"""What the legal guarantee opens for a faulty article, beside what the policy offers.  (pure)

Source: C. conso. L217-3, L217-8, L217-9; Dir. (EU) 2019/771 art. 13(2).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from rebond.domain.policies.facts import REPAIR, LineFacts

REPLACEMENT = "replacement"


def is_guaranteed(line: LineFacts, asked_on: date) -> bool:
    """Whether ``line`` is faulty and the legal guarantee still runs on ``asked_on``."""
    return line.is_defect and asked_on.isoformat() <= line.guaranteed_until


def outcomes_for(offered: Sequence[str], line: LineFacts, asked_on: date) -> tuple[str, ...]:
    """What of ``offered`` is open for ``line``: a repair only of what is faulty.

    Where the shop repairs, the consumer chooses between repair and replacement as long as the
    legal guarantee runs, so the one brings the other.
    """
    if REPAIR not in offered:
        return tuple(offered)
    if not line.is_defect:
        return tuple(one for one in offered if one != REPAIR) or ("refund",)
    if REPLACEMENT not in offered and is_guaranteed(line, asked_on):
        return (*offered, REPLACEMENT)
    return tuple(offered)
