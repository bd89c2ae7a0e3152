"""What is done by the clock: the heads of the chains are written outside the database."""

from __future__ import annotations

from uuid import UUID

from rebond.domain.audit.models import SERIES, AuditEntry
from rebond.domain.credit_notes.actions import say_heads
from rebond.domain.credit_notes.heads import Head, as_lines, write_heads
from rebond.domain.shops.models import Shop
from rebond.kernel.clock import now
from rebond.kernel.jobs import later


def write_all_heads() -> None:
    """By the clock: give the head of every shop's chain a job of its own."""
    for shop_id in Shop.objects.order_by("slug").values_list("pk", flat=True):
        later("rebond.domain.audit.jobs.write_shop_head", shop_id, shop_id=shop_id)


def write_shop_head(shop_id: str) -> None:
    """Write the head of one shop's chain to the file; the owner's mailbox and address follow."""
    last = AuditEntry.objects.filter(shop_id=UUID(shop_id)).select_related("shop")
    entry = last.order_by("-number").first()
    if entry is None:
        return
    head = Head(
        at=now().isoformat(),
        shop=entry.shop.slug,
        shop_id=shop_id,
        series=SERIES,
        number=entry.number,
        label=f"{SERIES} {entry.number}",
        hash=entry.hash,
    )
    moved = write_heads([head])
    if moved:
        say_heads(UUID(shop_id), as_lines(moved))
