"""Questions about contested grades."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from rebond.domain.contests.models import Contest
from rebond.domain.returns.models import Return
from rebond.domain.returns.states import RequestState
from rebond.domain.returns.steps import LOOKED_AT
from rebond.domain.shops.models import Shop
from rebond.domain.warehouse.models import Inspection

CONTESTED_WITHIN = timedelta(days=30)
KEEPS = Q(kept_percent__gt=0) | Q(is_accepted=False)


@dataclass(frozen=True)
class Finding:
    """What was found of some pieces; ``kept_percent`` is 100 where nothing is paid for them.

    ``rule_percent`` is what the policy keeps for this grade, None where no rule says.
    """

    inspection_id: UUID
    title: str
    quantity: int
    grade: str
    kept_percent: int
    note: str
    is_incomplete: bool = False
    rule_percent: int | None = None

    @property
    def follows_rule(self) -> bool:
        """Whether exactly what the policy says is kept."""
        return self.rule_percent is not None and self.kept_percent == self.rule_percent


def contest_of(rma: Return) -> Contest | None:
    """What the shopper of ``rma`` contested."""
    rows = Contest.objects.filter(shop_id=rma.shop_id, rma=rma)
    return rows.select_related("answered_by").first()


def contested(shop: Shop) -> QuerySet[Contest]:
    """The returns of ``shop`` whose contested grade waits for an answer, for a condition."""
    return Contest.objects.filter(shop=shop, answered_at=None).values("rma")  # type: ignore[return-value]


def findings_of(rma: Return) -> list[Finding]:
    """The findings for which less than all is paid, in the order of the lines."""
    rows = Inspection.objects.filter(KEEPS, shop_id=rma.shop_id, line__rma=rma)
    return [
        Finding(
            row.pk,
            row.line.title,
            row.quantity,
            row.grade,
            row.kept_percent if row.is_accepted else 100,
            row.note,
            row.is_incomplete,
            row.rule_percent,
        )
        for row in rows.select_related("line").order_by("line__position", "id")
    ]


def why_not(rma: Return, moment: datetime) -> str:
    """Why nothing can be contested, as ``why`` of ``NotContestable``; empty where it can."""
    open_states = {RequestState.APPROVED, RequestState.CLOSED}
    if rma.request_state not in open_states or rma.inspection_state not in LOOKED_AT:
        return "state"
    if rma.is_repair or rma.order_id is None or not findings_of(rma):
        return "nothing_kept"
    if contest_of(rma) is not None:
        return "again"
    last = Inspection.objects.filter(shop_id=rma.shop_id, line__rma=rma).order_by("-at").first()
    return "late" if last is not None and last.at + CONTESTED_WITHIN < moment else ""
