"""How much waits, and for how long: the figures by which a host sees that something is stuck.

Read across all shops, by indexes alone, and kept for a few seconds so that nobody can load the
database by asking. No figure names a shop or a person.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.core.cache import cache
from django.db.models import Count, Min

import rebond
from rebond.domain.refunds.models import PayoutHold, Refund
from rebond.kernel.backup.archive import newest
from rebond.kernel.clock import now
from rebond.kernel.meters import Gauge
from rebond.kernel.models import Job
from rebond.outbound.stock.models import OPEN, Report, ReportState
from rebond.outbound.webhooks.models import Delivery, DeliveryState

KEPT_SECONDS = 5
KEY = "gauges"


def gauges(backups: Path) -> list[Gauge]:
    """All of them, at most ``KEPT_SECONDS`` old. ``backups``: the folder of archives."""
    known: list[Gauge] | None = cache.get(KEY)
    if known is None:
        known = list(_gauges(backups))
        cache.set(KEY, known, KEPT_SECONDS)
    return known


def _gauges(backups: Path) -> Iterator[Gauge]:
    moment = now()
    yield Gauge("rebond_info", "The version that runs.", 1, {"version": rebond.__version__})
    yield from _jobs(moment)
    yield from _refunds(moment)
    yield from _deliveries(moment)
    yield from _stock_reports(moment)
    made = newest(backups)
    if made is not None:
        age = max(0.0, moment.timestamp() - made.stat().st_mtime)
        says = "Age of the newest archive in the folder `backups`."
        yield Gauge("rebond_backup_age_seconds", says, age, {})


def _jobs(moment: datetime) -> Iterator[Gauge]:
    """By kind: how many wait or were laid aside, and how long the oldest that is due has waited."""
    due: dict[str, tuple[int, datetime]] = {}
    counted: dict[tuple[str, str], int] = defaultdict(int)
    rows = Job.objects.order_by().values_list("path", "is_dead")
    for path, is_dead, many in rows.annotate(many=Count("id")):
        counted[path, "dead" if is_dead else "waiting"] += many
    late = Job.objects.filter(is_dead=False, run_at__lte=moment).order_by().values_list("path")
    for path, many, oldest in late.annotate(many=Count("id"), oldest=Min("run_at")):
        due[path] = (many, oldest)
    for (path, state), many in sorted(counted.items()):
        says = "Jobs of the queue by kind; dead: laid aside after too many failures."
        yield Gauge("rebond_jobs", says, many, {"kind": path, "state": state})
    for path, (many, _oldest) in sorted(due.items()):
        label = {"kind": path}
        yield Gauge("rebond_jobs_due", "Jobs whose time has come.", many, label)
    for path, (_many, oldest) in sorted(due.items()):
        says, age = "How long the oldest due job has waited.", (moment - oldest).total_seconds()
        yield Gauge("rebond_jobs_oldest_due_seconds", says, age, {"kind": path})


def _refunds(moment: datetime) -> Iterator[Gauge]:
    watched = Refund.objects.filter(next_check_at__isnull=False).order_by()
    for state, many in watched.values_list("state").annotate(many=Count("id")).order_by("state"):
        says = "Refunds whose end is not known yet, by state."
        yield Gauge("rebond_refunds_open", says, many, {"state": state})
    oldest = watched.aggregate(oldest=Min("next_check_at"))["oldest"]
    late = max(0.0, (moment - oldest).total_seconds()) if oldest else 0.0
    says = "How long the refund whose check is most overdue has waited."
    yield Gauge("rebond_refunds_check_overdue_seconds", says, late, {})
    held = PayoutHold.objects.filter(lifted_at=None).count()
    yield Gauge("rebond_payouts_held", "Providers held since a backup was restored.", held, {})


def _stock_reports(moment: datetime) -> Iterator[Gauge]:
    """Movements of stock that no shop's system has heard of, and how many were refused."""
    held = Report.objects.filter(state__in=OPEN)
    told = held.aggregate(many=Count("id"), oldest=Min("made_at"))
    yield Gauge("rebond_stock_reports_waiting", "Movements not told yet.", told["many"], {})
    age = (moment - told["oldest"]).total_seconds() if told["oldest"] else 0.0
    yield Gauge("rebond_stock_reports_oldest_seconds", "Age of the oldest of them.", age, {})
    refused = held.filter(state=ReportState.REFUSED).count()
    says = "Movements that a shop's system refused; their places wait for a person."
    yield Gauge("rebond_stock_reports_refused", says, refused, {})


def _deliveries(moment: datetime) -> Iterator[Gauge]:
    waiting = Delivery.objects.filter(state=DeliveryState.WAITING)
    told = waiting.aggregate(many=Count("id"), oldest=Min("made_at"))
    yield Gauge("rebond_deliveries_waiting", "Events not delivered yet.", told["many"], {})
    age = (moment - told["oldest"]).total_seconds() if told["oldest"] else 0.0
    yield Gauge("rebond_deliveries_oldest_seconds", "Age of the oldest of them.", age, {})
