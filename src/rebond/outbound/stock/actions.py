"""The verbs of telling stock: say who is told, take a try, write its answer, tell again."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from rebond.domain.shops.models import Shop
from rebond.kernel.actions import action
from rebond.kernel.clock import now
from rebond.kernel.companies import Account
from rebond.kernel.events import record
from rebond.outbound.stock.errors import (
    NobodyIsTold,
    ReportEnded,
    SystemNotSetUp,
    UnknownSystem,
    WhyMissing,
)
from rebond.outbound.stock.events import ReportLeftOut, ReportRefused, StockLinked
from rebond.outbound.stock.lines import is_behind, next_in_line, send_soon
from rebond.outbound.stock.models import OPEN, Link, Report, ReportState
from rebond.outbound.stock.ports import Heard, Hearing, StockChange, missing_for, stock_systems

LOST_AFTER = timedelta(minutes=2)
PAUSES = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
)
LONGEST_PAUSE = timedelta(hours=1)
"""After the pauses a silent system is asked once an hour, until it answers or is unlinked."""


@dataclass(frozen=True)
class Try:
    """A try that has to be made now. ``number`` counts from 1; ``shop`` is the shop's slug."""

    report_id: UUID
    number: int
    shop: str
    system: str
    change: StockChange


@action
def link_system(shop: Shop, system: str, *, by: str) -> Link:
    """Tell ``system`` of every movement from now on; "" tells nobody.

    What waits is told to the new system. Raises ``UnknownSystem`` and ``SystemNotSetUp``.
    """
    if system and system not in stock_systems:
        raise UnknownSystem(system=system[:40])
    if system:
        missing = missing_for(system, Account(shop.slug))
        if missing:
            raise SystemNotSetUp(system=system, settings=", ".join(missing))
    Shop.objects.select_for_update(no_key=True).only("id").get(pk=shop.pk)
    link = Link.objects.filter(shop=shop).first() or Link(shop=shop)
    if link.system == system and not link._state.adding:
        return link
    link.system, link.by, link.at = system, by, now()
    link.save()
    record(StockLinked(str(link.pk), system), shop_id=shop.pk, actor=by)
    return link


@action
def begin_try(report_id: UUID) -> Try | None:
    """Take the next try; None when it is not its time, nobody is told, or another is before it."""
    report = _locked().select_related("shop").get(pk=report_id)
    system = Link.objects.filter(shop_id=report.shop_id).values_list("system", flat=True).first()
    moment = now()
    is_due = report.state == ReportState.WAITING and report.next_at <= moment
    if not is_due or not system or system not in stock_systems or is_behind(report):
        return None
    report.attempts += 1
    report.next_at = moment + LOST_AFTER
    report.save(update_fields=["attempts", "next_at"])
    return Try(report.pk, report.attempts, report.shop.slug, system, change_in(report.body))


@action
def end_try(report_id: UUID, number: int, system: str, hearing: Hearing) -> None:
    """Write down what came of try ``number``.

    What was taken is told, however late the answer. Of a try that was thought lost nothing else
    counts: another one is under way.
    """
    report = _locked().get(pk=report_id)
    if report.state != ReportState.WAITING:
        return
    if hearing.heard != Heard.TAKEN and report.attempts != number:
        return
    report.answer = hearing.words[:200]
    if hearing.heard == Heard.TAKEN:
        report.state, report.system, report.ended_at = ReportState.TOLD, system, now()
        report.reference = hearing.reference[:200]
    elif hearing.heard == Heard.REFUSED:
        report.state = ReportState.REFUSED
        said = ReportRefused(str(report.pk), str(report.location_id), report.number, report.answer)
        record(said, shop_id=report.shop_id, actor="system")
    else:
        report.next_at = now() + pause_after(number)
    report.save(update_fields=["state", "next_at", "answer", "system", "reference", "ended_at"])
    _go_on(report)


@action
def tell_again(shop: Shop, report_id: UUID) -> Report:
    """Tell a movement at once that waits or was refused; the same key, the same words.

    Raises ``ReportEnded`` where it was told or left out, ``NobodyIsTold``.
    """
    report = _open(shop, report_id, *OPEN)
    if not Link.objects.filter(shop=shop).exclude(system="").exists():
        raise NobodyIsTold
    report.state, report.next_at = ReportState.WAITING, now()
    report.save(update_fields=["state", "next_at"])
    _go_on(report)
    return report


@action
def leave_out(shop: Shop, report_id: UUID, *, why: str, by: str) -> Report:
    """Let the line go on without a movement that was refused.

    Raises ``WhyMissing``, and ``ReportEnded`` for one that waits: it may arrive yet.
    """
    if not why.strip():
        raise WhyMissing
    report = _open(shop, report_id, ReportState.REFUSED)
    report.state, report.why, report.by = ReportState.LEFT_OUT, why.strip()[:300], by
    report.ended_at = now()
    report.save(update_fields=["state", "why", "by", "ended_at"])
    said = ReportLeftOut(str(report.pk), str(report.location_id), report.number)
    record(said, shop_id=shop.pk, actor=by)
    _go_on(report)
    return report


def pause_after(number: int) -> timedelta:
    """How long a silent system is left alone after try ``number``, from 1."""
    return PAUSES[number - 1] if number <= len(PAUSES) else LONGEST_PAUSE


def change_in(body: str) -> StockChange:
    """The change that ``body``, which we wrote, speaks of."""
    told = json.loads(body)
    return StockChange(
        **told
        | {
            "key": UUID(told["key"]),
            "location_id": UUID(told["location_id"]),
            "at": datetime.fromisoformat(told["at"]),
        }
    )


def _locked() -> QuerySet[Report]:
    return Report.objects.select_for_update(no_key=True, of=("self",))


def _open(shop: Shop, report_id: UUID, *states: ReportState) -> Report:
    report: Report = _locked().get(shop=shop, pk=report_id)
    if report.state not in states:
        raise ReportEnded(number=report.number, state=str(report.state))
    return report


def _go_on(report: Report) -> None:
    """Let the first of the line go when its time has come; the line is behind it."""
    following = next_in_line(report)
    if following is not None:
        send_soon(following)
