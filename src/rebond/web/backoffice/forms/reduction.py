"""How much less faulty articles are worth, as it was typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from rebond.domain.refunds.reductions import LEAST, MOST
from rebond.domain.repairs.actions import LONGEST_NOTE
from rebond.domain.returns.models import Return, ReturnLine


@dataclass
class Row:
    """One article with the share that was typed for it."""

    line: ReturnLine
    typed: str
    error: str = ""

    @property
    def name(self) -> str:
        """The name of its field."""
        return f"share-{self.line.pk}"


class ReductionForm:
    """A share for every line, words to the shopper, and their yes."""

    def __init__(self, rma: Return, sent: Mapping[str, str] | None = None) -> None:
        given = sent or {}
        lines = rma.lines.select_related("order_line").order_by("position")
        self.is_sent = sent is not None
        self.rows = [Row(line, given.get(f"share-{line.pk}", "").strip()[:9]) for line in lines]
        self.note = given.get("note", "")[: LONGEST_NOTE + 1]
        self.is_agreed = given.get("agreed") == "on"
        self.percents: dict[UUID, int] = {}

    def is_valid(self) -> bool:
        """Whether every share is a whole number in its bounds."""
        said = _("A whole number from {least} to {most}, please.").format(least=LEAST, most=MOST)
        for row in self.rows:
            text = row.typed.removesuffix("%").strip()
            is_number = text.isascii() and text.isdigit() and len(text) < 4
            if not is_number or not LEAST <= int(text) <= MOST:
                row.error = said
            else:
                self.percents[row.line.pk] = int(text)
        return len(self.percents) == len(self.rows)
