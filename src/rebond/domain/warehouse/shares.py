"""What the policy's rule says of a grade: which share is refunded, and whose word it takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from rebond.domain.discussions.queries import agreed_percents
from rebond.domain.policies.facts import INCOMPLETE, REPAIR
from rebond.domain.policies.rules.refund_by_grade import WHOLE
from rebond.domain.returns.models import Return, ReturnLine
from rebond.domain.warehouse.checklists import GRADED


@dataclass(frozen=True)
class GradeShares:
    """The shares of one line: whole percent of its price that is refunded, by grade.

    ``is_claim``: its consumer may withdraw, so that the rule only proposes; a person claims the
    loss with words and a photo. Source: C. conso. L221-23 al. 3; Dir. 2011/83/EU art. 14(2).
    """

    rule: str
    shares: Mapping[str, int]
    is_claim: bool

    def kept_for(self, grade: str, *, is_incomplete: bool) -> int:
        """The percentage that the rule keeps of a piece of this grade."""
        share = self.shares.get(grade, WHOLE)
        if is_incomplete:
            share = min(share, self.shares.get(INCOMPLETE, WHOLE))
        return WHOLE - share

    @property
    def cuts(self) -> bool:
        """Whether anything is ever kept."""
        return any(share < WHOLE for share in self.shares.values())

    @property
    def kept_by_grade(self) -> list[tuple[str, int]]:
        """What is kept for each grade, and at least where parts are missing, if anything is."""
        kept = [(str(grade), self.kept_for(grade, is_incomplete=False)) for grade in GRADED]
        without = WHOLE - self.shares.get(INCOMPLETE, WHOLE)
        return [*kept, (INCOMPLETE, without)] if without else kept


def shares_of(rma: Return, lines: Iterable[ReturnLine]) -> dict[UUID, GradeShares]:
    """What the policy promised for the grades of ``lines``, by line; without a rule a line is not
    in it. What was promised with the return holds, whatever the policy says today."""
    terms = (rma.terms or {}).get("terms") or {}
    shares, named = terms.get("grade_shares") or {}, terms.get("graded_by") or {}
    claims = claimed_lines(rma)
    return {
        line.pk: GradeShares(
            str(named.get(key, "")), shares[key], rma.is_withdrawal or key in claims
        )
        for line in lines
        if (key := str(line.order_line_id)) in shares
    }


def is_claimed(rma: Return, line: ReturnLine) -> bool:
    """Whether a person alone may keep something of ``line``, with evidence.

    Who had a repair refused gets the goods back, and no money is at stake.
    Source: C. conso. L221-23 al. 3; Dir. 2011/83/EU art. 14(2).
    """
    may_withdraw = str(line.order_line_id) in claimed_lines(rma)
    return rma.is_withdrawal or (may_withdraw and line.outcome != REPAIR)


def claimed_lines(rma: Return) -> frozenset[str]:
    """The order lines of ``rma``, as text, of which a person alone may keep something.

    Not those of which the shopper agreed in a discussion what is kept.
    """
    claims = lines_to_withdraw(rma)
    agreed = agreed_percents(rma) if claims else {}
    if not agreed:
        return claims
    return claims - {str(one.order_line_id) for one in rma.lines.all() if one.pk in agreed}


def lines_to_withdraw(rma: Return) -> frozenset[str]:
    """The order lines of ``rma``, as text, from which its consumer could withdraw when asking."""
    terms = (rma.terms or {}).get("terms") or {}
    return frozenset(key for key, is_claim in (terms.get("share_claims") or {}).items() if is_claim)
