"""Open pieces of a report of missing goods, as they were typed."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.utils.translation import gettext as _

from rebond.domain.non_deliveries.models import NonDelivery
from rebond.domain.non_deliveries.queries import lines_in
from rebond.web.ui.missing import PieceRow, read_count


class OpenPieces:
    """A count for every line with open pieces; all of them where nothing was sent."""

    def __init__(self, report: NonDelivery, sent: Mapping[str, str] | None = None) -> None:
        self.error = ""
        self.rows = []
        for line in lines_in(report):
            most = line.open_quantity
            if most:
                name = f"pieces-{line.order_line_id}"
                typed = str(most) if sent is None else sent.get(name, "").strip()[:9]
                self.rows.append(PieceRow(line.order_line, most, typed))

    @property
    def quantities(self) -> dict[UUID, int]:
        """The pieces by order line, once they are valid."""
        counts = {row.line.pk: read_count(row.typed, row.left) or 0 for row in self.rows}
        return {line: count for line, count in counts.items() if count}

    def is_valid(self) -> bool:
        """Whether every count is a whole number within its bounds, and one is not 0."""
        for row in self.rows:
            if read_count(row.typed, row.left) is None:
                row.error = _("A whole number from 0 to {most}, please.").format(most=row.left)
                self.error = row.error
        if not self.error and not self.quantities:
            self.error = _("Please say which articles are missing, and how many.")
        return not self.error
