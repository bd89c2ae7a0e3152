"""What was found for one return, read with a question that is asked all the time."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from rebond.domain.returns.models import Return
from rebond.domain.returns.reading import read_lines_of
from rebond.domain.warehouse.models import Inspection
from rebond.kernel.prepared import Prepared, lay_beside

_inspections = Prepared(
    lambda shop, rma: Inspection.objects.filter(shop_id=shop, line__rma_id=rma, line__shop_id=shop),
    UUID,
    UUID,
)


def read_findings_of(rma: Return) -> None:
    """Read the lines of ``rma`` beside it, each with its inspections."""
    lines = read_lines_of(rma)
    found: dict[UUID, list[Inspection]] = defaultdict(list)
    for one in _inspections.all(rma.shop_id, rma.pk):
        found[one.line_id].append(one)
    for line in lines:
        lay_beside(line, "inspections", found[line.pk])
