"""Receive what came, inspect it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from rebond.domain import law
from rebond.domain.discussions.errors import MoreThanAgreed
from rebond.domain.discussions.queries import agreed_percents, check_not_discussed
from rebond.domain.policies.facts import REPAIR
from rebond.domain.returns.errors import ChangedMeanwhile
from rebond.domain.returns.models import Return, ReturnLine
from rebond.domain.returns.reading import read_lines_of
from rebond.domain.returns.states import InspectionState, ParcelState, RequestState
from rebond.domain.shipping.errors import NotTogether
from rebond.domain.shipping.sharing import companions_of
from rebond.domain.shops.models import Shop
from rebond.domain.warehouse.checklists import as_answered, check_answers, checklists_for
from rebond.domain.warehouse.errors import (
    AlreadyInspected,
    CountImpossible,
    EvidenceNeeded,
    InspectionIncomplete,
    MoreThanRule,
    NotExpected,
    NothingReceived,
)
from rebond.domain.warehouse.events import ParcelReceived, ReturnInspected
from rebond.domain.warehouse.grades import Disposition, Grade
from rebond.domain.warehouse.models import Checklist, Inspection, Receipt
from rebond.domain.warehouse.shares import GradeShares, is_claimed, shares_of
from rebond.domain.warehouse.tracking import make_units
from rebond.kernel.actions import action
from rebond.kernel.clock import now
from rebond.kernel.events import record
from rebond.kernel.setting import set_each
from rebond.kernel.writing import insert_all


@dataclass(frozen=True)
class Finding:
    """Some pieces of a line, all in the same state.

    ``kept_percent`` (0 to 100) of their value is not refunded; None: what the policy's rule for
    the grade keeps, and nothing without one. ``is_incomplete``: parts are missing. ``serials`` are
    serial numbers in any order, one for each piece at most. ``answers`` maps the key of each
    question of the checklist to an ``Answer``.
    """

    line_id: UUID
    quantity: int
    grade: Grade
    disposition: Disposition
    is_accepted: bool
    kept_percent: int | None = None
    note: str = ""
    photo_id: UUID | None = None
    serials: tuple[str, ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    is_incomplete: bool = False

    @property
    def kept(self) -> int:
        """The share that is not refunded, 100 where the pieces are not accepted."""
        return (self.kept_percent or 0) if self.is_accepted else 100


@dataclass(frozen=True)
class Arrival:
    """What came of one return in a parcel: ``counts`` as of ``receive_return``; ``version`` is the
    one that who counted has seen."""

    rma_id: UUID
    counts: Mapping[UUID, int]
    version: int | None = None


@action
def receive_return(
    rma_id: UUID,
    counts: Mapping[UUID, int],
    *,
    note: str,
    by: str,
    version: int | None = None,
) -> Receipt:
    """Book goods in. ``counts`` maps the return's lines to the pieces in the parcel.

    A line that is not named, or named with 0, did not arrive. Raises ``NotExpected`` unless
    the return is approved and not yet inspected, and ``CountImpossible`` for more than is
    still missing.
    """
    rma = Return.objects.locked(pk=rma_id, version=version)
    if not is_expected(rma):
        raise NotExpected(number=rma.number, state=rma.request_state)
    return book_in(rma, counts, note=note, by=by)


@action
def receive_together(
    shop: Shop, arrivals: Sequence[Arrival], *, note: str, by: str
) -> list[Receipt]:
    """Book in the goods of several returns out of one parcel: all of them, or none.

    Gives a receipt for each, in the order of ``arrivals``; ``note`` stands on each. Raises
    ``NotTogether`` where one does not travel with the first, ``ChangedMeanwhile`` with the number
    of the return that is in another version, and what ``receive_return`` raises.
    """
    of_shop = Return.objects.filter(shop=shop)
    locked = of_shop.locked_together(one.rma_id for one in arrivals)
    for one in arrivals:
        rma = locked[one.rma_id]
        if one.version is not None and rma.version != one.version:
            raise ChangedMeanwhile(number=rma.number)
    first, *others = (locked[one.rma_id] for one in arrivals)
    if first.shop_id != shop.pk:
        raise Return.DoesNotExist
    there = {one.pk for one in companions_of(first)} if others else set()
    for rma in others:
        if rma.pk not in there:
            raise NotTogether(number=rma.number, why="no_box")
    for rma in locked.values():
        if not is_expected(rma):
            raise NotExpected(number=rma.number, state=rma.request_state)
    return [book_in(locked[one.rma_id], one.counts, note=note, by=by) for one in arrivals]


@action
def inspect_return(
    rma_id: UUID, findings: Sequence[Finding], *, by: str, version: int | None = None
) -> Return:
    """Write down what was found for every piece that arrived.

    Pieces of a line that never arrived count as missing. Raises ``NotExpected`` unless the
    return is approved, ``NothingReceived``, ``AlreadyInspected``, ``DiscussionOpen`` while the
    shopper is asked about it, ``MoreThanAgreed`` where less was agreed to be kept,
    ``EvidenceNeeded`` where who withdrew, or may withdraw, is to get less than was paid,
    ``MoreThanRule`` where
    more is kept than the policy's rule for the grade says and no word why, ``ChecklistOpen`` and
    ``GradeTooGood`` where the category's checklist wants an answer or an answer rules the grade
    out, and ``InspectionIncomplete`` when the findings of a line do not add
    up to the pieces received, or name a line of another return.
    """
    rma = Return.objects.locked(pk=rma_id, version=version)
    if rma.request_state != RequestState.APPROVED:
        raise NotExpected(number=rma.number, state=rma.request_state)
    if rma.inspection_state == InspectionState.AWAITING:
        raise NothingReceived(number=rma.number)
    if rma.inspection_state != InspectionState.RECEIVED:
        raise AlreadyInspected(number=rma.number)
    check_not_discussed(rma)
    lines = read_lines_of(rma)
    findings = _with_repairs(findings, {line.pk for line in lines if line.outcome == REPAIR})
    graded, accepted = _totals(findings)
    for line in lines:
        if graded[line.pk] != line.received_quantity:
            raise InspectionIncomplete(
                sku=line.sku, received=line.received_quantity, graded=graded[line.pk]
            )
    for line_id in graded.keys() - {line.pk for line in lines}:
        raise InspectionIncomplete(sku="", received=0, graded=graded[line_id])
    skus = {line.pk: line.sku for line in lines}
    agreed, shares = agreed_percents(rma), shares_of(rma, lines)
    findings = [_by_rule(one, shares.get(one.line_id), agreed) for one in findings]
    claims = {line.pk for line in lines if is_claimed(rma, line)}
    _check_evidence(rma, [one for one in findings if one.line_id in claims], skus)
    _check_agreed(findings, skus, agreed)
    _check_rules(findings, skus, shares)
    checklists = checklists_for(rma.shop_id, skus.values())
    rows = [
        _inspection(rma, finding, checklists.get(sku), shares.get(finding.line_id), sku=sku, by=by)
        for finding in findings
        for sku in [skus[finding.line_id]]
    ]
    rows += [_missing(line, by) for line in lines if line.received_quantity < line.quantity]
    insert_all(rows)
    make_units(rma, rows, findings, skus)
    for line in lines:
        line.accepted_quantity = accepted[line.pk]
    set_each(ReturnLine, "accepted_quantity", lines)
    asked, taken = sum(line.quantity for line in lines), sum(accepted.values())
    rma.inspection_state = (
        InspectionState.COMPLIANT if taken == asked else InspectionState.NON_COMPLIANT
    )
    rma.touch("inspection_state")
    record(
        ReturnInspected(str(rma.pk), rma.number, taken, asked - taken),
        shop_id=rma.shop_id,
        actor=by,
    )
    return rma


def is_expected(rma: Return) -> bool:
    """Whether goods of ``rma`` may still be booked in."""
    return rma.request_state == RequestState.APPROVED and rma.inspection_state in {
        InspectionState.AWAITING,
        InspectionState.RECEIVED,
    }


def book_in(rma: Return, counts: Mapping[UUID, int], *, note: str, by: str) -> Receipt:
    """Write down pieces of the locked ``rma`` as received. Used inside actions only."""
    lines = {line.pk: line for line in read_lines_of(rma)}
    for line_id, pieces in counts.items():
        _add_to(lines.get(line_id), pieces)
    set_each(ReturnLine, "received_quantity", [lines[line_id] for line_id in counts])
    moment = now()
    receipt = Receipt(
        shop_id=rma.shop_id,
        rma=rma,
        counts={str(line_id): pieces for line_id, pieces in counts.items() if pieces},
        note=note[:500],
        by=by,
        at=moment,
    )
    insert_all([receipt])
    rma.parcels.exclude(state=ParcelState.RECEIVED).update(
        state=ParcelState.RECEIVED, received_at=moment
    )
    rma.parcel_state = ParcelState.RECEIVED
    rma.inspection_state = InspectionState.RECEIVED
    rma.touch("parcel_state", "inspection_state")
    record(
        ParcelReceived(str(rma.pk), rma.number, sum(counts.values())),
        shop_id=rma.shop_id,
        actor=by,
    )
    return receipt


def _add_to(line: ReturnLine | None, pieces: int) -> None:
    possible = line.quantity - line.received_quantity if line else 0
    if line is None or not 0 <= pieces <= possible:
        raise CountImpossible(sku=line.sku if line else "", asked=pieces, possible=possible)
    line.received_quantity += pieces


def _with_repairs(findings: Sequence[Finding], repairs: set[UUID]) -> list[Finding]:
    """Accepted pieces of a repair go to the bench, whatever was chosen; no other does by name."""
    return [
        replace(
            finding,
            disposition=Disposition.REPAIR
            if finding.line_id in repairs and finding.is_accepted
            else Disposition.REFURBISH
            if finding.disposition is Disposition.REPAIR
            else finding.disposition,
        )
        for finding in findings
    ]


def _by_rule(finding: Finding, shares: GradeShares | None, agreed: Mapping[UUID, int]) -> Finding:
    """The finding with the share that its rule keeps, where nobody named another.

    Nothing is kept by a rule where the shopper may withdraw, and never more than was agreed.
    """
    if finding.kept_percent is not None:
        return finding
    kept = 0
    if shares is not None and not shares.is_claim:
        kept = shares.kept_for(finding.grade, is_incomplete=finding.is_incomplete)
        kept = min(kept, agreed.get(finding.line_id, kept))
    return replace(finding, kept_percent=kept if finding.is_accepted else 0)


def _check_rules(
    findings: Sequence[Finding], skus: Mapping[UUID, str], shares: Mapping[UUID, GradeShares]
) -> None:
    """What the policy promises for a grade is the least that is refunded, but for a reason."""
    for finding in findings:
        by = shares.get(finding.line_id)
        if by is None or finding.note.strip():
            continue
        told = by.kept_for(finding.grade, is_incomplete=finding.is_incomplete)
        if finding.kept > told:
            raise MoreThanRule(sku=skus.get(finding.line_id, ""), rule=by.rule, rule_percent=told)


def _check_evidence(rma: Return, findings: Sequence[Finding], skus: Mapping[UUID, str]) -> None:
    """Of who withdrew, or may withdraw, loss of value is claimed with words and a picture.

    Source: C. conso. L221-23 al. 3; Dir. 2011/83/EU art. 14(2).
    """
    for finding in findings:
        if finding.kept and not (finding.note.strip() and finding.photo_id):
            article = law.loss_of_value_article(rma.country)
            raise EvidenceNeeded(sku=skus.get(finding.line_id, ""), article=article)


def _check_agreed(
    findings: Sequence[Finding], skus: Mapping[UUID, str], agreed: Mapping[UUID, int]
) -> None:
    """What a shopper agreed to have kept is the most that is kept."""
    for finding in findings:
        most = agreed.get(finding.line_id)
        if most is not None and finding.kept > most:
            raise MoreThanAgreed(sku=skus.get(finding.line_id, ""), agreed_percent=most)


def _totals(findings: Sequence[Finding]) -> tuple[dict[UUID, int], dict[UUID, int]]:
    graded: dict[UUID, int] = defaultdict(int)
    accepted: dict[UUID, int] = defaultdict(int)
    for finding in findings:
        graded[finding.line_id] += finding.quantity
        accepted[finding.line_id] += finding.quantity if finding.is_accepted else 0
    return graded, accepted


def _inspection(
    rma: Return,
    finding: Finding,
    checklist: Checklist | None,
    shares: GradeShares | None,
    *,
    sku: str,
    by: str,
) -> Inspection:
    if checklist is not None:
        check_answers(checklist, finding.answers, sku=sku, grade=finding.grade)
    return Inspection(
        shop_id=rma.shop_id,
        line_id=finding.line_id,
        quantity=finding.quantity,
        grade=finding.grade,
        disposition=finding.disposition,
        is_accepted=finding.is_accepted,
        kept_percent=finding.kept_percent or 0,
        is_incomplete=finding.is_incomplete,
        rule=shares.rule if shares else "",
        rule_percent=shares.kept_for(finding.grade, is_incomplete=finding.is_incomplete)
        if shares
        else None,
        answers=as_answered(checklist, finding.answers) if checklist else [],
        serials=[serial[:80] for serial in finding.serials],
        note=finding.note[:1000],
        photo_id=finding.photo_id,
        by=by,
        at=now(),
    )


def _missing(line: ReturnLine, by: str) -> Inspection:
    return Inspection(
        shop_id=line.shop_id,
        line=line,
        quantity=line.quantity - line.received_quantity,
        grade=Grade.MISSING,
        disposition=Disposition.MISSING,
        is_accepted=False,
        by=by,
        at=now(),
    )
