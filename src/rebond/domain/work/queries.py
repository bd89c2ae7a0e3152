"""Who works on what, for screens."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef

from rebond.domain.returns.models import Return
from rebond.domain.shops.models import Shop, Staff
from rebond.domain.work.models import Assignment, BulkRow, BulkRun, Mention, Presence, SavedView
from rebond.kernel.clock import now

STILL_THERE = timedelta(seconds=50)


def team_of(shop: Shop) -> list[Staff]:
    """Everybody who works in ``shop``, by name."""
    rows = Staff.objects.filter(shop=shop, is_active=True).select_related("user")
    return list(rows.order_by("user__name")[:200])


def assignment_of(rma: Return) -> Assignment | None:
    """Who takes care of ``rma``."""
    rows = Assignment.objects.filter(shop_id=rma.shop_id, rma=rma)
    return rows.select_related("staff__user").first()


def assigned_to(staff: Staff, most: int = 1000) -> list[UUID]:
    """Returns that are open and on the list of ``staff``, the latest first."""
    rows = Assignment.objects.filter(shop_id=staff.shop_id, staff=staff, is_open=True)
    return list(rows.order_by("-at").values_list("rma_id", flat=True)[: most + 1])


def is_assigned(shop: Shop) -> Exists:
    """The condition on returns that somebody takes care of."""
    return Exists(Assignment.objects.filter(shop=shop, rma=OuterRef("pk")))


def others_at(rma: Return, staff: Staff) -> list[str]:
    """Names of colleagues who have the page of ``rma`` open now."""
    rows = Presence.objects.filter(
        shop_id=rma.shop_id, rma=rma, seen_at__gte=now() - STILL_THERE
    ).exclude(staff=staff)
    return list(rows.order_by("seen_at").values_list("staff__user__name", flat=True)[:10])


def unread_mentions(staff: Staff, most: int = 50) -> list[Mention]:
    """Notes that name ``staff`` and that they have not seen, the newest first."""
    rows = Mention.objects.filter(shop_id=staff.shop_id, staff=staff, read_at=None)
    return list(rows.select_related("note", "rma").order_by("-at")[:most])


def saved_views(staff: Staff) -> list[SavedView]:
    """The views of ``staff`` by title."""
    rows = SavedView.objects.filter(shop_id=staff.shop_id, staff=staff)
    return list(rows.order_by("title")[:20])


def rows_of(run: BulkRun) -> list[BulkRow]:
    """Each return of ``run`` with what became of it."""
    rows = BulkRow.objects.filter(shop_id=run.shop_id, run=run).select_related("rma")
    return list(rows.order_by("position"))


def newest_runs(shop: Shop, most: int = 5) -> list[BulkRun]:
    """The last runs of ``shop``, the newest first."""
    rows = BulkRun.objects.filter(shop=shop).select_related("staff__user")
    return list(rows.order_by("-started_at", "-id")[:most])
