"""Writes down how our books and a provider's compare, and what people say of the differences."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from rebond.domain.refunds.comparing import Days, Entry, Known, entries_of, own_entries
from rebond.domain.refunds.errors import AlreadyAnswered, ReasonNeeded
from rebond.domain.refunds.events import DiscrepancyExplained, PayoutsHeld, PayoutsReleased
from rebond.domain.refunds.models import (
    Discrepancy,
    OutsideState,
    PayoutHold,
    ReconciliationReport,
    Refund,
)
from rebond.domain.refunds.ports import KnownRefund
from rebond.domain.refunds.states import RefundState
from rebond.domain.shops.models import Shop
from rebond.kernel.actions import action
from rebond.kernel.clock import now
from rebond.kernel.events import record

AGREES = "agrees"


@action
def write_days(
    shop: Shop, provider: str, listed: Sequence[KnownRefund] | None, days: Days
) -> list[ReconciliationReport]:
    """Write a report for each day and currency, and what differs in it; again as often as needed.

    ``listed`` None: the provider was not asked, or did not answer. Then days that were compared
    before stay as they are. A difference that is gone is closed; one that somebody explained
    stays explained.
    """
    Shop.objects.select_for_update(no_key=True).only("id").get(pk=shop.pk)
    moment = now()
    before = {
        (report.day, report.currency): report
        for report in ReconciliationReport.objects.filter(
            shop=shop, provider=provider, day__gte=days.first, day__lte=days.last
        )
    }
    entries = (
        own_entries(shop, provider, days, moment)
        if listed is None
        else entries_of(shop, provider, listed, days, moment)
    )
    by_place: dict[tuple[date, str], list[Entry]] = {(day, shop.currency): [] for day in days}
    by_place |= {place: [] for place in before}
    for entry in entries:
        by_place.setdefault((entry.day, entry.currency), []).append(entry)
    written = []
    for place, found in sorted(by_place.items()):
        report = before.get(place)
        if listed is None and report is not None and report.was_asked:
            continue
        report = report or ReconciliationReport(
            shop=shop, provider=provider, day=place[0], currency=place[1]
        )
        _fill(report, found, was_asked=listed is not None, moment=moment)
        _write_differences(report, [entry for entry in found if entry.kind is not None], moment)
        written.append(report)
    return written


@action
def explain(shop_id: UUID, discrepancy_id: UUID, *, explanation: str, by: str) -> Discrepancy:
    """Say why the two books do not agree in one refund. Raises ``ReasonNeeded`` without a word,
    and ``AlreadyAnswered``."""
    row = Discrepancy.objects.select_for_update(no_key=True).get(shop_id=shop_id, pk=discrepancy_id)
    if row.closed_at is not None:
        raise AlreadyAnswered
    if not explanation.strip():
        raise ReasonNeeded
    row.closed_at, row.closed_by = now(), by
    row.explanation = explanation.strip()[:200]
    row.save(update_fields=["closed_at", "closed_by", "explanation"])
    event = DiscrepancyExplained(str(shop_id), str(row.pk), row.report.provider, row.explanation)
    record(event, shop_id=shop_id, actor=by)
    return row


@action
def hold_payouts(shop: Shop, provider: str, *, since: datetime, by: str) -> PayoutHold:
    """A backup of ``since`` was restored: let ``provider`` pay nothing before we have compared."""
    hold = PayoutHold.objects.filter(shop=shop, provider=provider, lifted_at=None).first()
    if hold is None:
        hold = PayoutHold(shop=shop, provider=provider, since=since, set_at=now())
    hold.since, hold.set_at = min(hold.since, since), now()
    hold.save()
    event = PayoutsHeld(str(shop.pk), provider, hold.since.isoformat())
    record(event, shop_id=shop.pk, actor=by)
    return hold


@action
def release_payouts(
    shop_id: UUID, provider: str, *, by: str, known: Known | None = None, reason: str = ""
) -> bool:
    """Let payouts through ``provider`` go on; True where they were held.

    ``known``: only where the comparison covers all the time from the backup to its return. None:
    a person takes it upon them and says why. Raises ``ReasonNeeded`` without a word.
    """
    if known is None and not reason.strip():
        raise ReasonNeeded
    held = PayoutHold.objects.select_for_update(no_key=True).filter(
        shop_id=shop_id, provider=provider, lifted_at=None
    )
    hold = held.first()
    if hold is None:
        return False
    if known is not None and not (known.begin <= hold.since and hold.set_at <= known.end):
        return False
    hold.lifted_at, hold.lifted_by = now(), by
    hold.save(update_fields=["lifted_at", "lifted_by"])
    Refund.objects.filter(
        shop_id=shop_id,
        provider=provider,
        state=RefundState.RESERVED,
        next_check_at__isnull=False,
    ).update(next_check_at=now())
    event = PayoutsReleased(str(shop_id), provider, reason.strip()[:200])
    record(event, shop_id=shop_id, actor=by)
    return True


def _fill(
    report: ReconciliationReport, entries: Sequence[Entry], *, was_asked: bool, moment: datetime
) -> None:
    ours = [entry.ours_minor for entry in entries if entry.ours_minor]
    theirs = [entry.theirs_minor for entry in entries if entry.theirs_minor]
    report.was_asked, report.made_at = was_asked, moment
    report.ours_count, report.ours_minor = len(ours), sum(ours)
    report.theirs_count = len(theirs) if was_asked else None
    report.theirs_minor = sum(theirs) if was_asked else None
    report.save()


def _write_differences(
    report: ReconciliationReport, entries: Sequence[Entry], moment: datetime
) -> None:
    known = {(row.kind, row.subject): row for row in report.discrepancies.all()}
    for entry in entries:
        assert entry.kind is not None
        row = known.pop((entry.kind.value, entry.subject), None)
        if row is None:
            row = Discrepancy(
                shop_id=report.shop_id,
                report=report,
                kind=entry.kind,
                subject=entry.subject,
                found_at=moment,
            )
        elif not row.is_current and row.explanation == AGREES:
            row.closed_at, row.closed_by, row.explanation = None, "", ""
        row.is_current = True
        row.refund, row.outside = entry.refund, entry.outside
        row.payment_reference = entry.payment_reference
        row.ours_minor, row.theirs_minor = entry.ours_minor, entry.theirs_minor
        row.ours_state, row.theirs_state = entry.ours_state, entry.theirs_state
        outside = entry.outside
        if outside is not None and outside.state == OutsideState.LEFT and row.closed_at is None:
            row.closed_at, row.closed_by = moment, outside.decided_by
            row.explanation = OutsideState.LEFT.value
        row.save()
    for row in known.values():
        if not row.is_current:
            continue
        row.is_current = False
        if row.closed_at is None:
            row.closed_at, row.closed_by, row.explanation = moment, "system", AGREES
        row.save(update_fields=["is_current", "closed_at", "closed_by", "explanation"])
